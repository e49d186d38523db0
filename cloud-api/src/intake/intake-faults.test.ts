import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, describe, expect, test } from 'vitest'
import { Fault } from '../faults.ts'

let trial: TrialIntake
const open = async (options?: Parameters<typeof openTrialIntake>[0]) => {
  trial = await openTrialIntake(options)
}
afterEach(() => trial.close())

describe('when something fails', () => {
  const broken = () => Promise.reject(new Fault('store-unavailable', { detail: 'disk full' }))

  test('a database that does not write gets no receipt out; all is stored and receipted once it does', async () => {
    let isBroken = true
    await open({
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = (batch) =>
          isBroken ? broken() : store.items.storeItems(batch)
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const frames = await Promise.all(Array.from({ length: 5 }, () => unit.frame()))
    await trial.say(...frames)
    await until(() => intake.condition().failing.length > 0)
    expect(intake.condition()).toMatchObject({ failing: [{ part: 'storing', fault: 'store-unavailable' }] })
    expect(trial.receipts.size).toBe(0)
    isBroken = false
    for (const frame of frames) expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    expect(intake.condition().failing).toEqual([])
    expect(trial.lines.map(({ event }) => event)).toContain('intake.works-again')
  })

  test('a series store that is away keeps no frame from being stored', async () => {
    let isBroken = true
    await open({
      replace: ({ series }) => ({
        series: {
          ...series,
          write: (points) => (isBroken ? Promise.reject(new Fault('series-unavailable')) : series.write(points)),
        },
      }),
    })
    const { unit, intake } = trial
    const [telemetry, frame] = [unit.telemetry(), await unit.frame()]
    await trial.say(unit.birth(1), telemetry, frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    await until(() => intake.condition().failing.some(({ part }) => part === 'series'))
    expect(trial.receipts.has(telemetry.id)).toBe(false)
    isBroken = false
    expect((await trial.receiptOf(telemetry)).outcome).toBe('stored')
  })

  test('what finds no room is let go without a word, and its unit is heard again later', async () => {
    let isBroken = true
    await open({
      intake: { maxWaitingItems: 3, roomWithinMs: 5 },
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = (batch) =>
          isBroken ? broken() : store.items.storeItems(batch)
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const frames = await Promise.all(Array.from({ length: 8 }, () => unit.frame()))
    await trial.say(...frames)
    await until(() => intake.condition().counts.letGo > 0)
    expect(intake.condition().waiting.items).toBeLessThan(4)
    isBroken = false
    await until(() => intake.condition().waiting.items === 0)
    const lost = frames.filter(({ id }) => !trial.receipts.has(id))
    expect(lost.length).toBeGreaterThan(0)
    for (const frame of lost) {
      // As its unit does: again until there is a word, since what comes in between may take the room once more.
      await until(async () => {
        await trial.say(frame)
        return trial.receipts.has(frame.id)
      })
      expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    }
  })

  test('a birth that finds no room is not lost: it is retained, and comes with the next connection', async () => {
    let isBroken = true
    await open({
      intake: { maxWaitingItems: 2, roomWithinMs: 5 },
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = (batch) =>
          isBroken ? broken() : store.items.storeItems(batch)
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, intake, store } = trial
    await trial.say(unit.birth(1))
    await until(async () => (await store.presence.of(unit.unit))?.session === 1)
    const frames = await Promise.all(Array.from({ length: 6 }, () => unit.frame()))
    await trial.say(...frames, unit.birth(2))
    await until(() => trial.lines.some(({ detail }) => String(detail).includes('no room for a presence')))
    isBroken = false
    await until(async () => (await store.presence.of(unit.unit))?.session === 2)
    expect(intake.connectedSince()).not.toBeNull()
  })

  test('a picture file that retention took away in between is there again before the receipt', async () => {
    await open({
      replace: ({ store, pictures }) => {
        const storeItems: typeof store.items.storeItems = async (batch) => {
          for (const { sha256 } of batch.frames) await pictures.remove(sha256)
          return store.items.storeItems(batch)
        }
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, store, pictures } = trial
    const frame = await unit.frame()
    await trial.say(unit.birth(1), frame)
    await trial.receiptOf(frame)
    const sha256 = (await store.frames.frameById(frame.id))?.sha256 ?? ''
    expect(await pictures.sizeOf(sha256, 'full')).not.toBeNull()
  })

  test('a broker that goes away and comes back empty is found again', async () => {
    await open()
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const gone = await trial.cutBroker()
    await until(() => intake.connectedSince() === null)
    expect(intake.condition().connectedSince).toBeNull()
    await gone.back()
    const frame = await unit.frame()
    await trial.say(unit.birth(2), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
  })

  test('two instances store each frame once between them', async () => {
    await open()
    const { unit, store } = trial
    const second = trial.second()
    const stop = new AbortController()
    const running = second.run(stop.signal)
    await until(() => second.connectedSince() !== null)
    const frames = await Promise.all(Array.from({ length: 10 }, () => unit.frame()))
    await trial.say(unit.birth(1), ...frames)
    await until(() => frames.every(({ id }) => trial.receipts.get(id)?.length === 2))
    const found = await store.frames.history({
      site: unit.siteId,
      camera: 'cam1' as never,
      from: 0,
      to: 1e15,
      limit: 99,
    })
    expect(found).toHaveLength(10)
    stop.abort()
    await running
  })

  test('told to stop, it finishes what it commits, receipts it, and ends', async () => {
    let isReached = false
    await open({
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = async (batch) => {
          isReached = true
          await new Promise((resolve) => setTimeout(resolve, 30))
          return store.items.storeItems(batch)
        }
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const frame = await trial.unit.frame()
    await trial.say(trial.unit.birth(1), frame)
    await until(() => isReached)
    await trial.stop()
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
  })
})
