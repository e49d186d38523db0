import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Fleet, type FleetOptions, startFleet } from '../../fleet/fleet.ts'
import type { KeptProcess, Program } from '../../fleet/kept-process.ts'
import { readCloudRows } from './cloud-rows.ts'
import { areFramesDelivered, judge, mostNotKeptAtOnce, type Verdict } from './judge.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import { readUnitWords, type UnitWords } from './unit-words.ts'
import { readWaitingItems } from './waiting-items.ts'

/** Start of an agent, connection, camera, with both cores busy elsewhere. */
const FIRST_PICTURE_WITHIN_MS = 120_000
/** Start of an agent, connection, camera: 2 s on a quiet machine. */
const FRAME_WITHIN_MS = 15_000
/** What the units may take to deliver what they kept: longer than a unit's patience with a silent cloud. */
const DRAIN_WITHIN_MS = 240_000
const LOOK_EVERY_MS = 1_000

/** What a fault test may choose of its fleet. */
export type Wishes = Pick<FleetOptions, 'sites' | 'pace'> &
  Partial<
    Pick<FleetOptions, 'agentsPerProcess' | 'agent' | 'brokerHost' | 'cameras' | 'cloud' | 'wrap' | 'restarts'>
  > & {
    /** Does something to the data folder before anything starts. */
    prepare?: (dataFolder: string) => void
  }

/** The one who does the harm, knows the state of the network at each moment, and judges at the end. */
export type Coordinator = {
  fleet: Fleet
  dataFolder: string
  timeline: Timeline
  process(name: string): KeptProcess
  /** kill -9; the fleet starts it again. */
  kill(name: string): Promise<void>
  /** Cuts the network: nobody reaches the broker until `restore`. */
  cut(): Promise<void>
  restore(): void
  words(): UnitWords
  /** Waits until one more frame is made, so that each harm comes while frames flow, however slow the machine is. */
  anotherFrame(): Promise<void>
  /** Waits until so many more frames are made; throws when two minutes bring none. */
  moreFrames(count: number): Promise<void>
  /**
   * Stops the cameras, lets the units deliver what they keep, stops their agents, and judges every item they made.
   * Prints one line of it, after `told`, which says the faults that were done.
   */
  verdict(told: string): Promise<Verdict>
  end(): Promise<void>
}

/** Starts a fleet of real processes that sends frames, in a folder of its own. */
export async function coordinate(name: string, { prepare, wrap, ...wishes }: Wishes): Promise<Coordinator> {
  const dataFolder = mkdtempSync(join(tmpdir(), `vigie-${name}-`))
  const timeline = createTimeline()
  prepare?.(dataFolder)
  const talkative = (program: Program): Program =>
    program.name.startsWith('agents-') ? { ...program, env: { ...program.env, LOG_LEVEL: 'debug' } } : program
  const fleet = await startFleet({
    restarts: { firstMs: 200, capMs: 200 },
    ...wishes,
    ...{ dataFolder, ports: 'free', wrap: (program) => (wrap ?? same)(talkative(program)) },
    cameras: { sceneCode: true, pictureKeptMs: 0, ...wishes.cameras },
  })
  const words = () => readUnitWords(dataFolder)
  const framesMade = () => [...words().made.values()].filter((item) => item.class === 'frame').length
  const cloudRows = () => readCloudRows(dataFolder, wishes.cloud?.['DATABASE_URL'])
  const agents = () => [...fleet.processes.values()].filter((kept) => kept.name.startsWith('agents-'))

  function process(wanted: string): KeptProcess {
    const found = fleet.processes.get(wanted)
    if (found === undefined) throw new Error(`the fleet has no process ${wanted}`)
    return found
  }

  try {
    // One is enough to know that the way is open; on a loaded machine many never are live at the same moment.
    const signal = AbortSignal.timeout(FIRST_PICTURE_WITHIN_MS)
    const isStored = () => cloudRows().then(({ frames }) => frames.length > 0)
    // Until the cloud has made its tables, asking it fails.
    while (!(await isStored().catch(() => false))) await pause(LOOK_EVERY_MS, undefined, { signal })
  } catch (error) {
    console.log(`${name}: no frame was stored; ${agents()[0]?.tail(5)}`)
    await end()
    throw error
  }

  async function end(): Promise<void> {
    await fleet.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }

  return {
    ...{ fleet, dataFolder, timeline, process, words },
    async kill(wanted) {
      timeline.note(wanted, 'killed')
      await process(wanted).kill('SIGKILL')
    },
    async cut() {
      timeline.note('network', 'cut')
      await process('broker').down()
    },
    restore() {
      timeline.note('network', 'restored')
      process('broker').up()
    },
    async moreFrames(count) {
      const wanted = framesMade() + count
      for (let made = framesMade(); made < wanted; made = framesMade()) {
        const signal = AbortSignal.timeout(FIRST_PICTURE_WITHIN_MS)
        while (framesMade() === made) await pause(200, undefined, { signal })
      }
    },
    async anotherFrame() {
      const before = framesMade()
      const deadline = performance.now() + FRAME_WITHIN_MS
      while (framesMade() === before && performance.now() < deadline) await pause(100)
    },
    async verdict(told) {
      // No camera, no new frame: what the units keep is all there is to deliver.
      await process('cameras').stop(5_000)
      timeline.note('cameras', 'stopped')
      const stoppedMs = performance.now()
      const deadline = stoppedMs + DRAIN_WITHIN_MS
      do await pause(LOOK_EVERY_MS)
      while (!areFramesDelivered(words(), await cloudRows()) && performance.now() < deadline)
      const deliveredS = ((performance.now() - stoppedMs) / 1000).toFixed(0)
      await Promise.all(agents().map((kept) => kept.stop(10_000)))
      const evidence = { words: words(), cloud: await cloudRows(), waiting: readWaitingItems(dataFolder) }
      const found = judge({ ...evidence, timeline, dataFolder })
      console.log(`${name}: ${told}; ${inWords(found)}; delivered within ${deliveredS} s`)
      for (const story of [...found.lost, ...found.notKept]) {
        console.log(`  ${story.class} ${story.id} of ${story.unit}, made ${story.madeAt}: ${story.network}`)
      }
      const atOnce = mostNotKeptAtOnce(found, evidence.words)
      if (atOnce > 1) throw new Error(`one death took ${atOnce} frames of a unit; at most one may be in memory alone`)
      return found
    },
    end,
  }
}

/** Every number of a verdict that is not zero, and those that must be. */
export function inWords(verdict: Verdict): string {
  const { made, madeRecords, stored, doubled, lost, torn, notKept, unheard, expired, dropped, refused } = verdict
  const always = [`${made} frames and ${madeRecords} records made`, `${stored} frames stored`]
  const promised = [
    `${doubled.length} doubled`,
    `${lost.length} lost`,
    `${torn.length} torn`,
    `${notKept.length} not kept`,
  ]
  const others = { unheard: unheard.length, expired, dropped, refused: refused.length }
  const seen = Object.entries(others).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []))
  const left = Object.entries(verdict.waiting).map(([name, count]) => `${count} ${name} waiting`)
  return [...always, ...promised, ...seen, ...left].join(', ')
}

const same = (program: Program): Program => program
