import { describe, expect, test } from 'vitest'
import { importsOf, isTest, sources } from './sources.ts'

const ours = sources().filter((source) => !isTest(source) && source.workspace !== 'tests')
const inFolder = (path: string, folders: string[]) => folders.some((folder) => path.includes(`/${folder}/`))
const isMain = (path: string) => /(^|[/-])main\.tsx?$/.test(path)

describe('each thing stands in its place', () => {
  test('SQL and its engines only in outbox/, ledger/ and store/', () => {
    const engines = ['better-sqlite3', 'kysely', 'pg']
    const engineUsers = ours.filter((source) => importsOf(source).some((name) => engines.includes(name)))
    expect(engineUsers.length).toBeGreaterThan(1)
    const sql = /\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b/
    const written = ours.filter(({ text }) => sql.test(text))
    const wrong = [...engineUsers, ...written]
      .map(({ path }) => path)
      .filter((path) => !inFolder(path, ['outbox', 'ledger', 'store']))
    expect([...new Set(wrong)]).toEqual([])
  })

  test('topic strings only in the contract', () => {
    const wrong = ours.filter(
      ({ path, text }) => !path.startsWith('gateway-broker/contract/') && /['"`]vigie\/1\//.test(text),
    )
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test("the machine's clock, chance and environment only in main files", () => {
    const global = /\bDate\.now\(|\bMath\.random\(|\bprocess\.env\b|\bnew Date\(\)/
    const inNode = ours.filter(({ workspace }) => workspace !== 'console')
    const wrong = inNode.filter(({ path, text }) => !isMain(path) && global.test(withoutComments(text)))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test('no file is longer than 400 lines', () => {
    const long = sources().filter(({ text }) => text.split('\n').length > 400)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test('no folder and no file is a bag of things', () => {
    const folder = /(^|\/)(utils?|helpers?|common|shared|misc|controllers|services|models)\//
    const file = /(^|\/)(utils?|helpers?|common|misc|types)\.|-(helpers?|manager|handler|processor)\./
    const bag = new RegExp(`${folder.source}|${file.source}`)
    expect(
      sources()
        .map(({ path }) => path)
        .filter((path) => bag.test(path)),
    ).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}
