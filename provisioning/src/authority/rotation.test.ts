import { type KeyObject, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { certificatesIn } from '@vigie/tests/fixtures/certificates-in'
import {
  newUnitRequest,
  startTrialAuthority,
  TRIAL_PASSPHRASES,
  type TrialAuthority,
} from '@vigie/tests/fixtures/trial-authority'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addNextGeneration } from './found-authority.ts'
import { retireGeneration } from './retire-generation.ts'

let authority: TrialAuthority
beforeEach(async () => {
  authority = await startTrialAuthority()
})
afterEach(() => authority.remove())

const folder = () => join(authority.folder, 'authority')
const restart = async () => {
  await authority.stop()
  authority = await startTrialAuthority({ folder: authority.folder })
}
const rotate = async () => {
  await addNextGeneration(folder(), TRIAL_PASSPHRASES, TRIAL_PASSPHRASES.root, Date.now())
  await restart()
}
const pemOf = (file: string) => readFileSync(join(folder(), file), 'utf8')
const renew = (as: { cert: string; key: string }, body: string) =>
  authority.ask('/.well-known/est/simplereenroll', { method: 'POST', body, as })

async function enrolled(unit: string): Promise<{ request: string; key: KeyObject; as: { cert: string; key: string } }> {
  const { code } = await authority.claim({ unit, site: 'seyne' })
  const { request, key, keyPem } = await newUnitRequest(unit)
  const [certificate] = certificatesIn(await authority.enrol(unit, code, request))
  return { request, key, as: { cert: String(certificate), key: keyPem } }
}

/** Meets a server that shows a certificate of the newest generation, believing these roots alone. */
async function meetBroker(ca: string): Promise<void> {
  const { certificateFile, keyFile } = await authority.issuePart('broker')
  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({ ca, host: '127.0.0.1', port: (server.address() as AddressInfo).port }) // listening on TCP
  try {
    await once(client, 'secureConnect')
  } finally {
    client.destroy()
    server.close()
  }
}

describe('a new generation beside the old one', () => {
  test('is believed by a box that knows the old root alone, and by one that knows the new root alone', async () => {
    await rotate()
    await meetBroker(pemOf('root-1.crt'))
    await meetBroker(pemOf('root-2.crt'))
    const stranger = await startTrialAuthority()
    await expect(meetBroker(readFileSync(stranger.files.roots, 'utf8'))).rejects.toThrow(/certificate/)
    await stranger.remove()
  })

  test('issues what units renew, and lets what they had be', async () => {
    const unit = await enrolled('vg-0001')
    await rotate()
    const { certificates } = (await authority.office('GET', '/certificates?unit=vg-0001')).value
    expect(certificates).toHaveLength(1)
    const [renewed] = certificatesIn(await renew(unit.as, unit.request))
    expect(renewed?.checkIssued(new X509Certificate(pemOf('issuing-2.crt')))).toBe(true)
    const authorities = certificatesIn(await authority.ask('/.well-known/est/cacerts')).map(({ subject }) => subject)
    expect(authorities.filter((subject) => /root/.test(subject))).toHaveLength(3) // two roots, and one by the other
    expect(authorities.filter((subject) => /issuing/.test(subject))).toHaveLength(2)
  })

  test('leaves revocations of what the old one issued in its own list', async () => {
    const unit = await enrolled('vg-0001')
    await rotate()
    await authority.office('POST', '/revocations', { unit: 'vg-0001', reason: 'stolen', by: 'paul' })
    const serial = Buffer.from(new X509Certificate(unit.as.cert).serialNumber, 'hex')
    const lists =
      (await authority.ask('/crl.pem')).body.toString().match(/(?<=X509 CRL-----\n)[A-Za-z0-9+/=\n]+/g) ?? []
    expect(lists.map((text) => Buffer.from(text, 'base64').includes(serial))).toEqual([true, false, false, false])
  })

  test('is made by nobody who has not the passphrase of the root before', async () => {
    await expect(addNextGeneration(folder(), TRIAL_PASSPHRASES, 'une autre phrase', Date.now())).rejects.toMatchObject({
      code: 'passphrase-wrong',
    })
    expect(existsSync(join(folder(), 'issuing-2.crt'))).toBe(false)
  })
})

describe('the old generation, retired', () => {
  test('is believed no longer, and a box that slept through it all renews its certificate', async () => {
    const unit = await enrolled('vg-0001')
    await rotate()
    retireGeneration(folder(), 1)
    await restart()
    expect(pemOf('ca.crt')).not.toContain(pemOf('retired-1/root-1.crt').trim())
    expect(pemOf('roots.crt').match(/BEGIN/g)).toHaveLength(1)
    await meetBroker(pemOf('retired-1/root-1.crt'))
    const answer = await renew(unit.as, unit.request)
    const [renewed] = certificatesIn(answer)
    expect(renewed?.checkPrivateKey(unit.key)).toBe(true)
  })

  test('is never the one in force', () => {
    expect(() => retireGeneration(folder(), 1)).toThrow(expect.objectContaining({ code: 'generation-in-force' }))
  })
})
