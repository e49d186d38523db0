import { describe, expect, test } from 'vitest'
import { root, sources } from '../architecture/sources.ts'
import { caseTable, idsOf } from './case-table.ts'
import { GATE_CASES } from './cases.ts'
import { testTitles } from './test-titles.ts'

/** Suites that several implementations pass stand in files of their own, which their tests load. */
const titles = sources().flatMap(({ path, text }) => (/\b(?:test|it)\b/.test(text) ? testTitles(path, text) : []))
const cases = GATE_CASES.flatMap((chapter) => chapter.cases)

describe('the cases of a gate', () => {
  test('are each held by a test that names it, but for those that concern nothing that we have', () => {
    const held = new Set(titles.flatMap(({ title }) => idsOf(title)))
    expect(cases.filter(({ id, absent }) => absent === undefined && !held.has(id))).toEqual([])
    expect(cases.filter(({ id, absent }) => absent !== undefined && held.has(id))).toEqual([])
  })

  test('have an id each, and no test names one that there is not', () => {
    const ids = cases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const ofGates = titles.flatMap(({ title }) => idsOf(title))
    expect([...new Set(ofGates)].filter((id) => !ids.includes(id))).toEqual([])
  })

  test('stand in docs/gate-cases.md with the tests that hold them', async () => {
    await expect(caseTable(GATE_CASES, titles)).toMatchFileSnapshot(`${root}docs/gate-cases.md`)
  })
})

test('of a list of tests each has its own title', () => {
  const text =
    "test.each([['S09', 1], ['S10', 2], ['S09', 3]] as const)('%s: at %s', () => {}); describe('x', () => {})"
  expect(testTitles('a.test.ts', text).map(({ title }) => title)).toEqual(['S09: at %s', 'S10: at %s', 'x'])
})
