import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CheckCode } from '@vigie/edge-agent/frame/picture-verdicts'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CameraSite, WeatherName } from '../fakes/camera/options.ts'
import { createStudio } from '../fakes/camera/picture/studio.ts'
import { createJudgedView, type JudgedView } from '../fixtures/judged-view.ts'
import {
  behindTruck,
  blurred,
  CARDS,
  card,
  covered,
  frosted,
  overexposed,
  type Spoil,
  turned,
} from '../fixtures/spoil-picture.ts'

const SITES: Record<string, CameraSite> = {
  col: { latitude: 44.3, longitude: 6.6, altitudeM: 2247, kind: 'col' },
  ville: { latitude: 44.24, longitude: 6.63, altitudeM: 1425, kind: 'ville' },
  carrefour: { latitude: 43.83, longitude: 5.79, altitudeM: 370, kind: 'carrefour' },
  station: { latitude: 44.29, longitude: 6.57, altitudeM: 1800, kind: 'station' },
  tunnel: { latitude: 44.2, longitude: 5.94, altitudeM: 480, kind: 'tunnel' },
}
const MINUTE_MS = 60_000
const OVERLAY = { x: 0, y: 0, width: 0.45, height: 0.14 }
const MORNING = Date.parse('2026-01-20T09:00:00Z')
const studio = createStudio()

/** A picture of the simulated camera, with its clock and its name in the corner. */
function draw(name: string, atMs: number, weather?: WeatherName): Promise<Buffer> {
  const site = SITES[name]
  if (!site) throw new Error(`no site ${name}`)
  const overlay = [`${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`, name.toUpperCase()]
  return studio.photograph({ view: { site, seed: `${name}/1`, weather } }, atMs, { overlay, testCards: [] }, 85)
}

/** Every code that a judgement names. */
const codesOf = ({ doubts, withheld, suspected }: Awaited<ReturnType<JudgedView['see']>>): CheckCode[] =>
  [...doubts, withheld, suspected].filter((code) => code !== null)

/** A view that has learnt a morning of drawn pictures. */
async function learntView(name: string): Promise<JudgedView> {
  const view = createJudgedView(SITES[name] ?? SITES['col'] ?? { latitude: 0, longitude: 0 }, { overlays: [OVERLAY] })
  for (let picture = 0; picture < 8; picture++) {
    const atMs = MORNING + picture * 15 * MINUTE_MS
    expect(codesOf(await view.see(await draw(name, atMs), atMs)), `learning, ${picture}`).toEqual([])
  }
  return view
}

describe.each(['col', 'carrefour'])('a drawn view (%s)', (name) => {
  let view: JudgedView
  let atMs = MORNING + 3 * 60 * MINUTE_MS
  beforeAll(async () => {
    view = await learntView(name)
  })
  const next = () => {
    atMs += MINUTE_MS
    return atMs
  }
  async function seeThrice(spoil: Spoil, weather?: WeatherName) {
    const seen = []
    for (let picture = 0; picture < 3; picture++) {
      const moment = next()
      seen.push(codesOf(await view.see(await spoil(await draw(name, moment, weather)), moment)))
    }
    return seen
  }
  const asItIs: Spoil = async (jpeg) => Buffer.from(jpeg)

  test.each<[CheckCode, Spoil]>([
    ['picture-black', covered],
    ['picture-overexposed', overexposed],
    ['picture-blurred', blurred(4)],
    ['picture-blurred', frosted],
  ])(
    'is published with the doubt %s from the third such picture on, and without it from the third good one on',
    async (code, spoil) => {
      const spoilt = await seeThrice(spoil)
      expect(spoilt.slice(0, 2).flat()).not.toContain(code)
      expect(spoilt[2]).toContain(code)
      const good = await seeThrice(asItIs)
      expect(good[0]).toContain(code)
      expect(good[2]).toEqual([])
    },
  )

  test.each([
    ['three percent to the right', 0.03, 0],
    ['two percent to the left and three down', -0.02, 0.03],
    ['a tenth to the right and up', 0.09, -0.08],
  ])('that was turned %s is withheld from the first such picture on, until it is back', async (_, right, down) => {
    expect(await seeThrice(turned(right, down))).toEqual([['view-moved'], ['view-moved'], ['view-moved']])
    const good = await seeThrice(asItIs)
    expect(good[0]).toEqual(['view-moved'])
    expect(good[2]).toEqual([])
  })

  test.each(Object.keys(CARDS) as (keyof typeof CARDS)[])(
    'of which the camera gives "%s" is withheld',
    async (which) => {
      const spoil: Spoil = () => card(which)
      for (const codes of await seeThrice(spoil)) expect(codes).toContain('picture-not-road')
      await seeThrice(asItIs)
      expect((await seeThrice(asItIs))[2]).toEqual([])
    },
  )

  test.each<[string, Spoil, WeatherName | undefined]>([
    ['behind a lorry', behindTruck(0.45), undefined],
    ['in fog', asItIs, 'fog'],
    ['in snowfall, the ground white', asItIs, 'snow'],
    ['in rain', asItIs, 'rain'],
  ])('%s is nothing to doubt', async (_, spoil, weather) => {
    expect(await seeThrice(spoil, weather)).toEqual([[], [], []])
  })
})

