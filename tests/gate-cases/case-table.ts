import type { GateCase, GateChapter } from './cases.ts'
import type { TestTitle } from './test-titles.ts'

const HEAD = `# What gates do, case by case

Made from the list of cases and the titles of the tests, which begin with the ids that they hold. To bring it up to date:

    npx vitest run --project quick tests/gate-cases -u
`

/** The ids that a title begins with: `T16 T17: ...`, `Y13: ..., and Y16: ...`. */
export const idsOf = (title: string): string[] =>
  /^[A-Z]\d\d\b/.test(title) ? [...new Set(title.match(/\b[A-Z]\d\d\b(?=[ :])/g))] : []

/** The page of all cases, each with the tests that hold it. */
export function caseTable(chapters: readonly GateChapter[], titles: readonly TestTitle[]): string {
  const page = chapters.map(
    ({ title, cases }) => `\n## ${title}\n\n${cases.map((one) => entry(one, titles)).join('\n')}\n`,
  )
  return `${HEAD}${page.join('')}`
}

function entry({ id, says, absent }: GateCase, titles: readonly TestTitle[]): string {
  const held = titles
    .filter(({ title }) => idsOf(title).includes(id))
    .map(({ path, title }) => `  - ${plain(title)} ([${path.split('/').at(-1)}](../${path}))`)
    .toSorted()
  const reason = absent === undefined ? [] : [`  - Not ours: ${absent}.`]
  return [`- **${id}** ${says}.`, ...reason, ...new Set(held)].join('\n')
}

/** Markdown takes neither a title's own placeholders nor its stars for its own. */
const plain = (title: string) => title.replaceAll(/[*_<>[\]|]/g, '\\$&')
