import { createHash } from 'node:crypto'
import { decodeGateAsk } from '@vigie/contract/gate/feed'
import { decodeLedgerMessage } from '@vigie/contract/gate/ledger-message'
import { orderDigest } from '@vigie/contract/order-digest'
import { decodePresence } from '@vigie/contract/presence'
import { decodeState } from '@vigie/contract/state'
import { DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import { openLineThatDies } from '@vigie/tests/fixtures/line-that-dies'
import { createTrialSigner, issuedTicket, SITE, type TrialSigner } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { openTrialCloudBroker, type TrialCloudBroker } from '@vigie/tests/fixtures/museum/trial-cloud-broker'
import { GATEWAY, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { until } from '@vigie/tests/fixtures/until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const A = '00000000000000a1'

let museum: TrialMuseum
let cloud: TrialCloudBroker
let configuration: TrialSigner
let stranger: TrialSigner
beforeAll(async () => {
  museum = await openTrialMuseum()
  cloud = await openTrialCloudBroker(museum.authority)
  configuration = await createTrialSigner(museum.folder, 'configuration')
  stranger = await createTrialSigner(museum.folder, 'cloud')
})
beforeEach(async () => {
  await museum.stop()
  cloud.answerReceipts(null)
  await cloud.restart()
  await museum.anew({ CLOUD_URL: cloud.url() })
})
afterAll(async () => {
  await museum.remove()
  await cloud.stop()
})

const say = (what: string, payload: string, retain = false) => cloud.say(SITE, GATEWAY, what, payload, retain)
const lists = () => museum.museum().lists
const ledger = () => museum.museum().ledger
const rowsAtCloud = () =>
  cloud.heard('ledger').flatMap((payload) => {
    const message = decodeLedgerMessage(payload)
    return message.ok ? message.value.rows : []
  })
const correction = (inside: number) =>
  ledger().append([{ body: { kind: 'correction', inside, by: 'p-1', reason: 'compté' } }])
/** After which number the feed was asked for, or another log. */
const asks = (log?: 'issued') =>
  cloud.heard('gate-ask').flatMap((payload) => {
    const ask = decodeGateAsk(payload)
    return ask.ok && ask.value.log === log ? [ask.value.after] : []
  })
const alarms = () => museum.log.filter(({ event }) => event === 'museum.alarm').map(({ cause }) => cause)

describe('the gateway as a unit of its site', () => {
  test('says its birth with a session that grows, tells its state, and on the way out that it was stopped', async () => {
    await until(() => cloud.heard('state').length > 0)
    const births = () =>
      cloud.heard('presence').flatMap((payload) => {
        const read = decodePresence(payload)
        return read.ok ? [read.value] : []
      })
    expect(births()).toMatchObject([{ online: true, session: 1, unit: GATEWAY, software: 'gateway-broker 0.1.0' }])
    expect(decodeState(cloud.heard('state')[0] ?? Buffer.of())).toMatchObject({
      ok: true,
      value: { cameras: [], lanes: [] },
    })
    await museum.stop()
    await until(() => births().length === 2)
    expect(births()[1]).toMatchObject({ online: false, session: 1, reason: 'stopped' })
    await museum.restart({ CLOUD_URL: cloud.url() })
    await until(() => births().length === 3)
    expect(births()[2]).toMatchObject({ online: true, session: 2 })
  })

  test('stops within seconds though the line to the cloud is dead and nobody answers its farewell', async () => {
    await museum.stop()
    const line = await openLineThatDies(() => Number(new URL(cloud.url()).port))
    await museum.restart({ CLOUD_URL: `mqtts://127.0.0.1:${line.port}` })
    const before = cloud.heard('state').length
    await until(() => cloud.heard('state').length > before)
    line.die()
    const beganMs = performance.now()
    await museum.stop()
    // Two seconds; the keep-alive finds a dead line after ninety.
    expect(performance.now() - beganMs).toBeLessThan(20_000)
    await line.close()
  })

  test('Y05: sends the rows that it made with the link away, once each and in order, until a receipt names them', async () => {
    await cloud.stop()
    const made = Array.from({ length: 500 }, (_, index) => correction(index)).flat()
    cloud.answerReceipts('stored')
    await cloud.restart()
    await until(() => ledger().handover.countWaiting() === 0)
    expect(rowsAtCloud()).toEqual(made)
    expect(cloud.heard('ledger').map((payload) => JSON.parse(String(payload)).id)).toEqual(made.map(({ id }) => id))
    expect(ledger().after(0, null, 1_000)).toHaveLength(500)
  })

  test('sends again what has no receipt, and after a restart what was never receipted', async () => {
    const [row] = correction(4)
    await until(() => rowsAtCloud().length === 1)
    museum.pass(31_000)
    await until(() => rowsAtCloud().length === 2)
    await museum.stop()
    cloud.answerReceipts('stored')
    await museum.restart({ CLOUD_URL: cloud.url() })
    await until(() => rowsAtCloud().length === 3 && ledger().handover.countWaiting() === 0)
    expect(rowsAtCloud()).toEqual([row, row, row])
  })

  test('Y10: what the cloud refuses for good is told to the staff with the reason, and the rest goes on', async () => {
    cloud.answerReceipts('refused')
    correction(1)
    await until(() => ledger().handover.countRefused() > 0)
    cloud.answerReceipts('stored')
    correction(2)
    await until(() => ledger().handover.countWaiting() === 0)
    museum.giveCatalogue()
    const staff = await museum.device(museum.signer.pass('p-1'))
    expect((await staff.ask('GET', '/state')).json).toMatchObject({
      cloud: { isConnected: true, waiting: 0, refused: ledger().handover.countRefused() },
      alarms: [{ cause: 'row-refused', reason: 'time-in-the-future' }],
    })
  })

  test('sends no rows of its lanes: each box hands over its own', async () => {
    cloud.answerReceipts('stored')
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(A)
    const [own] = correction(1)
    await until(() => ledger().handover.countWaiting() === 0)
    expect(rowsAtCloud()).toEqual([own])
  })

  test('refuses what can be asked of a box with cameras, so that whoever asked hears so', async () => {
    await until(() => cloud.heard('state').length > 0)
    const [issuedAt, expiresAt] = [0, 60_000].map((later) => new Date(museum.now() + later).toISOString())
    const id = '01M8AVCCZZR4BVTVGMBCTX9YS1'
    await say('command', JSON.stringify({ v: 1, id, issuedAt, expiresAt, body: { name: 'restart-agent' } }))
    await until(() => cloud.heard('progress').length === 1)
    expect(JSON.parse(String(cloud.heard('progress')[0]))).toMatchObject({ command: id, step: 'refused' })
  })
})

describe('the lists of the cloud', () => {
  const catalogue = (version: number) => museum.signer.sign(museum.signer.catalogue({ version }))

  test('are followed, and still there after a restart without the cloud', async () => {
    await say('catalogue', catalogue(4), true)
    await until(() => lists().catalogue()?.version === 4)
    await museum.stop()
    await cloud.stop()
    await museum.restart({ CLOUD_URL: cloud.url() })
    expect(lists().catalogue()?.version).toBe(4)
    expect(await museum.device(museum.signer.pass('p-1'))).toBeDefined()
  })

  test('that are older, of another site, of another signer or no list are kept out with an alarm', async () => {
    await say('catalogue', catalogue(4), true)
    await until(() => lists().catalogue()?.version === 4)
    const elsewhere = museum.signer.catalogue({ version: 9, site: 'musee-prehistoire' as never })
    const others = [catalogue(3), museum.signer.sign(elsewhere), stranger.sign(museum.signer.catalogue({ version: 9 }))]
    const [header = '', , signature = ''] = catalogue(9).split('.')
    const changed = Buffer.from(JSON.stringify(museum.signer.catalogue({ version: 99 }))).toString('base64url')
    for (const bad of [...others, `${header}.${changed}.${signature}`, museum.signer.sign({ hello: 1 }), 'x']) {
      await say('catalogue', bad)
    }
    await until(() => alarms().length >= 5)
    expect(new Set(alarms())).toEqual(new Set(['catalogue-older', 'list-elsewhere', 'list-untrusted', 'list-wrong']))
    expect(lists().catalogue()?.version).toBe(4)
  })

  test('Y01 Y02 Y03: the feed comes page by page from where it is known, and a page that is lost is asked for again', async () => {
    const entry = (n: number) =>
      ({ n, ticket: n.toString(16).padStart(16, '0'), hash: null, status: 'revoked' }) as never
    await until(() => asks().length === 1)
    expect(asks()).toEqual([0])
    await say('feed', museum.signer.sign(museum.signer.page(0, [entry(1), entry(2)], 4)))
    await until(() => asks().length === 2)
    expect([asks(), lists().mark()]).toEqual([[0, 2], 2])
    museum.pass(21_000) // the answer was lost
    await until(() => asks().length === 3)
    await say('feed', museum.signer.sign(museum.signer.page(0, [entry(1), entry(2)], 4))) // twice, and out of its turn
    await say('feed', museum.signer.sign(museum.signer.page(2, [entry(3), entry(4)])))
    await until(() => lists().mark() === 4)
    expect(asks()).toEqual([0, 2, 2])
    expect(lists().entryOf(entryRef(3))).toMatchObject({ status: 'revoked' })
    museum.pass(5 * 60_000)
    await until(() => asks().length === 4)
    expect(asks()[3]).toBe(4)
    expect(alarms()).toEqual([])
  })

  test('Y03: news that the cloud tells to all is taken by who is up to date, and asked for by who is not', async () => {
    const entry = (n: number) => ({ n, ticket: entryRef(n), hash: null, status: 'blocked' }) as never
    await until(() => asks().length === 1)
    await say('feed', museum.signer.sign(museum.signer.page(0, [entry(1)])))
    await say('feed', museum.signer.sign(museum.signer.page(1, [entry(2)])))
    await until(() => lists().mark() === 2)
    expect(asks()).toHaveLength(1)
    museum.pass(11_000)
    await say('feed', museum.signer.sign(museum.signer.page(5, [entry(6)])))
    await until(() => asks().length === 2)
    expect(lists().mark()).toBe(2)
  })

  test('Y01 Y03: which tickets were issued comes page by page beside the feed, and then as it is sold', async () => {
    await until(() => asks('issued').length === 1)
    const page = (after: number, ns: number[], newest?: number) =>
      museum.signer.sign(
        museum.signer.issuedPage(
          after,
          ns.map((n) => issuedTicket(n, `ORDER${n}`)),
          newest,
        ),
      )
    await say('feed', museum.signer.sign(museum.signer.page(0, [])))
    await say('feed', page(0, [1, 2], 4))
    await until(() => asks('issued').length === 2)
    await say('feed', page(0, [1, 2], 4)) // twice, and out of its turn
    await say('feed', stranger.sign(museum.signer.issuedPage(2, [issuedTicket(3, 'FORGED')])))
    await say('feed', page(2, [3, 4]))
    await say('feed', page(4, [5])) // sold now
    await until(() => lists().issuedMark() === 5)
    expect([asks('issued'), asks(), lists().mark()]).toEqual([[0, 2], [0], 0])
    expect(alarms()).toEqual(['list-untrusted'])
    await museum.stop()
    await cloud.stop()
    await museum.restart({ CLOUD_URL: cloud.url() })
    expect([3, 5].map((serial) => lists().issuedBySerial(serial, null).length)).toEqual([1, 1])
    expect(lists().issuedOfOrder(orderDigest(SITE, 'FORGED'))).toEqual([])
  })

  test('Y13: a code that nobody knows asks for news, and Y16: a crowd of them asks once', async () => {
    await until(() => asks().length === 1)
    await say('feed', museum.signer.sign(museum.signer.page(0, [])))
    museum.giveCatalogue()
    const staff = await museum.device(museum.signer.pass('p-1'))
    const scan = (index: number) =>
      staff.ask('POST', '/decisions', { site: SITE, code: `9780${index}`, direction: 'in', nonce: `unknown-${index}` })
    museum.pass(11_000)
    await Promise.all(Array.from({ length: 8 }, (_, index) => scan(index)))
    await until(() => asks().length === 2)
    await scan(9)
    await until(() => museum.museum().ledger.newestDecisions(20).length === 9)
    expect(asks()).toHaveLength(2)
  })

  test('give the lanes their names: the document is believed by its digest in the signed set', async () => {
    const document = JSON.stringify({
      lanes: [{ id: 'tripod1', label: 'Entrée nord', kind: 'tripod', direction: 'in' }],
    })
    const digest = createHash('sha256').update(document).digest('hex')
    const set = {
      ...{ v: 1, kind: 'desired-set', site: SITE, unit: GATEWAY, version: 2, attempt: 1 },
      at: new Date(museum.now()).toISOString(),
      documents: Object.fromEntries(DESIRED_DOCUMENTS.map((name) => [name, digest])),
    }
    await say('desired/lane', document, true)
    await say('desired/set', stranger.sign({ ...set, version: 9 }), true)
    await say('desired/set', configuration.sign(set), true)
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(A)
    museum.giveCatalogue()
    const staff = await museum.device(museum.signer.pass('p-1'))
    const labels = async () =>
      ((await staff.ask('GET', '/state')).json as { lanes: { label: string; kind: string }[] }).lanes
    await until(async () => (await labels())[0]?.label === 'Entrée nord')
    expect(await labels()).toMatchObject([{ lane: 'tripod1', kind: 'tripod', mode: 'locked', isHere: true }])
    museum.pass(11_000)
    await until(() => cloud.heard('state').some((payload) => JSON.parse(String(payload)).configuration?.version === 2))
  })
})

const entryRef = (n: number) => n.toString(16).padStart(16, '0') as never
