import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createStore } from '@vigie/cloud-api/store/store'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'

const COMMAND = new URL('../../cloud-api/bin/vigie-audit.js', import.meta.url).pathname
const NOON = Date.parse('2026-11-22T12:00:00.000Z')
const ROWS = 12

type Trail = { options: string[]; sqliteFile: string; postgresUrl?: string; change(sql: string): Promise<void> }

let postgres: Postgres
const folders: string[] = []
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres.stop()
  for (const folder of folders) await rm(folder, { recursive: true })
})

async function onSqlite(): Promise<Trail> {
  const folder = await mkdtemp(join(tmpdir(), 'vigie-audit-'))
  folders.push(folder)
  const sqliteFile = join(folder, 'vigie.sqlite')
  const change = async (sql: string) => {
    const file = new Sqlite(sqliteFile)
    file.exec(sql)
    file.close()
  }
  return { options: ['--data', folder], sqliteFile, change }
}

async function onPostgres(): Promise<Trail> {
  const postgresUrl = await postgres.createDatabase()
  const change = async (sql: string) => {
    const client = new pg.Client({ connectionString: postgresUrl })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  return { options: ['--database', postgresUrl], sqliteFile: '', postgresUrl, change }
}

async function written(trail: Trail): Promise<Trail> {
  const store = await createStore(trail)
  for (let at = 1; at <= ROWS; at += 1) {
    const entry = { at: NOON + at, who: 'marie.blanc', action: 'unit.revoked', what: `vg-${at}`, site: null }
    await store.audit.append({ ...entry, before: { at }, reason: 'volée' })
  }
  await store.close()
  return trail
}

async function verify(trail: Trail, ...more: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'verify', ...trail.options, ...more])
    return { code: 0, said: stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string } // as execFile says it
    return { code, said: stdout }
  }
}

describe.each([
  { name: 'SQLite', open: onSqlite },
  { name: 'PostgreSQL', open: onPostgres },
])('vigie audit verify, on $name', ({ open }) => {
  test('finds a whole trail whole, and gives its end to be written down', async () => {
    const trail = await written(await open())
    const { code, said } = await verify(trail)
    expect([code, said]).toEqual([0, expect.stringContaining(`${ROWS} lignes`)])
    const end = /--end (\S+)/.exec(said)?.[1] ?? ''
    expect((await verify(trail, '--end', end)).code).toBe(0)
  })

  test.each([
    ['whose text was changed', "update audit set what = 'vg-99' where seq = 5", 'La ligne 5 n’est pas'],
    ['whose author was changed', "update audit set who = 'luc' where seq = 1", 'La ligne 1 n’est pas'],
    ['whose time was changed', 'update audit set at = at + 1 where seq = 7', 'La ligne 7 n’est pas'],
    ['whose hash was changed', `update audit set hash = '${'0'.repeat(64)}' where seq = 3`, 'La ligne 3 n’est pas'],
    ['that was taken out', 'delete from audit where seq = 4', 'La ligne 4 manque'],
    ['that was taken out at the beginning', 'delete from audit where seq <= 2', 'Les lignes 1 à 2 manquent'],
    ['that was taken out at the end', `delete from audit where seq >= ${ROWS - 1}`, `Les lignes ${ROWS - 1} à ${ROWS}`],
    [
      'that was put in after the end',
      `insert into audit select ${ROWS + 1}, at, who, action, what, site, before, after, reason, hash from audit where seq = 2`,
      `La ligne ${ROWS + 1} n’est pas`,
    ],
  ])('finds the first row %s', async (_what, sql, says) => {
    const trail = await written(await open())
    await trail.change(sql.replaceAll('before, after', '"before", "after"'))
    const { code, said } = await verify(trail)
    expect([code, said]).toEqual([1, expect.stringContaining(says)])
  })

  test('finds that a whole trail was made anew, when its end was written down before', async () => {
    const before = /--end (\S+)/.exec((await verify(await written(await open()))).said)?.[1] ?? ''
    const forged = await written(await open())
    await forged.change('delete from audit; delete from audit_end')
    const store = await createStore(forged)
    for (let at = 1; at <= ROWS; at += 1)
      await store.audit.append({ at: NOON, who: 'luc', action: 'unit.revoked', what: `vg-${at}`, site: null })
    await store.close()
    expect((await verify(forged)).code).toBe(0)
    expect(await verify(forged, '--end', before)).toMatchObject({ code: 1, said: expect.stringContaining('refait') })
  })
})

test('a command that is not understood, or a database that is not there, is no verdict', async () => {
  const nowhere = { options: ['--data', '/nowhere'], sqliteFile: '', change: async () => {} }
  expect((await verify(nowhere)).code).toBe(75)
  expect((await verify(nowhere, '--end', 'x')).code).toBe(78)
})
