import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { Clock } from '@vigie/contract/clock'
import type { DevicePass, GateRole } from '@vigie/contract/gate/device-pass'
import type { ItemId, SiteId } from '@vigie/contract/ids'
import { WIRE_VERSION } from '@vigie/contract/version'
import { CompactSign, importPKCS8 } from 'jose'
import type { Store } from '../store/store.ts'
import type { StaffKeyTable } from '../store/tickets/ticket-tables.ts'
import type { Vault } from '../vault.ts'

const HOUR_MS = 3_600_000
/** A key signs passes for a month, and goes out of the catalogue with the last of them. */
const KEY_SIGNS_MS = 30 * 24 * HOUR_MS
export const PASS_MAX_HOURS = 24 * 14

export type PassWish = { site: SiteId; staff: string; role: GateRole; hours: number }
export type DevicePasses = {
  /** A pass for a phone of the staff, believed by the museum's gateway without a network. Null: there is no vault. */
  make(wish: PassWish): Promise<{ pass: string; until: number } | null>
}

type Deps = { keys: Store['ticketKeys']; vault: Vault | null; clock: Pick<Clock, 'now'>; newId: () => ItemId }

export function createDevicePasses({ keys, vault, clock, newId }: Deps): DevicePasses {
  return {
    async make({ site, staff, role, hours }) {
      if (vault === null) return null
      const now = clock.now()
      const until = now + hours * HOUR_MS
      const key = await keys.staffKey(until, () => newStaffKey(vault, now))
      const pkcs8 = vault.open(key.sealed, placeOf(key.x))
      if (pkcs8 === null) return null
      const pass: DevicePass = {
        ...{ v: WIRE_VERSION, kind: 'device-pass', id: newId(), site, staff, role },
        ...{ at: new Date(now).toISOString(), until: new Date(until).toISOString() },
      }
      const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(pass)))
        .setProtectedHeader({ alg: 'ES256', kid: key.kid })
        .sign(await importPKCS8(pkcs8, 'ES256'))
      return { pass: signed, until }
    },
  }
}

function newStaffKey(vault: Vault, madeAt: number): StaffKeyTable {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const sealed = vault.seal(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), placeOf(x))
  return { kid: randomUUID(), x, y, sealed, madeAt, until: madeAt + KEY_SIGNS_MS + PASS_MAX_HOURS * HOUR_MS }
}

const placeOf = (x: string) => ({ signingKey: x })
