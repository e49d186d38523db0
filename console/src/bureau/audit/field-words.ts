import type { RoleAtSites } from '../../api/people.ts'
import type { CommandBody } from '../../api/schemas.ts'
import { NARROW } from '../../look/wording.ts'
import { roleInWords } from '../../office/role-words.ts'
import { deviceInWords, methodInWords } from '../account/session-words.ts'
import { commandWithPlace } from './audit-subject.ts'

/** What rows of the trail hold, in French; a member without a line is shown by its own name. */
const FIELD_WORDS: Record<string, string> = {
  address: 'adresse réseau',
  attempt: 'essai',
  body: 'demande',
  by: 'invité par',
  claim: 'code d’installation',
  commissioning: 'mise en service',
  device: 'appareil',
  displayName: 'nom affiché',
  email: 'adresse électronique',
  grants: 'rôles',
  isAlarm: 'alarme',
  isDisabled: 'compte fermé',
  method: 'moyen de connexion',
  oldUnitEnds: 'fin de l’ancien boîtier',
  outcome: 'réponse',
  reference: 'référence',
  restores: 'version rétablie',
  roles: 'rôles',
  serial: 'numéro du certificat',
  sha256: 'empreinte du fichier',
  unit: 'boîtier',
  version: 'version',
}

export const fieldInWords = (key: string): string => FIELD_WORDS[key] ?? key

/** A value as somebody reads it in a table; those of the members above as they were entered by the cloud. */
export function valueInWords(key: string, value: unknown): string {
  if (value == null) return '–'
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  if (key === 'body') return commandWithPlace(value as CommandBody)
  if (key === 'roles' || key === 'grants')
    return (value as RoleAtSites[]).map((role) => roleInWords(role)).join(`${NARROW}; `)
  if (key === 'method') return methodInWords(String(value))
  if (key === 'device') return deviceInWords(String(value))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
