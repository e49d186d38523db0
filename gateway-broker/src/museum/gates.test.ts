import type { Command } from '@vigie/contract/command'
import type { LaneId } from '@vigie/contract/ids'
import { issuedTicket, SITE } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { admission, type TrialLane } from '@vigie/tests/fixtures/museum/trial-lane'
import { type Device, openTrialMuseum, type TrialMuseum } from '@vigie/tests/fixtures/museum/trial-museum'
import { until } from '@vigie/tests/fixtures/until'
import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const A = '00000000000000a1'
const HOUR_MS = 3_600_000
/** Both tripods count both ways: who is inside is a count. */
const EXITS = { lanes: ['tripod1', 'tripod2'].map((id) => ({ id, label: id, direction: 'both' })) }

let museum: TrialMuseum
let staff: Device
beforeAll(async () => {
  museum = await openTrialMuseum()
})
beforeEach(async () => {
  await museum.anew({ HTTP_PORT: '0' })
  museum.giveCatalogue()
  staff = await museum.device(longPass())
})
afterAll(() => museum.remove())

const longPass = () => museum.signer.pass('p-1', 'gate-staff', { until: '2099-01-01T00:00:00.000Z' })
type State = {
  lanes: {
    lane: string
    mode: string
    isHere: boolean
    by: string | null
    reason: string | null
    until: string | null
  }[]
  inside: { persons: number; isEstimate: boolean; level: string }
  alarms: { cause: string; lane: string | null }[]
  decisions: { outcome: string; lane: string | null }[]
}
const state = async () => (await staff.ask('GET', '/state')).json as State
const problemOf = async (asked: ReturnType<Device['ask']>) => {
  const { status, json } = await asked
  return [status, (json as { type: string } | null)?.type.replace('urn:vigie:problem:', '')]
}

/** A lane that answers each command in the way that is given. */
async function answering(step: 'done' | 'refused' | 'silent'): Promise<{ lane: TrialLane; commands: Command[] }> {
  const lane = await museum.linked('vg-tripod1')
  const commands: Command[] = []
  lane.party()?.client.on('message', (topic, payload) => {
    if (topic !== lane.topic('command')) return
    const command = JSON.parse(String(payload)) as Command
    commands.push(command)
    if (step === 'silent') return
    const reason = step === 'refused' ? { reason: 'lane-in-fire' } : {}
    const progress = { ...lane.envelope(), kind: 'progress', command: command.id, step, ...reason }
    void lane.party()?.publish(lane.topic('progress'), JSON.stringify(progress))
  })
  await lane.tell([lane.write({ kind: 'lane', state: 'locked' })])
  await until(() => museum.museum().ledger.newestOfLanes().length === 1)
  return { lane, commands }
}

