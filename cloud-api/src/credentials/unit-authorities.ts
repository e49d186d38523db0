import { readAuthorities, type UnitAuthorities } from '../presence/unit-certificate.ts'
import { type Credential, createCredential } from './credential.ts'

/** Who issues the certificates of units, from a file that a rotation of the authority writes anew. @throws when it holds none */
export const readUnitAuthorities = (file: string): Credential<UnitAuthorities> =>
  createCredential('units', [file], ([pem = '']) => someOf(readAuthorities(pem)), lastEndOf)

function someOf(authorities: UnitAuthorities): UnitAuthorities {
  if (authorities.length === 0) throw new Error('holds no certificate')
  return authorities
}

/** During a rotation the old ones stand beside the new ones, and may end. */
const lastEndOf = (authorities: UnitAuthorities) => Math.max(...authorities.map(({ validTo }) => Date.parse(validTo)))
