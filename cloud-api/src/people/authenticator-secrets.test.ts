import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStore, type Store } from '../store/store.ts'
import { createVault, VAULT_KEY_BYTES } from '../vault.ts'
import { authenticatorSecretOf, sealAuthenticators } from './authenticator-secrets.ts'
import { signInTo } from './signed-in.fixture.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const vault = createVault(Buffer.alloc(VAULT_KEY_BYTES, 1))

/** A database in which secrets were kept in clear, as before there was sealing. */
describe('what an authenticator shares with us', () => {
  let folder: string
  let store: Store
  let lines: { event: string; count?: number }[]
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
  beforeEach(async () => {
    lines = []
    folder = await mkdtemp(join(tmpdir(), 'vigie-seal-'))
    store = await createStore({ sqliteFile: join(folder, 'vigie.sqlite') })
    await signInTo(store, { name: 'luc', role: 'viewer', sites: 'all' }, NOW)
    const entry = { at: NOW, who: 'luc', action: 'authenticator.set-up', what: 'luc', site: null }
    await store.people.change((await luc()).id, { totpSecret: SECRET }, entry)
    const body = JSON.stringify({ secret: SECRET })
    await store.secondFactors.ask({ tokenHash: 'begun', kind: 'totp', body, endsAt: NOW + 1_000 })
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  async function luc() {
    const person = await store.people.byName('luc')
    if (person === undefined) throw new Error('enter luc first')
    return person
  }
  const filesHold = async (text: string) => {
    const names = await readdir(folder)
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')))
    return texts.some((one) => one.includes(text))
  }

  it('is sealed where it lay in clear, once, and no file of the database holds a copy any more', async () => {
    expect(await filesHold(SECRET)).toBe(true)
    await sealAuthenticators(store, vault, log)
    expect(await filesHold(SECRET)).toBe(false)
    const sealed = await luc()
    expect(authenticatorSecretOf(sealed, vault)).toBe(SECRET)
    await sealAuthenticators(store, vault, log)
    expect(await luc()).toEqual(sealed)
    expect(lines).toMatchObject([{ event: 'people.authenticators-sealed', count: 2 }])
  })

  it('opens neither by another key, nor without one, nor for another person', async () => {
    await sealAuthenticators(store, vault, log)
    const sealed = await luc()
    expect(authenticatorSecretOf(sealed, createVault(Buffer.alloc(VAULT_KEY_BYTES, 2)))).toBeNull()
    expect(authenticatorSecretOf(sealed, null)).toBeNull()
    expect(authenticatorSecretOf({ ...sealed, id: 'eve' }, vault)).toBeNull()
    await sealAuthenticators(store, null, log)
    expect(lines.at(-1)).toMatchObject({ event: 'people.authenticators-shut', count: 1 })
  })

  it('still opens where there never was a vault, and the log says that it lies in clear', async () => {
    await sealAuthenticators(store, null, log)
    expect(authenticatorSecretOf(await luc(), null)).toBe(SECRET)
    expect(lines).toMatchObject([{ event: 'people.authenticators-in-clear', count: 1 }])
  })
})