describe('lanes', () => {
  test('are opened for one person with a reason, in the name of who asked, and never later', async () => {
    const { commands } = await answering('done')
    const answer = await staff.ask('POST', '/lanes/tripod1/open', { reason: 'poussette' })
    expect(answer.status).toBe(204)
    expect(commands).toMatchObject([
      { by: 'p-1', body: { name: 'open-lane', lane: 'tripod1', direction: 'in', reason: 'poussette' } },
    ])
    const [{ issuedAt, expiresAt } = { issuedAt: '', expiresAt: '' }] = commands
    expect(Date.parse(expiresAt) - Date.parse(issuedAt)).toBe(10_000)
    expect(await problemOf(staff.ask('POST', '/lanes/tripod1/open', {}))).toEqual([400, 'parameters-wrong'])
  })

  test('G15: turn freely for a reason until a time; without either, or for longer than a day, nothing is asked of them', async () => {
    const { lane, commands } = await answering('done')
    const until_ = new Date(museum.now() + HOUR_MS).toISOString()
    const free = (body: object) => staff.ask('PUT', '/lanes/tripod1/free-rotation', body)
    const late = new Date(museum.now() + 25 * HOUR_MS).toISOString()
    const past = new Date(museum.now() - 1).toISOString()
    for (const body of [{ on: true }, { on: true, reason: 'vernissage' }, { on: true, until: until_ }]) {
      expect(await problemOf(free(body))).toEqual([400, 'parameters-wrong'])
    }
    for (const wrong of [late, past]) {
      expect(await problemOf(free({ on: true, reason: 'vernissage', until: wrong }))).toEqual([400, 'parameters-wrong'])
    }
    expect(commands).toEqual([])
    expect((await free({ on: true, reason: 'vernissage', until: until_ })).status).toBe(204)
    await lane.tell([
      lane.write({ kind: 'lane', state: 'free', by: 'p-1', reason: 'vernissage', until: until_ }),
      lane.write({ kind: 'passage', direction: 'in', decision: null, of: 'free' }),
      lane.write({ kind: 'passage', direction: 'out', decision: null, of: 'free' }),
    ])
    await until(async () => (await state()).lanes[0]?.mode === 'free')
    expect((await state()).lanes).toMatchObject([{ by: 'p-1', reason: 'vernissage', until: until_ }])
    expect((await staff.ask('GET', '/report')).json).toMatchObject({ passages: { free: { in: 1, out: 1 } } })
    expect((await free({ on: false })).status).toBe(204)
  })

  test('are taken out of service, and back', async () => {
    const { commands } = await answering('done')
    for (const on of [true, false]) {
      const answer = await staff.ask('PUT', '/lanes/tripod1/out-of-service', { on, reason: 'bras grippé' })
      expect(answer.status).toBe(204)
    }
    expect(commands.map(({ body }) => body)).toMatchObject([
      { name: 'out-of-service', on: true, reason: 'bras grippé' },
      { name: 'out-of-service', on: false },
    ])
  })

  test('are shown by the last word of their box, also when its clock went back, and after a restart', async () => {
    const { lane } = await answering('done')
    await lane.tell([
      lane.write({ kind: 'lane', state: 'fire', cause: 'fire' }, Date.parse('2001-01-01T00:00:00.000Z')),
    ])
    await until(async () => (await state()).lanes[0]?.mode === 'fire')
    await museum.restart()
    staff = await museum.device(longPass())
    expect((await state()).lanes).toMatchObject([{ lane: 'tripod1', mode: 'fire' }])
  })

  test('are those of the box that the document names: no other box speaks for them, nor is asked to open them', async () => {
    museum.giveLanes(['tripod1', 'tripod2'].map((id) => ({ id, unit: `vg-${id}` })))
    const { commands } = await answering('done')
    const hostile = await museum.linked('vg-tripod2')
    const said = {
      kind: 'state',
      cameras: [],
      lanes: [{ lane: 'tripod1', mode: 'free', since: hostile.envelope().at }],
    }
    await hostile.party()?.publish(hostile.topic('state'), JSON.stringify({ ...hostile.envelope(), ...said }))
    await hostile.tell([hostile.write({ kind: 'lane', state: 'free' }, undefined, 'tripod1' as LaneId)])
    await until(() => hostile.receipted.size === 1)
    for (const restarts of [false, true]) {
      if (restarts) await museum.restart()
      if (restarts) staff = await museum.device(longPass())
      expect((await state()).lanes).toMatchObject([{ lane: 'tripod1', mode: 'locked' }])
      if (!restarts) expect((await staff.ask('POST', '/lanes/tripod1/open', { reason: 'essai' })).status).toBe(204)
    }
    expect(commands).toHaveLength(1)
  })

  test('that refuse, do not answer, are away or are none say each so', async () => {
    const open = (lane: string) => problemOf(staff.ask('POST', `/lanes/${lane}/open`, { reason: 'essai' }))
    expect(await open('tripod9')).toEqual([404, 'lane-unknown'])
    const { lane } = await answering('refused')
    expect(await open('tripod1')).toEqual([409, 'lane-refused'])
    await lane.unlink()
    await until(async () => (await state()).lanes[0]?.isHere === false)
    expect(await open('tripod1')).toEqual([504, 'lane-silent'])
    await answering('silent')
    expect(await open('tripod1')).toEqual([504, 'lane-silent'])
  })

  test('that nobody went through give the ticket back, and the report of the day counts it as not let in, and the others by type', async () => {
    const { lane } = await answering('done')
    const [first, other] = [
      issuedTicket(41, 'K7QX2M9A', { ticket: A as never }),
      issuedTicket(42, 'K7QX2M9A', { type: 99 }),
    ]
    museum.giveIssued([first, other])
    await lane.admit(A)
    await lane.admit(other.ticket)
    await lane.admit('00000000000000a4')
    const granted = lane.write(admission('00000000000000a2'))
    const noShow = lane.write({ kind: 'returned', decision: granted.id, persons: 1, why: 'no-show' })
    const unwatched = lane.write(admission('00000000000000a3'))
    await lane.tell([
      ...[granted, noShow],
      ...[unwatched, lane.write({ kind: 'returned', decision: unwatched.id, persons: 1, why: 'unseen' })],
    ])
    await until(() => lane.receipted.size === lane.own.length)
    const admitted = [
      { type: 1, typeWords: 'Plein tarif', tickets: 1, persons: 1 },
      { type: 99, typeWords: null, tickets: 1, persons: 1 },
      { type: null, typeWords: null, tickets: 1, persons: 1 },
    ]
    const report = { tickets: 3, admitted, returned: 2, unseen: 1, outcomes: { ok: 5 } }
    expect((await staff.ask('GET', '/report')).json).toMatchObject(report)
  })

  test('G06 G09: that were forced or stood open too long stand among the alarms of the day', async () => {
    const { lane } = await answering('done')
    await lane.tell([
      lane.write({ kind: 'lane', state: 'locked', cause: 'forced' }),
      lane.write({ kind: 'passage', direction: 'in', decision: null, of: 'forced' }),
      lane.write({ kind: 'lane', state: 'locked', cause: 'too-long' }),
    ])
    await until(async () => (await state()).alarms.length === 2)
    expect((await state()).alarms).toMatchObject([{ cause: 'too-long', lane: 'tripod1' }, { cause: 'forced' }])
    expect((await state()).inside.persons).toBe(1)
  })
})

