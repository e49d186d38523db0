import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MaskDocument, PictureDocument } from '@vigie/config-schema/site-document'
import { limitsOf } from '@vigie/edge-agent/frame/check-limits'
import { createProbeComparison } from '@vigie/edge-agent/frame/compare-probes'
import { createFramePipeline } from '@vigie/edge-agent/frame/frame-pipeline'
import { createLearntViewFile } from '@vigie/edge-agent/frame/learnt-view'
import { judgeJpeg } from '@vigie/edge-agent/frame/open-jpeg'
import { createPictureChecks } from '@vigie/edge-agent/frame/picture-checks'
import { probePicture } from '@vigie/edge-agent/frame/probe-picture'
import sharp from 'sharp'
import { agentMemoryBytes } from './measure/agent-memory.ts'
import { type Cost, costOf, costOfCommand, peakMemoryBytes } from './measure/cpu-time.ts'
import { megabytes, printReport, quantile, type Row, times } from './measure/figures.ts'
import { roadScene } from './measure/road-scene.ts'

/*
 * A 1080p camera picture becomes a masked 720p JPEG: what the unit does for each frame, against the least that any
 * program must do (decode, then encode, nothing between) and against two programs started for each frame.
 */
const ROUNDS = 60
const PEER_ROUNDS = 15
const picture: PictureDocument = { widthPx: 1280, quality: 80 }
const masks: MaskDocument = {
  version: 1,
  approvedOn: '2026-11-22',
  zones: [
    {
      label: 'house',
      fill: 'solid',
      polygon: [
        [0.1, 0.1],
        [0.3, 0.12],
        [0.28, 0.4],
        [0.12, 0.38],
      ],
    },
    {
      label: 'car park',
      fill: 'pixelated',
      polygon: [
        [0.6, 0.5],
        [0.95, 0.55],
        [0.9, 0.9],
        [0.62, 0.8],
      ],
    },
  ],
}

sharp.cache(false)
sharp.concurrency(1)
const source = await roadScene(1920, 1080)
const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
const input = join(folder, 'camera.jpg')
const output = join(folder, 'frame.jpg')
writeFileSync(input, source)

const pipeline = createFramePipeline({ picture, masks })
const decodedRaw = await sharp(source).resize({ width: picture.widthPx }).raw().toBuffer({ resolveWithObject: true })
const { width, height, channels } = decodedRaw.info

// Memory is read after each, the leanest first: a peak never falls again.
const decode = await rounds(ROUNDS, () =>
  costOf(() => sharp(source).resize({ width: picture.widthPx }).raw().toBuffer()),
)
const encode = await rounds(ROUNDS, () =>
  costOf(() =>
    sharp(decodedRaw.data, { raw: { width, height, channels } }).jpeg({ quality: picture.quality }).toBuffer(),
  ),
)
const unwatched = { zones: masks.zones, overlays: [{ x: 0, y: 0, width: 0.4, height: 0.1 }] }
const compare = createProbeComparison(unwatched)
const earlier = await probePicture(await judgeJpeg(await roadScene(1920, 1080, 2)))
const probe = await rounds(ROUNDS, () =>
  costOf(async () => compare(earlier, await probePicture(await judgeJpeg(source)))),
)
/** An hour between two pictures, so that a reference is learnt before it is matched. */
let nowMs = 0
const checks = createPictureChecks(
  { limits: limitsOf({}), unwatched },
  {
    time: { monotonicMs: () => nowMs },
    sunHeightDeg: () => 30,
    learnt: createLearntViewFile(join(folder, 'learnt'), masks.version),
  },
)
const seen = await probePicture(await judgeJpeg(source))
const ours = await rounds(ROUNDS, () => {
  nowMs += 3_600_000
  return costOf(async () => {
    const { detail } = await pipeline.processFrame(await judgeJpeg(source))
    checks.judge(seen, detail)
  })
})
const peak = peakMemoryBytes()
const idleBytes = await agentMemoryBytes(1 / 60, 20)
const workingBytes = await agentMemoryBytes(60, 60)

