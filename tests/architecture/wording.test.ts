import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isTest, root, sources, textOf } from './sources.ts'

/*
 * Page and wall say the same things in the same words, and may not import one another: each has its own file, and this
 * test holds both to one wording, by what they say. The codes of faults are the agent's, their French is the console's.
 */
type Wording = Record<string, unknown>
const read = async (path: string) => (await import(pathToFileURL(root + path).href)) as Wording // compared, not trusted
const [page, wall] = await Promise.all([
  read('cloud-api/src/inforoute/wording.ts'),
  read('console/src/look/wording.ts'),
])

const NOW = Date.parse('2026-11-22T13:05:20Z')
const DAY_MS = 86_400_000
const ages = [-60_000, 0, 59_999, 60_000, 3_599_000, 3_600_000, DAY_MS, 2 * DAY_MS, 40 * DAY_MS]
const states = ['fresh', 'late', 'stale', 'offline', 'maintenance', 'withdrawn']
const doubtful = { doubts: ['picture-blurred', 'picture-black', 'of-another-day'], withheld: 'view-moved' }
const plain = { doubts: [], withheld: null }
const rhythms = [
  { intervalSeconds: 60, nextExpectedAt: null },
  { intervalSeconds: 90, nextExpectedAt: new Date(NOW + 90_000).toISOString() },
]
const views = states.flatMap((freshness) =>
  ['synchronised', 'estimated', 'unknown'].flatMap((clock) =>
    ages.flatMap((ageMs) => {
      const seenAt = new Date(NOW - ageMs).toISOString()
      const seen = {
        freshness,
        clock,
        capturedAt: seenAt,
        seenAt,
        seenClock: clock,
        ageSeconds: Math.max(0, ageMs / 1000),
      }
      const none = { capturedAt: null, clock: null, seenAt: null, seenClock: null, ageSeconds: null }
      return [
        { ...seen, ...plain },
        { ...seen, ...doubtful },
        { ...seen, ...plain, capturedAt: new Date(NOW - ageMs - 900_000).toISOString() },
        { ...seen, ...plain, capturedAt: new Date(NOW - ageMs - 40 * DAY_MS).toISOString(), seenClock: 'synchronised' },
        { ...seen, ...plain, ageSeconds: null },
        { ...seen, ...plain, ...none },
      ]
    }),
  ),
)

/** What each function is asked; a function without a line here fails the test. */
const QUESTIONS: Record<string, unknown[][]> = {
  numberInWords: [[0], [-1], [2247], [1234567.89]],
  altitudeInWords: [[2247]],
  timeOfDay: ages.map((age) => [NOW - age]),
  dayInWords: ages.map((age) => [NOW - age]),
  momentInWords: ages.map((age) => [NOW - age, NOW]),
  sinceInWords: ages.map((age) => [NOW - age, NOW]),
  ageInWords: ages.map((age) => [NOW - age, NOW]),
  captionOf: views.map((view) => [view, NOW]),
  whenInWords: views.map((view) => [view, NOW]),
  pictureInWords: views.map((view) => [view, NOW]),
  unchangedInWords: views.map((view) => [view, NOW]),
  remarkInWords: views.map((view) => [view]),
  rhythmInWords: views.flatMap((view) => rhythms.map((rhythm) => [{ ...view, ...rhythm }, NOW])),
  tallyInWords: [[states], [[...states, ...states], ' · '], [[]]],
  placesInWords: [[states], [['fresh', 'fresh']]],
  countInWords: [
    [0, 'lieu', 'lieux'],
    [0, 'lieu', 'lieux', 'aucun lieu'],
    [41, 'lieu', 'lieux'],
  ],
  everyInWords: [[30], [60], [300], [90]],
  inPrint: [["Col d'Allos"]],
}

