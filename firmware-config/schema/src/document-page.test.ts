import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CameraProfile } from './camera-profile.ts'
import { DOCUMENT_SCHEMAS } from './configuration/configuration.ts'
import { describeDocuments, fieldsOf } from './document-page.ts'
import { BoardProfile, ReaderProfile } from './lane-profiles.ts'
import { SiteDocument } from './site-document.ts'

const PAGE = new URL('../../DOCUMENTS.md', import.meta.url)
const SCHEMAS = { ...DOCUMENT_SCHEMAS, SiteDocument, CameraProfile, ReaderProfile, BoardProfile }

test('the page of the documents is the one that the schemas make', () => {
  const made = 'npm run generate -w @vigie/config-schema makes it anew'
  expect(readFileSync(PAGE, 'utf8'), made).toBe(describeDocuments())
})

test('every field of every document says what it means and which values it takes', () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const fields = fieldsOf(schema)
    expect(fields.length, name).toBeGreaterThan(0)
    const mute = fields.filter(({ meaning, value }) => meaning === '' || value === '').map(({ path }) => path)
    expect(mute, name).toEqual([])
  }
})

test('a field is told by its path, its bounds with their unit, and whether it must be there', () => {
  const told = (path: string) => fieldsOf(SiteDocument).find((field) => field.path === path)
  expect(told('cameras[].picture.widthPx')).toMatchObject({
    isOptional: false,
    value: 'whole number, 320 to 3840 px',
  })
  expect(told('cameras[].schedule.winter.from')?.isOptional).toBe(false)
  expect(told('cameras[].schedule.winter')?.isOptional).toBe(true)
  expect(told('kind')?.value).toContain('`"col"`')
})
