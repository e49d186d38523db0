import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { UnitId } from '@vigie/contract/ids'
import { createSignedLists } from '@vigie/contract/signed-lists'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { createTrialSigner, OPEN_AT_MS, SITE } from '@vigie/tests/fixtures/museum/trial-catalogue'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { createDoorbell } from '../../uplink/doorbell.ts'
import { openListStore } from '../store/list-store.ts'
import { createListFollower } from './follow-lists.ts'

test('lets a page go that a full disk does not take, and the lanes work on; it is taken when it comes again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-follow-'))
  const now = () => Math.min(Date.now(), OPEN_AT_MS)
  const authority = await createDevelopmentAuthority({ folder, units: [{ site: SITE, unit: 'vg-tripod1' }] }, { now })
  const signer = await createTrialSigner(folder)
  const onFile = openListStore(join(folder, 'lists.sqlite'), (file) => rmSync(file))
  let isFull = true
  const whileThereIsRoom =
    <Given>(keep: (given: Given) => void) =>
    (given: Given) => {
      if (isFull) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
      keep(given)
    }
  const store = {
    ...onFile,
    keepPage: whileThereIsRoom(onFile.keepPage),
    keepCatalogue: whileThereIsRoom(onFile.keepCatalogue),
  }
  const time = { now, monotonicMs: () => performance.now(), wait: async () => undefined }
  const roots = () => [new X509Certificate(readFileSync(authority.caFile))]
  const lists = createSignedLists({ site: SITE, store, roots, clock: { ...time, now: () => OPEN_AT_MS } })
  const refused: string[] = []
  const follower = createListFollower({
    ...{ site: SITE, unit: 'vg-tripod1' as UnitId, lists, time, bell: createDoorbell(time) },
    line: { isOpen: () => false, publish: async () => undefined },
    stamp: () => {
      throw new Error('nothing is asked')
    },
    onRefused: (why) => void refused.push(why),
  })
  const at = new Date(OPEN_AT_MS).toISOString()
  const ticket = '00000000000000a1' as TicketId
  const give = () => {
    follower.take('catalogue', Buffer.from(signer.sign(signer.catalogue())))
    follower.take(
      'feed',
      Buffer.from(signer.sign(signer.page(0, [{ n: 1, ticket, hash: null, status: 'revoked', at }]))),
    )
  }
  give()
  expect([lists.mark(), lists.catalogue()]).toEqual([0, null])
  isFull = false
  give()
  expect(lists.mark()).toBe(1)
  expect(lists.catalogue()).not.toBeNull()
  expect(refused).toEqual([])
  onFile.close()
  rmSync(folder, { recursive: true })
})
