import { AgentFault } from '@vigie/edge-agent/faults'
import { createProbeComparison } from '@vigie/edge-agent/frame/compare-probes'
import { createFramePipeline } from '@vigie/edge-agent/frame/frame-pipeline'
import { judgeJpeg } from '@vigie/edge-agent/frame/open-jpeg'
import { type Probe, probePicture } from '@vigie/edge-agent/frame/probe-picture'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { FUZZ_RUNS, fuzz, pick } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'

/** The pipeline's own bound, and what V8 lets lie about before it collects. */
const GROWTH_MAX_BYTES = 120_000_000
const wholeView = { zones: [], overlays: [] }
const everything = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as [number, number][]

/** What cameras give: baseline and progressive, colour and grey, four inks, turned, with a thumbnail's worth of EXIF. */
async function soundPictures(): Promise<Buffer[]> {
  const [width, height] = [256, 144]
  const pixels = Buffer.from(Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 2_654_435_761) >>> 24))
  const scene = () => sharp(pixels, { raw: { width, height, channels: 3 } })
  return Promise.all([
    scene().jpeg().toBuffer(),
    scene().jpeg({ progressive: true }).toBuffer(),
    scene().greyscale().jpeg().toBuffer(),
    scene().toColourspace('cmyk').jpeg().toBuffer(),
    scene().withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  ])
}

test('no bytes of a camera crash the unit, fill it or come through a mask: each ends as a frame or in a fault', async () => {
  const sound = await soundPictures()
  const pipeline = createFramePipeline({
    picture: { widthPx: 320, quality: 80 },
    masks: { version: 1, approvedOn: '2026-11-22', zones: [{ label: 'all', fill: 'solid', polygon: everything }] },
  })
  const compare = createProbeComparison(wholeView)
  const ends = new Map<string, number>()
  let last: Probe | null = null
  let afterWarmUp = 0
  await fuzz(async (random, run) => {
    const bytes = mutateBytes(pick(random, sound), random)
    let end = 'frame'
    try {
      const jpeg = await judgeJpeg(bytes)
      const probe = await probePicture(jpeg)
      expect(Math.max(probe.widthPx, probe.heightPx)).toBeLessThanOrEqual(240)
      if (last) compare(last, probe)
      last = probe
      const frame = await pipeline.processFrame(jpeg)
      const { channels } = await sharp(frame.jpeg).stats()
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeLessThan(1)
    } catch (error) {
      if (!(error instanceof AgentFault)) throw error
      expect(['picture-broken', 'picture-too-large']).toContain(error.code)
      end = error.code
    }
    ends.set(end, (ends.get(end) ?? 0) + 1)
    if (run === Math.floor(FUZZ_RUNS / 4)) afterWarmUp = process.memoryUsage.rss()
  })
  console.log(`pictures ended as: ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`)
  expect(ends.get('picture-broken')).toBeGreaterThan(0)
  expect(process.memoryUsage.rss() - afterWarmUp).toBeLessThan(GROWTH_MAX_BYTES)
})
