import type { MaskDocument } from '@vigie/config-schema/site-document'
import fc from 'fast-check'
import sharp, { type Region } from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { AgentFault } from '../faults.ts'
import { createFramePipeline } from './frame-pipeline.ts'
import { judgeJpeg } from './open-jpeg.ts'

const noZones: MaskDocument = { version: 3, approvedOn: '2026-11-22', zones: [] }
const leftHalf: MaskDocument = {
  ...noZones,
  zones: [
    {
      label: 'left',
      fill: 'solid',
      polygon: [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ],
    },
  ],
}
const picture = { widthPx: 640, quality: 80 }
/** The way of a camera's bytes: judged, then processed. */
function pipelineOf(masks: MaskDocument) {
  const pipeline = createFramePipeline({ picture, masks })
  return { processFrame: async (bytes: Uint8Array) => pipeline.processFrame(await judgeJpeg(bytes)) }
}

/** A picture that no codec makes small, with everything in it that a camera may write beside the pixels. */
function noise(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0; at < data.length; at++) data[at] = (at * 2_654_435_761) >>> 24
  return sharp(data, { raw: { width, height, channels: 3 } })
}

let jpeg: Buffer
beforeAll(async () => {
  jpeg = await noise(1280, 720)
    .withExif({ IFD0: { Copyright: 'the maker', Software: 'camera' } })
    .withIccProfile('srgb')
    .jpeg()
    .toBuffer()
})

/** The markers of a JPEG before its pixels, in hexadecimal. */
function markersOf(bytes: Uint8Array): string[] {
  const markers: string[] = []
  const view = Buffer.from(bytes)
  for (
    let at = 2;
    at + 4 <= view.length && view[at] === 0xff && view[at + 1] !== 0xda;
    at += 2 + view.readUInt16BE(at + 2)
  ) {
    markers.push((view[at + 1] ?? 0).toString(16))
  }
  return markers
}

/** How far the values of a part of a picture lie from the masks' grey, at most. */
async function spreadOf(bytes: Uint8Array, part: Region): Promise<number> {
  const values = await sharp(bytes).extract(part).raw().toBuffer()
  return values.reduce((most, value) => Math.max(most, Math.abs(value - 0x80)), 0)
}

const faultOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error) => (error instanceof AgentFault ? error.code : error),
  )

