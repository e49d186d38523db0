import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFleet } from '@vigie/config-schema/documents'
import { expect, test } from 'vitest'
import { planCameras } from './camera-plan.ts'
import { writeFleetDocuments } from './fleet-documents.ts'
import { placesOf } from './places.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'vigie-fleet-'))
const { reference } = placesOf(folder())

test('the reference fleet has 41 sites, every view has a mask document, and none takes more than a picture a minute', () => {
  const fleet = readFleet(reference)
  const cameras = fleet.flatMap((site) => site.cameras)
  expect(fleet).toHaveLength(41)
  expect(cameras.flatMap(({ presets }) => presets).filter(({ masks }) => masks === undefined)).toEqual([])
  expect(cameras.filter(({ schedule }) => schedule.intervalS < 60)).toEqual([])
})

test('a smaller and faster fleet leaves the reference fleet as it is', () => {
  const before = readFleet(reference)
  const documents = folder()
  writeFleetDocuments(reference, documents, { sites: 5, pace: 1 })
  const fleet = writeFleetDocuments(reference, documents, { sites: ['col-de-vars', 'quinson'], pace: 6 })
  expect(fleet.map(({ id }) => id)).toEqual(['col-de-vars', 'quinson'])
  expect(fleet.flatMap(({ cameras }) => cameras.map(({ schedule }) => schedule.intervalS))).toEqual([10, 10])
  expect(readFleet(reference)).toEqual(before)
})

test('each camera has its own port and a password that only its owner can read and that stays', () => {
  const fleet = writeFleetDocuments(reference, folder(), { sites: 3, pace: 1 })
  const passwordFolder = folder()
  const plan = planCameras(fleet, { firstPort: 9001, passwordFolder })
  expect(plan.options.map(({ listen }) => listen.port)).toEqual([9001, 9002, 9003])
  const file = plan.access.get('col-d-allos')?.['cam1']?.passwordFile ?? ''
  expect(readFileSync(file, 'utf8')).toBe(plan.options[0]?.password)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(planCameras(fleet, { firstPort: 9001, passwordFolder }).options).toEqual(plan.options)
})
