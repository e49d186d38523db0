import { trialCatalogue } from '@vigie/tests/fixtures/trial-tickets'
import { describe, expect, test } from 'vitest'
import { createListWatch, listTroubles } from './list-watch.ts'

const HOUR_S = 3_600
const NOW = Date.parse('2026-10-20T10:00:00Z')
const endingOn = (until: string) =>
  trialCatalogue({
    keys: trialCatalogue().keys.flatMap((key) => [
      { ...key, until },
      { ...key, until: '2099-12-31', test: true },
    ]),
  })

function troublesOf(
  known: { catalogue?: ReturnType<typeof trialCatalogue> | null; ageS?: number | null },
  at: { upS?: number; state?: 'synchronised' | 'unknown'; nowMs?: number } = {},
) {
  const { catalogue = endingOn('2099-12-31'), ageS = 60 } = known
  const now = { nowMs: NOW, state: 'synchronised' as const, upS: 0, ...at }
  return listTroubles({ catalogue: () => catalogue, ageS: () => ageS }, now).map(({ cause }) => cause)
}

describe('what a gate tells of its lists', () => {
  test.each([
    ['a feed of a day', { ageS: 24 * HOUR_S }, {}, ['lists-old']],
    ['one of an hour less', { ageS: 23 * HOUR_S }, {}, []],
    ['one whose age nobody knows, a day after the start', { ageS: null }, { upS: 24 * HOUR_S }, ['lists-old']],
    ['one whose age nobody knows, at the start', { ageS: null }, { upS: 0 }, []],
    ['no catalogue, an hour after the start', { catalogue: null }, { upS: HOUR_S }, ['catalogue-missing']],
    ['no catalogue yet', { catalogue: null }, { upS: 60 }, []],
    ['a key that ends within the week', { catalogue: endingOn('2026-10-26') }, {}, ['keys-ending']],
    ['a key that ends later', { catalogue: endingOn('2026-10-27') }, {}, []],
    ['a key that has ended', { catalogue: endingOn('2026-09-30') }, {}, ['keys-ending']],
    [
      'the same by a clock that knows nothing',
      { catalogue: endingOn('2026-09-30') },
      { state: 'unknown' as const },
      [],
    ],
  ])('%s', (_, known, at, causes) => {
    expect(troublesOf(known, at)).toEqual(causes)
  })

  test('is said once a day for as long as it lasts', () => {
    const said: string[] = []
    let monoMs = 0
    const watch = createListWatch({
      lists: { catalogue: () => null, ageS: () => null },
      clock: { now: () => NOW, monotonicMs: () => monoMs, state: () => 'synchronised' },
      raise: (cause) => void said.push(cause),
    })
    for (; monoMs < 49 * 3_600_000; monoMs += 30_000) watch.look()
    expect(said).toEqual(['catalogue-missing', 'catalogue-missing', 'catalogue-missing'])
  })
})
