import { defineConfig } from 'vitest/config'

/**
 * Sources are read as they are: the condition makes `@vigie/...` mean a workspace's src, not its build. `import` is left
 * out: Node hands these conditions to every require, and a CommonJS package that has both forms would get the wrong one.
 */
const conditions = ['vigie:source', 'node', 'default']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

/** In full length a test of faults takes an hour, and the soak as long as it is told. */
const faultTimeoutMs = process.env['VIGIE_SOAK'] === '1' ? 24 * 3_600_000 : 900_000

const project = (name: string, include: string[], test: { testTimeout?: number; fileParallelism?: boolean } = {}) => ({
  ...shared,
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
  test: { name, include, environment: 'node' as const, hookTimeout: 120_000, testTimeout: 20_000, ...test },
})

export default defineConfig({
  test: {
    projects: [
      project('quick', [
        '*/src/**/*.test.{ts,tsx}',
        '*/{contract,schema}/src/**/*.test.ts',
        'tests/{architecture,fakes,fleet,gate-cases,fault/coordinator,soak/samples}/**/*.test.ts',
      ]),
      project('conformance', ['tests/conformance/**/*.test.ts'], { testTimeout: 60_000, fileParallelism: false }),
      project('fuzz', ['tests/fuzz/**/*.test.ts'], { testTimeout: 900_000, fileParallelism: false }),
      project('flow', ['tests/flow/**/*.test.ts'], { testTimeout: 180_000, fileParallelism: false }),
      project('fault', ['tests/fault/*.test.ts'], { testTimeout: faultTimeoutMs, fileParallelism: false }),
      project('soak', ['tests/soak/*.test.ts'], { testTimeout: faultTimeoutMs, fileParallelism: false }),
    ],
  },
})
