import { seededRandom, seedOfRun } from '../fixtures/seeded-random.ts'

/** Hostile inputs for one test: few in `npm test`, where every commit pays for them, many in `npm run soak`. */
export const FUZZ_RUNS = process.env['VIGIE_SOAK'] === '1' ? 10_000 : 250

/**
 * Calls `attempt` again and again. Each run has a random source of its own, which follows from the printed seed and the
 * run's number, so that a failure is found again however much the runs before it drew.
 * @param attempt gets uniform numbers in [0, 1) and the number of the run, from 0
 */
export async function fuzz(
  attempt: (random: () => number, run: number) => unknown,
  runs: number = FUZZ_RUNS,
): Promise<void> {
  const seed = seedOfRun()
  console.log(`seed ${seed}, ${runs} runs`)
  for (let run = 0; run < runs; run += 1) {
    try {
      await attempt(seededRandom(seed + run), run)
    } catch (cause) {
      throw new Error(`run ${run} of VIGIE_SEED=${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    }
  }
}

/** One of a list that is not empty. */
export function pick<Value>(random: () => number, values: readonly Value[]): Value {
  const found = values[Math.floor(random() * values.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** A whole number from `low` to `high`, both included. */
export const between = (random: () => number, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

export function randomBytes(random: () => number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)))
}