const rows: Row[] = []
const floor = cpu(decode) + cpu(encode)
rows.push(row('decode + resize alone', decode), row('encode alone', encode))
rows.push(row('the unit: decode, scores, masks, encode', ours))
rows.push(row('the unit: has it changed?', probe))

const ffmpeg = await peer('ffmpeg', ['-v', 'error', '-y', '-i', input, '-vf', ffmpegMasks(), '-q:v', '4', output])
const imagemagick = findImageMagick()
const magick =
  imagemagick === null
    ? null
    : await peer(imagemagick, [input, '-resize', '1280x720', ...magickMasks(), '-strip', '-quality', '80', output])
if (ffmpeg !== null) rows.push(row('ffmpeg, started for each frame', ffmpeg))
if (magick !== null) rows.push(row('ImageMagick, started for each frame', magick))

printReport(
  `pipeline: ${(source.byteLength / 1e3).toFixed(0)} kB 1920 × 1080 in, masked 1280 × 720 out, ${ROUNDS} frames each`,
  rows,
  [
    `The unit's frame costs ${times(cpu(ours), floor)} the processor time of decode alone + encode alone (aim: at most 1.3 ×, scores included).`,
    `Asking whether a picture has changed costs ${cpu(probe).toFixed(1)} ms (aim: at most 10 ms); it is asked of every picture, the rest is done when it has.`,
    ...(ffmpeg === null
      ? ['ffmpeg is not installed: no comparison with it.']
      : [`Against ffmpeg: ${times(cpu(ours), cpu(ffmpeg))} (aim: at most 0.2 ×).`]),
    ...(magick === null
      ? ['ImageMagick is not installed: no comparison with it.']
      : [`Against ImageMagick: ${times(cpu(ours), cpu(magick))} (aim: at most 0.2 ×).`]),
    `Peak memory of this process, which did all of this: ${megabytes(peak)}.`,
    `A process with one agent: ${megabytes(idleBytes)} resident while idle (aim: at most 110 MB), at most ${megabytes(workingBytes)} with a picture each second (aim: at most 200 MB).`,
  ],
)
rmSync(folder, { recursive: true })

async function rounds(count: number, once: () => Promise<Cost>): Promise<Cost[]> {
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await once()
  const costs: Cost[] = []
  for (let round = 0; round < count; round += 1) costs.push(await once())
  return costs
}

/** The median, since a shared machine disturbs single rounds. */
function cpu(costs: Cost[]): number {
  return quantile(
    costs.map(({ cpuMs }) => cpuMs),
    0.5,
  )
}

function row(label: string, costs: Cost[]): Row {
  const wall = costs.map(({ wallMs }) => wallMs)
  return {
    label,
    figures: {
      'cpu ms p50': cpu(costs),
      'wall ms p50': quantile(wall, 0.5),
      'wall ms p99': quantile(wall, 0.99),
      'of floor': times(cpu(costs), floor),
    },
  }
}

async function peer(command: string, args: string[]): Promise<Cost[] | null> {
  if (spawnSync(command, ['-version']).error !== undefined) return null
  return rounds(PEER_ROUNDS, () => costOfCommand(command, args))
}

/** Boxes around the same zones: what ffmpeg does without a mask file. */
function ffmpegMasks(): string {
  return 'scale=1280:720,drawbox=x=128:y=72:w=256:h=216:color=gray:t=fill,drawbox=x=768:y=360:w=448:h=288:color=gray:t=fill'
}

function magickMasks(): string[] {
  const polygons = masks.zones.map(
    ({ polygon }) => `polygon ${polygon.map(([x, y]) => `${x * 1280},${y * 720}`).join(' ')}`,
  )
  return ['-fill', 'gray', ...polygons.flatMap((polygon) => ['-draw', polygon])]
}

/** Debian's is `convert`; a program of that name that is not ImageMagick is passed over. */
function findImageMagick(): string | null {
  const candidates = ['/usr/bin/convert', '/usr/bin/magick'].filter((path) => existsSync(path))
  return candidates.find((path) => execFileSync(path, ['-version']).toString().includes('ImageMagick')) ?? null
}