describe('processFrame', () => {
  test('gives a JPEG of the wished width, with the version of the masks it drew', async () => {
    const frame = await pipelineOf(noZones).processFrame(jpeg)
    expect(frame).toMatchObject({ widthPx: 640, heightPx: 360, maskVersion: 3 })
    expect(await sharp(frame.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 360 })
  })

  test('keeps nothing that the camera wrote beside the pixels', async () => {
    const before = await sharp(jpeg).metadata()
    expect(before.exif).toBeDefined()
    expect(before.icc).toBeDefined()
    const frame = await pipelineOf(noZones).processFrame(jpeg)
    const after = await sharp(frame.jpeg).metadata()
    expect([after.exif, after.icc, after.xmp, after.iptc, after.comments]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    // No application segment (e0 to ef) and no comment (fe): nothing but tables, frame and pixels.
    expect(markersOf(frame.jpeg).filter((marker) => marker.startsWith('e') || marker === 'fe')).toEqual([])
  })

  test('draws the masks: no pixel of the zone is left', async () => {
    const { jpeg: masked } = await pipelineOf(leftHalf).processFrame(jpeg)
    // JPEG keeps colour at half the resolution: at the zone's edge a little of the neighbour's comes back.
    expect(await spreadOf(masked, { left: 0, top: 0, width: 320, height: 360 })).toBeLessThan(8)
    expect(await spreadOf(masked, { left: 340, top: 0, width: 300, height: 360 })).toBeGreaterThan(40)
  })

  test('does not enlarge a smaller picture', async () => {
    const small = await noise(320, 200).jpeg().toBuffer()
    expect(await pipelineOf(noZones).processFrame(small)).toMatchObject({ widthPx: 320, heightPx: 200 })
  })

  test('turns a picture upright before it draws, so that masks hide what a person saw when drawing them', async () => {
    // Orientation 6: what the file has at its bottom left is seen at the top left.
    const turned = await noise(400, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const frame = await pipelineOf(leftHalf).processFrame(turned)
    expect(frame).toMatchObject({ widthPx: 300, heightPx: 400 })
    // Up to the last block of 16 px that holds nothing but the zone.
    expect(await spreadOf(frame.jpeg, { left: 0, top: 0, width: 143, height: 400 })).toBeLessThan(8)
    expect(await spreadOf(frame.jpeg, { left: 170, top: 0, width: 130, height: 400 })).toBeGreaterThan(40)
    expect((await sharp(frame.jpeg).metadata()).orientation).toBeUndefined()
  })

  test('takes grey pictures of infrared nights and CMYK, and gives three channels', async () => {
    const grey = await noise(320, 200).greyscale().jpeg().toBuffer()
    const cmyk = await noise(320, 200).toColourspace('cmyk').jpeg().toBuffer()
    for (const odd of [grey, cmyk]) {
      const frame = await pipelineOf(leftHalf).processFrame(odd)
      expect((await sharp(frame.jpeg).metadata()).channels).toBe(3)
    }
  })

  test('gives the same frame for the same picture', async () => {
    const pipeline = pipelineOf(leftHalf)
    const [one, other] = [await pipeline.processFrame(jpeg), await pipeline.processFrame(jpeg)]
    expect(Buffer.compare(one.jpeg, other.jpeg)).toBe(0)
  })

  test('refuses what is no JPEG before any decoder sees it', async () => {
    const png = await noise(32, 32).png().toBuffer()
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    for (const other of [png, svg, Buffer.alloc(0), Buffer.from('GIF89a')]) {
      expect(await faultOf(pipelineOf(noZones).processFrame(other))).toBe('picture-broken')
    }
  })

  test('refuses a picture that ends too early: half a road is not shown', async () => {
    for (const part of [0.1, 0.5, 0.98]) {
      const cut = jpeg.subarray(0, Math.floor(jpeg.length * part))
      expect(await faultOf(pipelineOf(noZones).processFrame(cut))).toBe('picture-broken')
    }
  })

  test('refuses by the header a picture of more pixels than it takes, whatever it weighs', async () => {
    const claims = Buffer.from(jpeg)
    const frameHeader = claims.indexOf(Buffer.from([0xff, 0xc0]))
    claims.writeUInt16BE(65_000, frameHeader + 5)
    claims.writeUInt16BE(65_000, frameHeader + 7)
    expect(await faultOf(pipelineOf(noZones).processFrame(claims))).toBe('picture-too-large')
    const thin = await sharp({ create: { width: 16, height: 9000, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    expect(await faultOf(pipelineOf(noZones).processFrame(thin))).toBe('picture-too-large')
  })

  test('refuses more bytes than a camera may send', async () => {
    const padded = Buffer.concat([jpeg, Buffer.alloc(8 * 1024 * 1024)])
    expect(await faultOf(pipelineOf(noZones).processFrame(padded))).toBe('picture-too-large')
  })

  test('never lets damaged bytes through as anything but a masked frame or a fault', async () => {
    const small = await noise(160, 120).jpeg().toBuffer()
    const pipeline = pipelineOf({
      ...leftHalf,
      zones: [
        {
          label: 'all',
          fill: 'solid',
          polygon: [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        },
      ],
    })
    const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(small)
        for (const [at, value] of changes) bytes[at] = value
        const fault = await faultOf(
          pipeline.processFrame(bytes).then(async ({ jpeg: masked }) => {
            const { channels } = await sharp(masked).stats()
            expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeLessThan(1)
          }),
        )
        expect(['none', 'picture-broken', 'picture-too-large']).toContain(fault)
      }),
      { numRuns: 80 },
    )
  })
})
