import type { FaultWords } from '../veille/fault-words.ts'

const COPIED = 'Si aucun technicien n’est en train de poser ce boîtier, le révoquer dans le parc et refaire un code.'

/** What the authority refused and a person should know of, by its reason, and what to do about it. */
const WORDS: Record<string, FaultWords> = {
  'second-use': {
    title: 'Un code d’installation a été présenté une deuxième fois, avec une autre clé',
    advice: `Demander au technicien où est l’étiquette. ${COPIED}`,
  },
  'site-differs': {
    title: 'Un boîtier a demandé un certificat pour un autre site que le sien',
    advice: 'Vérifier où se trouve ce boîtier. Pour le déplacer, passer par une nouvelle pose.',
  },
  'claim-of-another-site': {
    title: 'Un code a été présenté pour un autre site que le sien',
    advice: 'Vérifier le site choisi à la pose. Sinon, retirer le code dans le parc et en faire un autre.',
  },
  'claim-of-another-unit': {
    title: 'Un boîtier a présenté le code d’un autre',
    advice: `Comparer l’étiquette et le boîtier. ${COPIED}`,
  },
  'name-differs': {
    title: 'Un boîtier a demandé un certificat au nom d’un autre',
    advice: 'Ce n’est pas une erreur de pose. Retrouver ce boîtier, et le révoquer dans le parc.',
  },
  'unit-elsewhere': {
    title: 'Un boîtier qui travaille déjà ailleurs s’est présenté',
    advice: 'Si deux boîtiers portent le même nom, révoquer celui que l’on ne retrouve pas.',
  },
  'certificate-revoked': {
    title: 'Un boîtier révoqué frappe à la porte',
    advice:
      'Il reste dehors. S’il a été volé, noter l’adresse d’où il appelle. S’il a été retrouvé, le préparer de nouveau.',
  },
  'certificate-unknown': {
    title: 'Un certificat que l’autorité n’a pas délivré a été présenté',
    advice: 'Rien n’a été donné. Si cela se répète depuis la même adresse, prévenir l’administrateur.',
  },
  'certificate-spent': {
    title: 'La copie d’un certificat de passerelle, déjà remplacé, a été présentée',
    advice:
      'Rien n’a été donné. Chercher où traîne cette copie, et la détruire. Si la passerelle a perdu ses données, lui refaire un certificat.',
  },
  'unit-not-in': {
    title: 'Une passerelle dont l’accès est fini ou retiré a demandé un certificat',
    advice: 'Rien n’a été donné. Si elle n’a pas été volée, lui faire un nouveau code d’installation.',
  },
  'too-many-attempts': {
    title: 'Trop d’essais d’enrôlement ont échoué',
    advice: 'Appeler le technicien, s’il y en a un sur place. Sinon, quelqu’un cherche peut-être un code.',
  },
}

export const identityWords = (reason: string): FaultWords =>
  WORDS[reason] ?? {
    title: 'L’autorité a refusé un boîtier',
    advice: 'Ouvrir le journal pour savoir lequel et pourquoi.',
  }