describe('page and wall', () => {
  test('have the same words', () => {
    expect(Object.keys(wall).toSorted()).toEqual(Object.keys(page).toSorted())
    const words = Object.entries(page).filter(([, value]) => typeof value !== 'function')
    for (const [name, value] of words) expect(wall[name], name).toEqual(value)
  })

  test.each(Object.keys(page).filter((name) => typeof page[name] === 'function'))('say the same with %s', (name) => {
    const questions = QUESTIONS[name] ?? []
    expect(questions.length, `questions for ${name}`).toBeGreaterThan(0)
    const say = (wording: Wording) =>
      questions.map((question) => (wording[name] as (...of: unknown[]) => unknown)(...question)) // a function, by the filter above
    expect(say(wall)).toEqual(say(page))
  })
})

test('the glossary has a row for each state, with the word that the pages use', () => {
  const rows = [...textOf('GLOSSARY.md').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, state, word]) => [
    state,
    word?.trim(),
  ])
  expect(Object.fromEntries(rows)).toMatchObject(page['FRESHNESS_WORDS'] as object) // a table of words
})

test('the glossary has the words that the pages use for what has not changed, is doubtful or is held back', async () => {
  const wordOf = (term: string) =>
    new RegExp(`^\\| ${term} \\| ([^|]+) \\|`, 'm').exec(textOf('GLOSSARY.md'))?.[1]?.trim()
  const { NEED_WORDS } = await read('console/src/veille/words.ts')
  const { FAULT_WORDS } = await read('console/src/veille/fault-words.ts')
  expect(NEED_WORDS).toMatchObject({ doubted: wordOf('doubt') })
  for (const code of Object.keys(page['WITHHELD_WORDS'] ?? {})) {
    expect((FAULT_WORDS as Record<string, { title: string }>)[code]?.title).toContain(wordOf('withheld')) // a table of words
  }
  const say = page['unchangedInWords'] as (...of: unknown[]) => string | null // a function of the wording
  const said = views.map((view) => say(view, NOW)).filter((text) => text !== null)
  expect(said.length).toBeGreaterThan(0)
  for (const text of said) expect(text).toMatch(new RegExp(`^${wordOf('unchanged')}\\s`))
})

describe('the wall', () => {
  test('has French words and a piece of advice for every fault of the agent and every doubt, and for no other', async () => {
    const { FAULTS } = await read('edge-agent/src/faults.ts')
    const { FAULT_WORDS } = await read('console/src/veille/fault-words.ts')
    const codes = new Set([FAULTS, page['DOUBT_WORDS'], page['WITHHELD_WORDS']].flatMap((of) => Object.keys(of ?? {})))
    expect(Object.keys(FAULT_WORDS ?? {}).toSorted()).toEqual([...codes].toSorted())
  })

  test('has French words for all that the boxes of museums give alarm for about themselves, and for nothing else', async () => {
    const { GATE_WORDS } = await read('console/src/alarms/gate-words.ts')
    const said = sources()
      .filter((source) => !isTest(source) && /^(gateway-broker\/src\/museum|edge-agent\/src\/lane)\//.test(source.path))
      .flatMap(({ text }) => [...text.matchAll(/(?:raise|alarm)\('([a-z-]+)'/g)].map(([, cause = '']) => cause))
    const [, troubles = ''] = /\bcause: ([^\n]*)/.exec(textOf('gateway-broker/contract/src/list-watch.ts')) ?? []
    const [, refusals = ''] =
      /type ListRefusal = ([^\n]*)/.exec(textOf('gateway-broker/contract/src/signed-lists.ts')) ?? []
    const typed = [...`${troubles} ${refusals}`.matchAll(/'([a-z-]+)'/g)].map(([, cause = '']) => cause)
    expect([said.length > 5, typed.length > 5]).toEqual([true, true])
    expect(Object.keys(GATE_WORDS ?? {}).toSorted()).toEqual([...new Set([...said, ...typed])].toSorted())
  })

  test('and the page know each reason for which the cloud says that pictures are held back', async () => {
    const { WITHHELD } = await read('cloud-api/src/live/webcam.ts')
    expect(Object.keys(page['WITHHELD_WORDS'] ?? {}).toSorted()).toEqual((WITHHELD as string[]).toSorted())
  })
})
