/**
 * Everything that can go wrong here for reasons outside the program: what it means, and what the technician does. In
 * French, because the technician's terminal is the only place where it is read.
 */
export const FAULTS = {
  'authority-incomplete': {
    meaning: "le certificat et la clé de l'autorité ne vont pas ensemble, ou l'un des deux est abîmé",
    action: "Remettre les fichiers d'une sauvegarde, ou effacer tout le dossier s'il ne servait qu'au développement.",
  },
  'authority-missing': {
    meaning: "le dossier n'a pas d'autorité",
    action: 'Vérifier le chemin, ou créer une autorité avec « vigie ca init ».',
  },
  'authority-there': {
    meaning: 'le dossier a déjà une autorité',
    action: 'Choisir un autre dossier ; pour une nouvelle racine à côté de la première : « vigie ca rotate ».',
  },
  'generation-in-force': {
    meaning: 'cette génération est celle en vigueur : rien ne la remplace',
    action:
      'Préparer la suivante avec « vigie ca rotate », attendre que tous aient renouvelé, puis retirer l’ancienne.',
  },
  'passphrase-wrong': {
    meaning: "la phrase de passe n'ouvre pas la clé",
    action: 'Vérifier la phrase, et si elle est celle de la racine ou celle de la clé émettrice.',
  },
  'passphrase-weak': {
    meaning: 'la phrase de passe a moins de 12 caractères',
    action: 'En choisir une plus longue : quatre mots sans rapport entre eux suffisent.',
  },
  'name-not-usable': {
    meaning: 'un nom de boîtier ou de site ne peut pas figurer dans un certificat',
    action: "N'employer que des minuscules sans accent, des chiffres et des tirets.",
  },
  'address-taken': {
    meaning: "l'adresse ou le port d'écoute ne peut pas être pris",
    action: 'Arrêter le programme qui occupe le port, ou changer LISTEN_HOST ou LISTEN_PORT.',
  },
  'store-not-usable': {
    meaning: "la base de l'autorité est abîmée, pleine ou ouverte par un autre processus",
    action: "Arrêter l'autre processus ou libérer le disque ; remettre la dernière sauvegarde si le fichier est abîmé.",
  },
  'cloud-unreachable': {
    meaning: 'le cloud ne répond pas',
    action: "Vérifier l'adresse et le réseau, puis recommencer : rien n'a été changé, ou la liste le dira.",
  },
  'cloud-refuses': {
    meaning: 'le cloud refuse la demande',
    action: 'Lire la raison ci-dessus ; si le rôle manque, demander à un administrateur.',
  },
  'session-needed': {
    meaning: "personne n'est connecté au cloud",
    action: 'Ouvrir une session : « vigie session begin --cloud <adresse> --name <nom> ».',
  },
  'file-not-usable': {
    meaning: 'un fichier ou un dossier ne peut pas être lu ou écrit',
    action: "Vérifier le chemin et les droits d'accès.",
  },
} as const

export type FaultCode = keyof typeof FAULTS

/** The world failed, not the program; trying again without the technician's action gives the same. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly retryable = false

  constructor(code: FaultCode, detail: string, options?: ErrorOptions) {
    super(`${detail}: ${FAULTS[code].meaning}`, options)
    this.name = 'Fault'
    this.code = code
  }
}
