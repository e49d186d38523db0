import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCertificateWatch } from './certificate-watch.ts'

const DAY_MS = 86_400_000
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ending-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a certificate that ends within a month gives an alarm each day, of the unit or of the doors, and so does an old list', async () => {
  const units = [{ site: 'musee-salagon', unit: 'vg-0101' }]
  const authority = await createDevelopmentAuthority({ folder, units }, { now: Date.now })
  const [unit, doors] = [authority.unit('vg-0101').certificateFile, authority.broker.certificateFile]
  const endsMs = (file: string) => Date.parse(new X509Certificate(readFileSync(file)).validTo)
  const firstMs = Math.min(endsMs(unit), endsMs(doors))
  let nowMs = firstMs - 31 * DAY_MS
  const said: string[] = []
  const alarms = { raise: (cause: string, about: string) => void said.push(`${cause} ${about}`) }
  const material = (file: string) => ({ ca: '', certificate: readFileSync(file, 'utf8'), key: '' })
  const own = { unit: () => material(unit), doors: () => material(doors) }
  let dueMs = Infinity
  const watch = createCertificateWatch(own, { alarms, now: () => nowMs, listDueMs: () => dueMs })
  watch.look()
  expect(said).toEqual([])
  nowMs = Math.max(endsMs(unit), endsMs(doors)) - 29 * DAY_MS
  for (let look = 0; look < 3; look += 1) watch.look()
  expect(said.map((one) => one.split(':')[0])).toEqual(['certificate-ending unit', 'certificate-ending doors'])
  nowMs += DAY_MS
  watch.look()
  expect(said).toHaveLength(4)
  // While it is being replaced it is none.
  writeFileSync(unit, '')
  nowMs += DAY_MS
  watch.look()
  expect(said).toHaveLength(5)
  // Cut off from the authority for a week: said with them, and each day.
  dueMs = nowMs - 1
  for (let look = 0; look < 3; look += 1) watch.look()
  expect(said.slice(5)).toEqual([`revocations-old ${new Date(dueMs).toISOString().slice(0, 10)}`])
})
