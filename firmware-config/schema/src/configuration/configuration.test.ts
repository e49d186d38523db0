import { fileURLToPath } from 'node:url'
import { DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import { describe, expect, test } from 'vitest'
import { readFleet } from '../documents.ts'
import { composeSite, splitSite } from './compose.ts'
import { CONFIGURATION_DOCUMENTS, configurationProblems } from './configuration.ts'

const fleet = readFleet(fileURLToPath(new URL('../../../sites', import.meta.url)))
const [site] = fleet
if (!site) throw new Error('no site')
const documents = () => structuredClone(splitSite(site))

test('the documents are those that the wire knows', () => {
  expect([...CONFIGURATION_DOCUMENTS]).toEqual([...DESIRED_DOCUMENTS])
})

test('every site of the reference fleet is the same after it was taken apart and put together', () => {
  for (const one of fleet) {
    expect(configurationProblems(splitSite(one), 'stored')).toEqual([])
    expect(composeSite(splitSite(one), one.unit)).toEqual(one)
  }
})

describe('a mistake is named by its document and its place', () => {
  test('where a value has the wrong shape', () => {
    const wrong = documents()
    wrong.masks.views[0]?.masks.zones.push({ label: 'mur', fill: 'solid', polygon: [[0, 0]] })
    const zone = (wrong.masks.views[0]?.masks.zones.length ?? 0) - 1
    expect(configurationProblems(wrong, 'stored').map(({ place }) => place)).toContain(
      `masks.views[0].masks.zones[${zone}].polygon`,
    )
  })

  test('where two documents do not fit', () => {
    const wrong = documents()
    wrong.schedule.cameras = wrong.schedule.cameras.map((one) => ({ ...one, camera: 'cam9' }))
    wrong.masks.views = wrong.masks.views.map((one) => ({ ...one, preset: 'nulle-part' }))
    expect(configurationProblems(wrong, 'stored').map(({ place, message }) => `${place}: ${message}`)).toEqual([
      'schedule.cameras: "cam1" is missing',
      'schedule.cameras[0].camera: is no camera of this site',
      'masks.views[0].preset: is no preset of this camera',
    ])
  })

  test('where a document is missing or is no object', () => {
    const places = (value: unknown) =>
      configurationProblems({ ...documents(), budget: value }, 'stored').map(({ place }) => place)
    expect(places(undefined)).toEqual(['budget'])
    expect(places(7)).toEqual(['budget'])
  })
})

test('a password in clear fits neither where it lies nor where it travels, and no problem repeats it', () => {
  const withPassword = (password: unknown) => {
    const all = documents()
    const cameras = all.camera.cameras.map((camera) => ({ ...camera, access: { url: 'http://192.0.2.7/', password } }))
    return { ...all, camera: { cameras } }
  }
  for (const form of ['stored', 'sealed'] as const) {
    const problems = configurationProblems(withPassword('hunter2'), form)
    expect(problems.map(({ place }) => place)).toEqual(['camera.cameras[0].access.password'])
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  }
  expect(configurationProblems(withPassword('hunter2'), 'entered')).toEqual([])
  expect(configurationProblems(withPassword('vault:abc'), 'stored')).toEqual([])
  expect(configurationProblems(withPassword('ey.a.b.c.d'), 'sealed')).toEqual([])
})
