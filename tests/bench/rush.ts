import { setTimeout as pause } from 'node:timers/promises'
import { openFlappingLink } from '../fixtures/flapping-link.ts'
import { openTrialBox, type TrialBox } from '../fixtures/museum/trial-box.ts'
import { openTrialMuseum } from '../fixtures/museum/trial-museum.ts'
import { until } from '../fixtures/until.ts'
import { printReport, quantile, type Row } from './measure/figures.ts'

/*
 * An August Sunday: 11 persons a minute at each of two lanes for half an hour, the LAN cut and mended each 20 seconds. The
 * visitors come as fast as the arm turns, so that half an hour takes three minutes; the cuts come as much faster.
 */
const PERSONS = Number(process.env['VIGIE_BENCH_VISITORS'] ?? 330)
const PERSON_EVERY_MS = 60_000 / 11
const FLAPS_MS = 20_000
const SLOW_MS = 100
/** One in so many holds up a ticket a second time at the same lane. */
const AGAIN_EACH = 15

const museum = await openTrialMuseum()
const link = await openFlappingLink(() => museum.museum().broker.port)
const stop = new AbortController()
let [cuts, done] = [0, 0]
const began = performance.now()

/** How much faster than on that Sunday, as far as it is known. */
const pace = () => (done < 4 ? 10 : (done * PERSON_EVERY_MS) / 2 / (performance.now() - began))

async function flap(): Promise<void> {
  while (!stop.signal.aborted) {
    link.set(false)
    cuts += 1
    await pause(FLAPS_MS / pace() / 2, undefined, { signal: stop.signal }).catch(() => undefined)
    link.set(true)
    await pause(FLAPS_MS / pace() / 2, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

async function letIn(box: TrialBox, series: string) {
  const took: number[] = []
  let refused = 0
  for (let person = 1; person <= PERSONS; person += 1) {
    const code = museum.signer.ticket(person.toString(16).padStart(15, '0') + series)
    const freed = box.desk.released.length
    const heldMs = performance.now()
    box.desk.show(code)
    await box.desk.freed(freed + 1)
    took.push((box.desk.released.at(-1)?.atMs ?? Number.POSITIVE_INFINITY) - heldMs)
    await box.desk.walk()
    await box.isLocked()
    done += 1
    if (person % AGAIN_EACH !== 0) continue
    box.pass(2_500)
    if ((await box.show(code))['outcome'] === 'already_redeemed') refused += 1
  }
  return { took, refused }
}

try {
  const { folder, authority, signer, now } = museum
  const gateway = () => `mqtts://localhost:${link.port}`
  const open = async (unit: string) => {
    const box = await openTrialBox({ folder, authority, signer, now, unit, gateway })
    const keys = signer.catalogue()
    box.giveCatalogue({ museum: { ...keys.museum, capacity: { ...keys.museum.capacity, refuseAt: null } } })
    return box
  }
  const boxes = [await open('vg-tripod1'), await open('vg-tripod2')]
  const flapping = flap()
  const visits = await Promise.all(boxes.map((box, index) => letIn(box, String(index + 1))))
  const seconds = (performance.now() - began) / 1000
  stop.abort()
  await flapping
  const ends = () => boxes.map((box) => box.box().ledger.ends())
  const seqOf = (of: readonly { origin: string; seq: number }[], unit: string) =>
    of.find(({ origin }) => origin === unit)?.seq ?? 0
  const isHealed = () =>
    boxes.every(({ unit }, index) => {
      const own = seqOf(ends()[index] ?? [], unit)
      return [museum.museum().ledger.ends(), ...ends()].every((side) => seqOf(side, unit) === own)
    })
  const healing = performance.now()
  await until(isHealed)
  const healedMs = performance.now() - healing
  await until(() => boxes.every(({ items }) => items.filter(({ body }) => body.kind === 'passage').length === PERSONS))
  for (const box of boxes) await box.stop()

  const [first] = boxes.map((box) => box.rows())
  const rows = first ?? []
  const letInTickets = rows.flatMap(({ body }) =>
    body.kind === 'decision' && body.outcome === 'ok' ? [body.ticket] : [],
  )
  const took = visits.flatMap(({ took }) => took)
  const wanted = PERSONS * boxes.length
  const again = Math.floor(PERSONS / AGAIN_EACH) * boxes.length
  const report: Row[] = [
    {
      label: `${wanted} persons at two lanes, ${cuts} cuts`,
      figures: {
        'as fast as on the day': `${pace().toFixed(1)} ×`,
        s: seconds,
        'p50 ms': quantile(took, 0.5),
        'p99 ms': quantile(took, 0.99),
        'max ms': quantile(took, 1),
        [`over ${SLOW_MS} ms`]: took.filter((ms) => ms > SLOW_MS).length,
        lost: wanted - new Set(letInTickets).size,
        doubled: letInTickets.length - new Set(letInTickets).size,
        'second times refused': `${visits.reduce((sum, { refused }) => sum + refused, 0)} of ${again}`,
        'healed after ms': healedMs,
      },
    },
  ]
  printReport('A rush with a LAN that flaps: from a code held up to the order at the board', report, [
    'Lost: let in, and missing in the ledger that the other lane holds after the last mending. Doubled: two admissions of a ticket.',
  ])
} finally {
  stop.abort()
  link.close()
  await museum.remove()
}
