import { NARROW } from '../look/wording.ts'

/** What an operator reads for a fault of a unit: what happens, in a word or two, and what to do about it. */
export type FaultWords = { title: string; advice: string }

/** By code of the agent's fault table (edge-agent/FAULTS.md). */
export const FAULT_WORDS: Record<string, FaultWords> = {
  'camera-address-wrong': {
    title: 'adresse de caméra incorrecte',
    advice: 'Corriger l’adresse dans la configuration de l’unité. Le mot de passe se trouve dans un fichier à part.',
  },
  'camera-unreachable': {
    title: 'caméra injoignable',
    advice: 'Vérifier l’alimentation, le câble réseau et l’adresse, puis interroger la caméra depuis l’unité.',
  },
  'camera-timeout': {
    title: 'caméra muette',
    advice: 'Couper puis rétablir son alimentation. Si cela se répète, mettre à jour son logiciel ou la remplacer.',
  },
  'camera-refused-login': {
    title: 'identifiants refusés par la caméra',
    advice: 'Vérifier le compte ONVIF de la caméra, souvent distinct du compte web, et le fichier du mot de passe.',
  },
  'camera-not-onvif': {
    title: 'la caméra ne parle pas ONVIF',
    advice: 'Activer ONVIF dans les réglages de la caméra. Vérifier le port et le chemin de l’adresse.',
  },
  'camera-refused': {
    title: 'demande refusée par la caméra',
    advice: 'Mettre à jour son logiciel, ou essayer l’autre client dans son profil.',
  },
  'camera-no-profile': {
    title: 'aucun profil vidéo',
    advice: 'Créer un profil dans les réglages de la caméra et l’ouvrir au compte ONVIF.',
  },
  'camera-no-snapshot': {
    title: 'pas de photo disponible',
    advice:
      'Activer les photos JPEG dans les réglages de la caméra. À défaut, prendre les images de son flux vidéo, par son profil.',
  },
  'camera-needs-ffmpeg': {
    title: 'flux vidéo illisible sur l’unité',
    advice: 'Installer ffmpeg sur l’unité : cette caméra ne donne ses images que par son flux vidéo.',
  },
  'camera-preset-unknown': {
    title: 'vue inconnue de la caméra',
    advice: 'Créer la position sur la caméra, ou corriger son nom dans le document du site.',
  },
  'camera-still-moving': {
    title: 'la caméra ne s’immobilise pas',
    advice: 'Vérifier que rien ne bloque la tête et qu’aucune ronde automatique n’est en marche.',
  },
  'camera-answer-too-large': {
    title: 'réponse trop lourde',
    advice: 'Réduire la définition ou la qualité des photos de la caméra.',
  },
  'camera-answer-broken': {
    title: 'réponse illisible',
    advice: 'Vérifier câble et connecteurs, mettre à jour la caméra, ou essayer l’autre client dans son profil.',
  },
  'camera-redirected-elsewhere': {
    title: 'la caméra renvoie ailleurs',
    advice: 'Inscrire la vraie adresse de la caméra dans la configuration, avec https si elle l’exige.',
  },
  'camera-certificate-untrusted': {
    title: 'certificat de caméra inconnu',
    advice: 'Comparer l’empreinte sur place. Si c’est bien la caméra, l’inscrire dans la configuration.',
  },
  'camera-clock-wrong': {
    title: 'horloge de caméra fausse',
    advice: 'Donner à la caméra un serveur de temps (NTP)\u202f: l’heure incrustée dans l’image est fausse.',
  },
  'discovery-failed': {
    title: 'recherche de caméras impossible',
    advice: 'Vérifier que l’interface réseau est active et qu’elle a une adresse IPv4.',
  },
  'picture-not-jpeg': {
    title: 'photo dans un format inconnu',
    advice: 'Choisir le format JPEG pour les photos dans les réglages de la caméra.',
  },
  'picture-broken': {
    title: 'photo endommagée',
    advice: 'Vérifier câble et connecteurs, mettre à jour le logiciel de la caméra.',
  },
  'picture-too-large': {
    title: 'photo trop lourde',
    advice: 'Réduire la définition des photos de la caméra, ou la largeur et la qualité dans le document du site.',
  },
  'picture-black': {
    title: 'image noire en plein jour',
    advice:
      'Vérifier que rien ne couvre l’objectif (neige, givre), puis l’exposition et l’iris de la caméra. Sinon, la remplacer.',
  },
  'picture-overexposed': {
    title: 'image surexposée',
    advice: 'Vérifier l’exposition et l’iris de la caméra. Si le soleil est dans le champ, poser un pare-soleil.',
  },
  'picture-blurred': {
    title: 'image floue ou objectif givré',
    advice: 'Attendre le dégel ou nettoyer l’objectif. Vérifier le chauffage et la mise au point.',
  },
  'picture-frozen': {
    title: 'image figée, images retenues',
    advice: 'Couper puis rétablir l’alimentation de la caméra. Si cela revient, mettre à jour son logiciel.',
  },
  'view-moved': {
    title: 'cadrage modifié, images retenues',
    advice: 'Les masques ne correspondent plus à la vue. Réorienter la caméra, ou faire approuver de nouveaux masques.',
  },
  'picture-not-road': {
    title: 'mire ou page d’erreur, images retenues',
    advice: 'Consulter la page de la caméra (capteur, entrée, mode privé), puis couper et rétablir son alimentation.',
  },
  'mask-missing': {
    title: 'masque non approuvé',
    advice:
      'Faire approuver les masques de cette vue et les inscrire dans le document du site. Sans cela, aucune image.',
  },
  'configuration-untrusted': {
    title: 'réglages d’origine douteuse, refusés',
    advice: 'Rien à faire sur place. Vérifier qui publie des réglages, le certificat du signataire et ses dates.',
  },
  'configuration-elsewhere': {
    title: 'réglages d’un autre boîtier, refusés',
    advice: 'Comparer le boîtier avec son étiquette, et avec le site pour lequel il a été enrôlé.',
  },
  'configuration-older': {
    title: 'réglages plus anciens, refusés',
    advice:
      'S’ils sont voulus, les publier comme nouvelle version. Sinon, quelqu’un parle peut-être au nom du centre\u202f: alerter.',
  },
  'configuration-wrong': {
    title: 'réglages incohérents, refusés',
    advice: 'Corriger l’endroit indiqué, puis publier une nouvelle version.',
  },
  'configuration-interrupted': {
    title: 'essai des réglages interrompu',
    advice:
      'Relancer l’essai. S’il est de nouveau interrompu, ce sont ces réglages qui arrêtent le logiciel du boîtier.',
  },
  'profile-unknown': {
    title: 'modèle de caméra inconnu du boîtier',
    advice: 'Choisir un autre profil, ou mettre d’abord à jour le logiciel du boîtier.',
  },
  revoked: {
    title: 'accès du boîtier retiré, passage hors service',
    advice: 'Enrôler de nouveau le boîtier avec un code neuf, ou le remplacer et sauver ce qui est sur son disque.',
  },
  'reader-lost': {
    title: 'lecteur de billets débranché',
    advice: 'Vérifier son câble et son alimentation, puis son port dans les réglages. Il reprend de lui-même.',
  },
  'ledger-returning': {
    title: 'journal du passage en cours de récupération',
    advice:
      'Attendre une minute\u202f; le personnel ouvre à la main. Si cela se répète, remplacer la mémoire du boîtier.',
  },
  'board-silent': {
    title: 'carte d’entrées-sorties muette',
    advice: 'Vérifier son alimentation, ses deux fils RS-485 et son adresse, puis son port dans les réglages.',
  },
  'board-refused': {
    title: 'ordre refusé par la carte',
    advice: 'Comparer la carte avec le modèle et le câblage écrits dans les réglages.',
  },
  'tripod-alarm': {
    title: 'tripode en alarme',
    advice: 'Lire l’afficheur du tripode, puis vérifier le fil de son contact d’alarme.',
  },
  'tripod-unpowered': {
    title: 'tripode sans courant',
    advice: 'Vérifier le secteur du tripode, puis le fil commun de ses contacts.',
  },
  'tripod-unready': {
    title: 'bras hors de son repos',
    advice: 'Voir si quelque chose retient le bras, puis vérifier le fil du contact «\u202fprêt\u202f».',
  },
  'arm-stuck': {
    title: 'bras bloqué en rotation',
    advice: 'Voir si quelqu’un ou quelque chose retient le bras. Il reprend de lui-même.',
  },
  'board-deaf': {
    title: 'carte sans retour de passage',
    advice:
      'Une carte sans entrées ne peut pas équiper un passage\u202f: en câbler une autre, et la nommer dans les réglages.',
  },
  'lane-wrong': {
    title: 'câblage du passage impossible',
    advice: 'Corriger l’endroit indiqué, puis publier une nouvelle version.',
  },
  'secret-sealed': {
    title: 'mot de passe de caméra illisible pour le boîtier',
    advice: 'Saisir de nouveau le mot de passe de la caméra.',
  },
  'uplink-not-held': {
    title: 'liaison perdue pendant l’essai',
    advice: 'Vérifier le réseau mobile, puis relancer l’essai des réglages.',
  },
  'plan-replaced': {
    title: 'réglages remplacés avant l’image',
    advice: 'Redemander l’image\u202f: les caméras suivent maintenant les nouveaux réglages.',
  },
  'outbox-full': {
    title: 'file d’envoi pleine',
    advice: 'Rétablir la liaison de l’unité\u202f: la file se vide dès que le centre a tout reçu.',
  },
  'disk-failing': {
    title: 'disque plein ou en panne',
    advice: 'Libérer de la place sur l’unité. S’il en reste, remplacer la mémoire.',
  },
  'data-folder-in-use': {
    title: 'deux agents sur une même unité',
    advice: 'Arrêter l’agent en trop.',
  },
  'broker-unreachable': {
    title: 'pas de liaison avec le centre',
    advice: 'Vérifier modem, carte SIM et antenne. L’unité réessaie d’elle-même.',
  },
  'broker-untrusted': {
    title: 'centre non reconnu par l’unité',
    advice: 'Comparer l’autorité de certification de l’unité avec celle du parc. Vérifier son horloge.',
  },
  'broker-refused': {
    title: 'unité refusée par le centre',
    advice: 'Vérifier que son certificat est valable, non révoqué, et nomme bien cette unité et ce site.',
  },
  'broker-silent': {
    title: 'centre muet',
    advice: 'Rien à faire sur place\u202f: vérifier le courtier de messages au centre.',
  },
  'authority-unreachable': {
    title: 'pas de liaison avec l’autorité de certification',
    advice: 'Vérifier modem, carte SIM et antenne, puis l’adresse de l’autorité. Le boîtier réessaie de lui-même.',
  },
  'authority-untrusted': {
    title: 'autorité de certification non reconnue par le boîtier',
    advice:
      'Comparer les racines déposées dans le boîtier avec celles du parc\u202f; si elles diffèrent, le préparer de nouveau.',
  },
  'authority-refused': {
    title: 'certificat refusé par l’autorité',
    advice:
      'Demander au bureau\u202f: code déjà utilisé, expiré ou d’un autre site, ou boîtier révoqué. Il faut un nouveau code.',
  },
  'authority-silent': {
    title: 'autorité de certification muette',
    advice: 'Rien à faire sur place\u202f: vérifier l’autorité de certification.',
  },
}

/** The wording of a code; one that this page does not know yet is shown as it is, with the way to learn more. */
export function faultWords(code: string | null): FaultWords {
  if (code === null) return { title: 'panne non précisée', advice: 'Interroger la caméra depuis l’unité.' }
  return (
    FAULT_WORDS[code] ?? {
      title: `panne «${NARROW}${code}${NARROW}»`,
      advice: 'Cette panne n’a pas encore de consigne ici. Consulter la notice de l’agent.',
    }
  )
}
