import { setImmediate as turn } from 'node:timers/promises'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { openTrialBox } from '../fixtures/museum/trial-box.ts'
import { SITE } from '../fixtures/museum/trial-catalogue.ts'
import { openTrialMuseum } from '../fixtures/museum/trial-museum.ts'
import { until } from '../fixtures/until.ts'
import { printReport, quantile, type Row, times } from './measure/figures.ts'

/*
 * How soon a redemption at one lane is known at the other of the building, without internet: written and synced at the first,
 * told to the gateway, synced there, told to the other lane, synced there. Against the wire alone: the same two messages.
 */
const ROUNDS = Number(process.env['VIGIE_BENCH_ROUNDS'] ?? 2_000)
const WITHIN_MS = 300
const museum = await openTrialMuseum()
const { folder, authority, signer, now } = museum

async function openBox(unit: string) {
  const gateway = () => `mqtts://localhost:${museum.museum().broker.port}`
  const box = await openTrialBox({ folder, authority, signer, now, unit, gateway })
  await until(() => box.log.some(({ event }) => event === 'museum.linked'))
  return box
}

async function redemptions(): Promise<number[]> {
  const [one, other] = [await openBox('vg-tripod1'), await openBox('vg-tripod2')]
  const heldOf = () =>
    other
      .box()
      .ledger.ends()
      .find(({ origin }) => origin === one.unit)?.seq ?? 0
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ticket = round.toString(16).padStart(16, '0') as TicketId
    const of = {
      kind: 'decision',
      nonce: `nonce-of-${round}`,
      direction: 'in',
      outcome: 'ok',
      ticket,
      persons: 1,
    } as const
    const right = { entries: 1, persons: 1 }
    const beganMs = performance.now()
    const body = { ...of, right, medium: 'signed', listAge: { feed: 0, seconds: null } } as const
    const row = one.box().keeper.write({ body, lane: one.lane })
    while (row !== null && heldOf() < row.seq) await turn()
    took.push(performance.now() - beganMs)
  }
  for (const box of [one, other]) await box.stop()
  return took
}

/** A message of the size of a row to the gateway's broker, and one on to a lane. */
async function messages(): Promise<number[]> {
  const unit = 'vg-wide1' as UnitId
  const { voice } = museum.museum().broker
  const [said, told] = [
    buildTopic({ site: SITE, unit, what: 'have' }),
    buildTopic({ site: SITE, unit, what: 'receipt' }),
  ]
  const party = await museum.connect(unit)
  await party.subscribe(told)
  await voice.hear(said, (_, payload) => voice.say(told, payload))
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const beganMs = performance.now()
    await party.publish(said, 'x'.repeat(900))
    while (party.heard.length <= round) await turn()
    took.push(performance.now() - beganMs)
  }
  await party.leave()
  return took
}

try {
  const [known, wire] = [await redemptions(), await messages()]
  const row = (label: string, took: number[]): Row => ({
    label,
    figures: {
      'p50 ms': quantile(took, 0.5),
      'p99 ms': quantile(took, 0.99),
      'max ms': quantile(took, 1),
      [`over ${WITHIN_MS} ms`]: took.filter((ms) => ms > WITHIN_MS).length,
    },
  })
  printReport(`A redemption at one lane, known at the other: ${ROUNDS} of them`, [
    row('two messages on the wire, nothing kept', wire),
    row('known at the other lane, durable on three disks', known),
    { label: 'of the wire', figures: { 'p50 ms': times(quantile(known, 0.5), quantile(wire, 0.5)) } },
  ])
} finally {
  await museum.remove()
}
