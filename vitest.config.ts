import { defineConfig } from 'vitest/config'

/**
 * Sources are read as they are: the condition makes `@vigie/...` mean a workspace's src, not its build. `import` is left
 * out: Node hands these conditions to every require, and a CommonJS package that has both forms would get the wrong one.
 */
const conditions = ['vigie:source', 'node', 'default']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

const isSoak = process.env['VIGIE_SOAK'] === '1'

/** In full length a test of faults takes an hour, and the soak as long as it is told. */
const faultTimeoutMs = isSoak ? 24 * 3_600_000 : 900_000

/** How long `expect.poll` looks again when a test does not say: its own second is too little on a loaded machine. */
const poll = { timeout: 30_000 }

/** Whoever waits for processes and the clock leaves the cores to another file; in full length each has them to itself. */
const twoAtATime = isSoak ? { fileParallelism: false } : { maxWorkers: 2 }

type Choice = {
  testTimeout?: number
  hookTimeout?: number
  fileParallelism?: boolean
  maxWorkers?: number | string
  sequence?: object
}
const project = (name: string, include: string[], test: Choice = {}) => ({
  ...shared,
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  test: {
    name,
    include,
    environment: 'node' as const,
    hookTimeout: 120_000,
    testTimeout: 60_000,
    expect: { poll },
    ...test,
  },
})

export default defineConfig({
  test: {
    projects: [
      project(
        'quick',
        [
          '*/src/**/*.test.{ts,tsx}',
          '*/{contract,schema}/src/**/*.test.ts',
          'tests/{architecture,fakes,fleet,gate-cases,fault/coordinator,soak/samples}/**/*.test.ts',
        ],
        { maxWorkers: '100%' },
      ),
      project('conformance', ['tests/conformance/**/*.test.ts'], { testTimeout: 60_000, fileParallelism: false }),
      project('fuzz', ['tests/fuzz/**/*.test.ts'], { testTimeout: 900_000, fileParallelism: false }),
      // One file at a time: their fleets would find one another's cameras on the network of the machine.
      // A test gets more than the longest of its waits: it fails by the one that was in vain, and says which.
      project('flow', ['tests/flow/**/*.test.ts'], {
        testTimeout: 300_000,
        hookTimeout: 240_000,
        fileParallelism: false,
        sequence: { groupOrder: 1 },
      }),
      project('fault', ['tests/fault/*.test.ts'], {
        testTimeout: faultTimeoutMs,
        ...twoAtATime,
        sequence: { groupOrder: 2 },
      }),
      project('soak', ['tests/soak/*.test.ts'], { testTimeout: faultTimeoutMs, fileParallelism: false }),
    ],
  },
})
