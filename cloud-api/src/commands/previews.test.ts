import type { CameraId, ItemId, SiteId } from '@vigie/contract/ids'
import { encodePreview, type PreviewHeader } from '@vigie/contract/preview'
import { describe, expect, test } from 'vitest'
import type { StoredCommand } from '../store/commands.ts'
import { createPreviews } from './previews.ts'

const site = 'col-d-allos' as SiteId // of the contract's pattern
const camera = 'cam1' as CameraId // likewise
const TOPIC = 'vigie/1/col-d-allos/vg-0001/preview'
const NOW = Date.parse('2026-11-25T12:00:00.000Z')
const LOOK = '01KAN5Z3W0F7Q8R9S0T1V2W3X4' as ItemId // a ULID
const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0])

function trial() {
  let nowMs = NOW
  let questions = 0
  const previews = createPreviews({
    clock: { now: () => nowMs, monotonicMs: () => nowMs },
    commands: {
      async of(at, id) {
        questions += 1
        const body = JSON.stringify({ name: id === LOOK ? 'look' : 'probe' })
        return at === site ? ({ body, askedBy: 'claire', askedAt: NOW } as StoredCommand) : undefined // what is looked at
      },
    },
  })
  const say = (over: Partial<PreviewHeader> = {}, topic = TOPIC) => {
    const header = {
      ...{
        v: 1,
        id: LOOK,
        unit: 'vg-0001',
        boot: LOOK,
        seq: 1,
        at: '2026-11-25T12:00:00.000Z',
        mono: 1,
        clock: 'synchronised',
      },
      ...{ kind: 'preview', command: LOOK, camera, widthPx: 160, heightPx: 90 },
      ...over,
    } as PreviewHeader // a header of the contract
    return previews.take(topic, encodePreview({ header, picture }))
  }
  const aborted = AbortSignal.abort()
  const see = (askedBy = 'claire', after: number | null = null) =>
    previews.next({ site, camera, askedBy, after }, aborted)
  return { previews, say, see, pass: (ms: number) => (nowMs += ms), questions: () => questions }
}

describe('a preview', () => {
  test('is shown to the person who asked for it, once, and to nobody else', async () => {
    const { say, see } = trial()
    await say()
    expect(await see()).toMatchObject({ seq: 1 })
    expect(await see('claire', 1)).toBeNull()
    expect(await see('paul')).toBeNull()
  })

  test('of a command that is no look, of another site or of another unit is dropped', async () => {
    const { say, see } = trial()
    await say({ command: '01KAN5Z3W0F7Q8R9S0T1V2W3X5' as ItemId })
    await say({}, 'vigie/1/essai-1/vg-0001/preview')
    await say({}, 'vigie/1/col-d-allos/vg-0002/preview')
    expect(await see()).toBeNull()
  })

  test('is forgotten after a minute, and none is taken long after it was asked for', async () => {
    const { say, see, pass } = trial()
    await say()
    pass(61_000)
    expect(await see()).toBeNull()
    pass(15 * 60_000)
    await say({ seq: 2 })
    expect(await see()).toBeNull()
  })

  test('wakes whoever waits for it', async () => {
    const { previews, say } = trial()
    const waiting = previews.next({ site, camera, askedBy: 'claire', after: null }, AbortSignal.timeout(5_000))
    await say({ seq: 7 })
    expect(await waiting).toMatchObject({ seq: 7 })
  })

  test('asks the store who looks once, however many come, and never throws for what is in it', async () => {
    const { previews, say, questions } = trial()
    for (let seq = 0; seq < 50; seq += 1) await say({ seq })
    expect(questions()).toBe(1)
    await previews.take(TOPIC, Buffer.from('VGP1'))
    await previews.take('nonsense', Buffer.alloc(0))
  })
})
