import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonForNoTripod } from '../fakes/gate/tripod.ts'
import { openTrialEntrance, type TrialEntrance, untilSo } from '../fixtures/museum/trial-entrance.ts'

const missing = ['pdftoppm', 'zbarimg'].find((tool) => spawnSync(tool, ['--help']).error !== undefined)
const reason = reasonForNoTripod() ?? (missing === undefined ? null : `${missing} is not installed`)
if (reason !== null) console.log(`no ticket is taken to a tripod: ${reason}`)

/** What a foreign reader sees on the page that was printed. */
function readPrinted(folder: string, pdf: Buffer): string {
  const file = join(folder, 'billet.pdf')
  writeFileSync(file, pdf)
  execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', file, join(folder, 'billet')])
  return execFileSync('zbarimg', ['--raw', '-q', join(folder, 'billet.png')])
    .toString()
    .replace(/\n$/, '')
}

describe.skipIf(reason !== null)('a ticket', () => {
  let entrance: TrialEntrance
  beforeAll(async () => {
    entrance = await openTrialEntrance()
  }, 180_000)
  afterAll(() => entrance?.stop())

  const released = (lane: 'tripode1' | 'tripode2') =>
    entrance.tripods[lane].news.filter(({ event }) => event === 'released').length
  const insideAt = async () => (await entrance.atGateway()).inside.persons

  /** Holds a code in front of a lane's reader and walks through its arm. */
  async function goThrough(lane: 'tripode1' | 'tripode2', code: string): Promise<void> {
    const before = released(lane)
    entrance.readers[lane].show(code)
    await untilSo(() => released(lane) === before + 1)
    entrance.tripods[lane].tell({ do: 'push', way: 'A', takes: 0.2 })
  }

  /** The other lane, which heard of it over the network of the building alone. */
  async function isRefusedAt(lane: 'tripode1' | 'tripode2', code: string, ticket: string): Promise<void> {
    const before = released(lane)
    entrance.readers[lane].show(code)
    await untilSo(async () => (await entrance.decisionAt(lane))?.ticket === ticket)
    expect(await entrance.decisionAt(lane)).toMatchObject({ outcome: 'already_redeemed' })
    expect(released(lane)).toBe(before)
  }

  test('R01 R05 G03: sold, printed, read off the paper, turns the arm and counts, and the cloud agrees', async () => {
    const order = await entrance.sell(1)
    const [ticket] = order.tickets
    const pdf = await entrance.askCloud<Buffer>('GET', `/orders/${order.id}/tickets.pdf`)
    const code = readPrinted(entrance.dataFolder, pdf)
    expect(code).toBe(ticket?.code)

    const inside = await insideAt()
    await goThrough('tripode1', code)
    await untilSo(async () => (await insideAt()) === inside + 1)
    const letIn = await entrance.decisionAt('tripode1')
    expect(letIn).toMatchObject({ outcome: 'ok', ticket: ticket?.id })

    await isRefusedAt('tripode2', code, ticket?.id ?? '')
    const tookMs = Date.parse((await entrance.decisionAt('tripode2'))?.at ?? '') - Date.parse(letIn?.at ?? '')
    console.log(`gate: let in at one lane and refused at the other ${tookMs} ms later, the passage between`)

    await untilSo(async () => {
      const { inside: persons, decisions, ledgers } = await entrance.atCloud()
      const outcomes = decisions.filter((one) => one.ticket === ticket?.id).map(({ outcome }) => outcome)
      const isWhole = ledgers.every((ledger) => ledger.missing === 0 && ledger.problems === 0)
      return persons === inside + 1 && isWhole && outcomes.toSorted().join() === 'already_redeemed,ok'
    })
  })

  test('Y05: with the cloud killed opens and is refused the same, and each row is there once when the cloud is back', async () => {
    const { tickets } = await entrance.sell(1)
    const [{ code, id } = { code: '', id: '' }] = tickets
    const inside = await insideAt()
    const away = ['cloud-api', 'broker'].flatMap((name) => entrance.fleet.processes.get(name) ?? [])
    await Promise.all(away.map((process) => process.down()))

    await goThrough('tripode2', code)
    await untilSo(async () => (await insideAt()) === inside + 1)
    await isRefusedAt('tripode1', code, id)

    for (const process of away.toReversed()) process.up()
    await untilSo(async () => {
      const gate = await entrance.atCloud().catch(() => null)
      const outcomes = gate?.decisions.filter(({ ticket }) => ticket === id).map(({ outcome }) => outcome) ?? []
      return gate?.inside === inside + 1 && outcomes.toSorted().join() === 'already_redeemed,ok'
    })
    const { ledgers } = await entrance.atCloud()
    expect(ledgers.filter((ledger) => ledger.missing + ledger.problems > 0)).toEqual([])
  })

  test('is nowhere in the log of a lane, nor what its code says', async () => {
    const { tickets } = await entrance.sell(1)
    const [{ code, id } = { code: '', id: '' }] = tickets
    await goThrough('tripode1', code)
    await untilSo(async () => (await entrance.decisionAt('tripode1'))?.ticket === id)
    const log = readFileSync(join(entrance.dataFolder, 'logs', 'lanes-musee-salagon-1.log'), 'latin1')
    expect(log).toContain('lane.decided')
    expect([id, code, code.slice(10, 40)].filter((text) => log.includes(text))).toEqual([])
  })
})