describe('the jauge', () => {
  const pass = (lane: TrialLane, direction: 'in' | 'out', count: number) =>
    lane.tell(
      Array.from({ length: count }, () => lane.write({ kind: 'passage', direction, decision: null, of: 'free' })),
    )

  test('G20: counts every way in and out, and says the same after a restart without the cloud', async () => {
    const lane = await museum.linked('vg-tripod1')
    await pass(lane, 'in', 12)
    await pass(lane, 'out', 2)
    await staff.ask('POST', '/decisions', { site: SITE, code: museum.signer.ticket(A), direction: 'in', nonce: ulid() })
    await until(async () => (await state()).inside.persons === 11)
    await museum.restart()
    staff = await museum.device(longPass())
    expect((await state()).inside.persons).toBe(11)
  })

  test('G17: refuses at the limit, warns before it, and an exit lowers it at once', async () => {
    museum.giveCatalogue({
      version: 4,
      museum: { ...museum.signer.catalogue().museum, capacity: { warnAt: 3, refuseAt: 5, stayMinutes: 60 } },
    })
    const lane = await museum.linked('vg-tripod1')
    const scan = async (id: string) => {
      const asked = { site: SITE, code: museum.signer.ticket(id.padStart(16, '0')), direction: 'in', nonce: ulid() }
      return (await staff.ask('POST', '/decisions', asked)).json as { outcome: string; attention: string[] }
    }
    await pass(lane, 'in', 4)
    await until(async () => (await state()).inside.level === 'crowded')
    expect(await scan('b1')).toMatchObject({ outcome: 'ok', attention: ['crowded'] })
    expect((await state()).inside).toMatchObject({ persons: 5, level: 'full' })
    expect(await scan('b2')).toMatchObject({ outcome: 'capacity' })
    await pass(lane, 'out', 1)
    await until(async () => (await state()).inside.persons === 4)
    expect(await scan('b2')).toMatchObject({ outcome: 'ok' })
  })

  test('G21: is an estimate while exits are not counted or a lane is away, and a count when all are there', async () => {
    const lane = await museum.linked('vg-tripod1')
    await pass(lane, 'in', 2)
    await until(async () => (await state()).inside.persons === 2)
    expect((await state()).inside.isEstimate).toBe(true)
    museum.giveLanes(EXITS.lanes)
    museum.pass(61_000)
    expect((await state()).inside).toMatchObject({ persons: 2, isEstimate: false })
    await lane.unlink()
    await until(async () => (await state()).inside.isEstimate)
  })

  test('is what somebody counted from then on, with his name and reason in the ledger', async () => {
    const lane = await museum.linked('vg-tripod1')
    await pass(lane, 'in', 9)
    await until(async () => (await state()).inside.persons === 9)
    expect((await staff.ask('POST', '/inside', { inside: 6, reason: 'compté en salle' })).status).toBe(204)
    expect((await state()).inside.persons).toBe(6)
    expect((await staff.ask('GET', '/report')).json).toMatchObject({
      corrections: [{ inside: 6, by: 'p-1', reason: 'compté en salle' }],
    })
  })

  test('T16 T17: at three in the night whoever is still counted is out, at that hour and once; nobody, and no row is written', async () => {
    const nights = () => museum.museum().ledger.nights()
    const lane = await museum.linked('vg-tripod1')
    museum.giveLanes(EXITS.lanes)
    await pass(lane, 'in', 3)
    await until(async () => (await state()).inside.persons === 3)
    museum.museum().jauge.lookAtNight()
    expect(nights()).toEqual([])
    museum.pass(24 * HOUR_MS)
    museum.museum().jauge.lookAtNight()
    museum.museum().jauge.lookAtNight()
    const paris = (at = '') =>
      new Date(at).toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris', timeStyle: 'short' })
    expect(nights().map(paris)).toEqual(['03:00'])
    expect((await state()).inside.persons).toBe(0)
    museum.pass(24 * HOUR_MS)
    museum.museum().jauge.lookAtNight()
    expect(nights()).toHaveLength(1)
  })
})

describe('the stream of states', () => {
  test('tells a page what changed within a blink, and ends with the gateway', async () => {
    const answer = await museum.listen(longPass())
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const states = readStates(answer)
    expect((await states.next()).value).toMatchObject({ decisions: [], inside: { persons: 0 } })
    const lane = await museum.linked('vg-tripod1')
    await lane.admit(A)
    for await (const one of states) {
      if (one.inside.persons !== 1) continue
      expect(one.decisions).toMatchObject([{ outcome: 'ok', lane: 'tripod1' }])
      break
    }
  })
})

async function* readStates({ body }: Response): AsyncGenerator<State, undefined> {
  if (body === null) return undefined
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^event: state\ndata: (.*)$/m.exec(block)?.[1]
        if (data !== undefined) yield JSON.parse(data) as State
      }
    }
  } finally {
    await reader.cancel()
  }
  return undefined
}
