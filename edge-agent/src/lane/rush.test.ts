import type { HaveMark } from '@vigie/contract/gate/ledger-message'
import { mergeLedgers } from '@vigie/contract/gate/merge'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import { openTrialBox } from '@vigie/tests/fixtures/museum/trial-box'
import { openTrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { until } from '@vigie/tests/fixtures/until'
import { expect, test } from 'vitest'

/** Eleven a minute for half an hour; each lane has its own. */
const VISITORS = process.env['VIGIE_SOAK'] === '1' ? 330 : 33
/** The link goes and comes each twenty seconds, of which this many visitors come at both lanes together. */
const AT_A_FLAP = 7

const refOf = (lane: number, visitor: number) => (lane * 10_000 + visitor).toString(16).padStart(16, '0') as TicketRef
const key = ({ origin, seq, hash }: Row) => `${origin} ${seq} ${hash}`
const text = ({ origin, seq }: HaveMark) => `${origin} ${seq}`

test('G24: a queue at two lanes, with the link going and coming: none waits for it, none is lost, none comes in twice', {
  timeout: 300_000,
}, async () => {
  const museum = await openTrialMuseum()
  const { folder, authority, signer, now } = museum
  const gateway = () => `mqtts://localhost:${museum.museum().broker.port}`
  const open = (unit: string) => openTrialBox({ folder, authority, signer, now, unit, gateway })
  const lanes = [await open('vg-tripod1'), await open('vg-tripod2')]
  try {
    for (const lane of lanes) lane.giveCatalogue()
    let isLinked = true
    for (let visitor = 0; visitor < VISITORS; visitor += 1) {
      if (visitor % AT_A_FLAP === AT_A_FLAP - 1) {
        await (isLinked ? museum.stop() : museum.restart())
        isLinked = !isLinked
      }
      await Promise.all(lanes.map((lane, index) => lane.admit(signer.ticket(refOf(index, visitor)))))
    }
    if (!isLinked) await museum.restart()
    // The last one's passage too, which is told by itself.
    const heldBy = lanes.map((lane) => () => lane.box().ledger.ends().map(text).toSorted().join())
    await until(() => new Set(heldBy.map((held) => held())).size === 1)
    const tookMs = lanes.flatMap((lane) => lane.decisions().map((decision) => Number(decision['tookMs'])))
    tookMs.sort((a, b) => a - b)
    const [p50 = 0, p99 = 0] = [0.5, 0.99].map((part) => tookMs[Math.floor(tookMs.length * part)])
    console.log(
      `rush: ${tookMs.length} decisions, p50 ${p50} ms, p99 ${p99} ms, ${tookMs.filter((ms) => ms > 100).length} over 100 ms`,
    )
    expect(p50).toBeLessThan(100)
  } finally {
    for (const lane of lanes) await lane.stop()
  }
  const [ours = [], theirs = []] = lanes.map((lane) => lane.rows())
  const letIn = ours.filter((row) => isRowOf(row, 'decision') && row.body.outcome === 'ok')
  expect(letIn).toHaveLength(2 * VISITORS)
  expect(ours.map(key).toSorted()).toEqual(theirs.map(key).toSorted())
  expect(mergeLedgers(ours).conflicts).toEqual([])
  await museum.remove()
})
