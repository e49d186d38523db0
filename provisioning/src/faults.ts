/**
 * Everything that can go wrong here for reasons outside the program: what it means, and what the technician does. In
 * French, because the technician's terminal is the only place where it is read.
 */
export const FAULTS = {
  'authority-incomplete': {
    meaning: "le certificat et la clé de l'autorité ne vont pas ensemble, ou l'un des deux manque",
    action: 'Remettre le fichier manquant, ou effacer tout le dossier et créer une nouvelle autorité de développement.',
  },
  'name-not-usable': {
    meaning: 'un nom de boîtier ou de site ne peut pas figurer dans un certificat',
    action: "N'employer que des minuscules sans accent, des chiffres et des tirets.",
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
