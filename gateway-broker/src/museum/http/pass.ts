import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { DEVICE_PASS_MAX_CHARACTERS, DevicePass } from '@vigie/contract/gate/device-pass'
import type { SiteId } from '@vigie/contract/ids'
import { compactVerify } from 'jose'
import { Compile } from 'typebox/compile'

export type PassVerdict =
  | { ok: true; pass: DevicePass }
  | { ok: false; why: 'refused' | 'over' | 'elsewhere' | 'no-keys' }

export type PassReader = {
  site: SiteId
  /** The public keys of the catalogue that is in force, by which passes are signed. */
  keys(): readonly JsonWebKey[]
  nowMs(): number
}

const isPass = Compile(DevicePass)

/**
 * Reads passes without a network: by the keys that came with the signed catalogue. A key that is in it no longer ends every
 * pass that it signed.
 */
export function createPassReader({ site, keys, nowMs }: PassReader): (text: string) => Promise<PassVerdict> {
  /** P-256 keys of the catalogue, made once for each. */
  const known = new Map<string, KeyObject>()
  const keyOf = (kid: unknown): KeyObject | undefined => {
    const jwk = keys().find((one) => one['kid'] === kid)
    if (jwk === undefined) return undefined
    const name = JSON.stringify(jwk)
    const key = known.get(name) ?? createPublicKey({ key: jwk, format: 'jwk' })
    known.set(name, key)
    return key
  }
  return async (text) => {
    if (keys().length === 0) return { ok: false, why: 'no-keys' }
    if (text.length > DEVICE_PASS_MAX_CHARACTERS) return { ok: false, why: 'refused' }
    let pass: unknown
    try {
      const { payload } = await compactVerify(
        text,
        ({ kid }) => {
          const key = keyOf(kid)
          if (key === undefined) throw new Error('no key of that name')
          return key
        },
        { algorithms: ['ES256'] },
      )
      pass = JSON.parse(new TextDecoder().decode(payload))
    } catch {
      return { ok: false, why: 'refused' }
    }
    if (!isPass.Check(pass)) return { ok: false, why: 'refused' }
    if (pass.site !== site) return { ok: false, why: 'elsewhere' }
    return Date.parse(pass.until) > nowMs() ? { ok: true, pass } : { ok: false, why: 'over' }
  }
}
