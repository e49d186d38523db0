import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readBoardProfiles, readFleet, readReaderProfiles, readSiteDocument } from './documents.ts'

const allos = {
  id: 'col-d-allos',
  unit: 'vg-0001',
  name: "Col d'Allos",
  road: 'D908',
  kind: 'col',
  latitude: 44.2975,
  longitude: 6.5936,
  altitudeM: 2247,
  wave: 2020,
  cameras: [
    {
      id: 'cam1',
      profile: 'simulator',
      schedule: { intervalS: 60 },
      picture: { widthPx: 1280, quality: 80 },
      presets: [
        {
          id: 'nord',
          label: 'vers Barcelonnette',
          masks: {
            version: 1,
            approvedOn: '2026-09-01',
            zones: [
              {
                label: 'refuge',
                fill: 'solid',
                polygon: [
                  [0, 0],
                  [0.1, 0],
                  [0, 0.1],
                ],
              },
            ],
          },
        },
      ],
    },
  ],
}

function folderWith(documents: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-sites-'))
  for (const [name, document] of Object.entries(documents)) {
    writeFileSync(join(folder, name), typeof document === 'string' ? document : JSON.stringify(document))
  }
  return folder
}

const reading = (document: unknown) => () =>
  readSiteDocument(join(folderWith({ 'col-d-allos.json': document }), 'col-d-allos.json'))

describe('a site document', () => {
  test('is read when it is right', () => {
    expect(reading(allos)()).toEqual(allos)
  })

  test('is refused with every place that is wrong', () => {
    const [camera] = allos.cameras
    const wrong = { ...allos, altitude: 3, road: 'la D908', cameras: [{ ...camera, schedule: { intervalS: 0 } }] }
    expect(reading(wrong)).toThrow(/altitude: unknown key/)
    expect(reading(wrong)).toThrow(/road: /)
    expect(reading(wrong)).toThrow(/cameras\[0\]\.schedule\.intervalS: /)
  })

  test('is refused when two presets have one id, when its name is another and when it is not JSON', () => {
    const [camera] = allos.cameras
    const twice = {
      ...allos,
      cameras: [{ ...camera, presets: [...(camera?.presets ?? []), ...(camera?.presets ?? [])] }],
    }
    expect(reading(twice)).toThrow(/cameras\[0\]\.presets: "nord" stands twice/)
    expect(reading({ ...allos, id: 'col-de-vars' })).toThrow(/not the name of the file/)
    expect(reading('{')).toThrow(/is not JSON/)
  })

  test('is refused when its tour ends at a preset that is not there', () => {
    const [camera] = allos.cameras
    const touring = (home: string) => ({ ...allos, cameras: [{ ...camera, tour: { home, dwellS: 10 } }] })
    expect(reading(touring('nord'))()).toEqual(touring('nord'))
    expect(reading(touring('sud'))).toThrow(/cameras\[0\]\.tour\.home: is no preset of this camera/)
  })

  test('is refused when its winter begins on a day that no year has', () => {
    const [camera] = allos.cameras
    const winter = (from: string) => ({
      ...allos,
      cameras: [{ ...camera, schedule: { intervalS: 60, winter: { from, until: '03-15', intervalS: 60 } } }],
    })
    expect(reading(winter('11-15'))()).toEqual(winter('11-15'))
    expect(reading(winter('13-01'))).toThrow(/winter\.from/)
  })
})

test('a fleet is refused when one unit stands at two sites', () => {
  const folder = folderWith({ 'col-d-allos.json': allos, 'col-de-vars.json': { ...allos, id: 'col-de-vars' } })
  expect(() => readFleet(folder)).toThrow(/vg-0001: stands at two sites/)
})

test('the profiles of readers and boards can be read, and a board without inputs never confirms a passage', () => {
  const profiles = (of: string) => new URL(`../../profiles/${of}`, import.meta.url).pathname
  expect([...readReaderProfiles(profiles('readers')).keys()]).toContain('generic-serial')
  const boards = readBoardProfiles(profiles('boards'))
  expect(boards.get('waveshare-modbus-rtu-relay')?.confirmsPassage).toBe(false)
  const deaf = { ...boards.get('waveshare-modbus-rtu-relay'), confirmsPassage: true }
  expect(() => readBoardProfiles(folderWith({ 'deaf.json': deaf }))).toThrow(/confirmsPassage: must be false/)
})