describe('24 simulated hours of weather', () => {
  const isSoak = process.env['VIGIE_SOAK'] === '1'
  const everyMinutes = isSoak ? 5 : 40
  const places = isSoak ? Object.keys(SITES) : ['col', 'ville', 'tunnel']
  const days = isSoak ? ['2026-01-20', '2026-04-03', '2026-07-20', '2026-11-08'] : ['2026-01-20']

  test.each(days.flatMap((day) => places.map((name) => [day, name] as const)))(
    'raise no alarm (%s, %s)',
    async (day, name) => {
      const view = createJudgedView(SITES[name] ?? { latitude: 0, longitude: 0 }, { overlays: [OVERLAY] })
      const startMs = Date.parse(`${day}T08:00:00Z`)
      const alarms: string[] = []
      for (let minute = 0; minute < 24 * 60; minute += everyMinutes) {
        const atMs = startMs + minute * MINUTE_MS
        const judged = await view.see(await draw(name, atMs), atMs)
        const codes = [...codesOf(judged), ...(judged.repeats ? ['picture-frozen'] : [])]
        if (codes.length > 0) alarms.push(`${new Date(atMs).toISOString().slice(11, 16)} ${codes.join(' ')}`)
      }
      expect(alarms).toEqual([])
    },
    600_000,
  )
})

/** Stills of real roadside cameras, kept beside the project and not in it. */
const folder = fileURLToPath(new URL('../../../shared/frames', import.meta.url))
const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.jpg')) : []
if (names.length === 0) console.log(`Pictures of real cameras are not tested: there are none in ${folder}.`)

describe.skipIf(names.length === 0)('pictures of real cameras', () => {
  const noon = Date.parse('2026-06-20T11:00:00Z')
  const finland = { latitude: 62, longitude: 25 }
  async function see(jpeg: Uint8Array, times = 3) {
    const view = createJudgedView(finland)
    let codes: CheckCode[] = []
    for (let picture = 0; picture < times; picture++) codes = codesOf(await view.see(jpeg, noon + picture * MINUTE_MS))
    return codes
  }
  const pictures = names.map((name) => [name, readFileSync(`${folder}/${name}`)] as const)

  test.each(pictures)('are nothing to doubt as they are, and each spoilt one has its code (%s)', async (_, jpeg) => {
    expect(await see(jpeg)).toEqual([])
    expect(await see(await blurred(7)(jpeg))).toEqual(['picture-blurred'])
    expect(await see(await frosted(jpeg))).toEqual(['picture-blurred'])
    expect(await see(await covered(jpeg))).toContain('picture-black')
    expect(await see(await overexposed(jpeg))).toContain('picture-overexposed')
  })

  test.each(pictures)('are told from the same ones turned by three percent (%s)', async (_, jpeg) => {
    const view = createJudgedView(finland)
    for (let picture = 0; picture < 8; picture++) await view.see(jpeg, noon + picture * 15 * MINUTE_MS)
    const turnedJpeg = await turned(0.03, 0.02)(jpeg)
    expect(codesOf(await view.see(turnedJpeg, noon + 180 * MINUTE_MS))).toEqual(['view-moved'])
    expect(codesOf(await view.see(jpeg, noon + 181 * MINUTE_MS))).toEqual([])
  })
})
