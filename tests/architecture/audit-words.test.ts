import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { isTest, root, sources } from './sources.ts'

const words = pathToFileURL(`${root}console/src/bureau/audit/audit-words.ts`).href
const { ACTION_WORDS } = (await import(words)) as { ACTION_WORDS: Record<string, string> } // as it is declared there

/** The table of what a person may do names its actions alike; those are asked for, not entered. */
const RIGHTS = 'cloud-api/src/people/actions.ts'

test('every action that the cloud enters into the audit trail has French words in the journal', () => {
  const cloud = sources().filter((source) => source.path.startsWith('cloud-api/src/') && !isTest(source))
  const rights = new Set(namesIn(cloud.find(({ path }) => path === RIGHTS)?.text ?? ''))
  const entered = cloud
    .filter(({ path }) => path !== RIGHTS)
    .flatMap(({ path, text }) =>
      (path.endsWith('audit-entry.ts') ? text.split('\n') : text.split('\n').filter((line) => /\baction\b/.test(line)))
        .filter((line) => !/\bevent:/.test(line))
        .flatMap(namesIn),
    )
    .filter((name) => !rights.has(name))
  expect(entered.length).toBeGreaterThan(20)
  expect([...new Set(entered)].filter((name) => ACTION_WORDS[name] === undefined)).toEqual([])
})

const namesIn = (text: string): string[] =>
  [...text.matchAll(/'([a-z][a-z-]*\.[a-z][a-z-]*)'/g)].map(([, name = '']) => name)
