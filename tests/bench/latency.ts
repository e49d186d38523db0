import { once } from 'node:events'
import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFramePipeline } from '@vigie/edge-agent/frame/frame-pipeline'
import { judgeJpeg } from '@vigie/edge-agent/frame/open-jpeg'
import sharp from 'sharp'
import { startFleet } from '../fleet/fleet.ts'
import { printReport, quantile, times } from './measure/figures.ts'
import { roadScene } from './measure/road-scene.ts'

/*
 * From the camera's answer on the unit to the event in a viewer's hands: masks, encode, seal, outbox, broker, verify,
 * store, commit, SSE. Everything is on one machine, so capture time and arrival are read from one clock. The floor is the
 * work that no design can leave out: the picture's pipeline and one durable write.
 */
const FRAMES = Number(process.argv[2] ?? 200)

/** Cameras that would draw on the same cores would be what is measured. */
const pictures = await readyPictures(6)
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
const fleet = await startFleet({
  dataFolder,
  ports: 'free',
  sites: 4,
  pace: 20,
  agentsPerProcess: 1,
  cameras: { pictureKeptMs: 0, osd: false, folder: pictures },
})
const arrivals: { capturedAt: number; arrivedAt: number }[] = []
let latencies: number[] = []
try {
  await fleet.live(() => {}, AbortSignal.timeout(90_000))
  for await (const capturedAt of capturesAnnounced(fleet.addresses.origin)) {
    arrivals.push({ capturedAt, arrivedAt: Date.now() })
    if (arrivals.length === FRAMES) break
  }
  const answersMs = cameraAnswersMs(join(dataFolder, 'logs'))
  latencies = arrivals.flatMap(({ capturedAt, arrivedAt }) => {
    const answerMs = answersMs.get(capturedAt)
    return answerMs === undefined ? [] : [arrivedAt - capturedAt - answerMs]
  })
} finally {
  await fleet.stop()
  for (const folder of [dataFolder, pictures]) rmSync(folder, { recursive: true, force: true })
}

const floor = await floorsMs(40)
const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
printReport(
  `latency: the camera's answer → event at a viewer, ${FRAMES} frames of 4 units, a frame every 3 s each`,
  [
    {
      label: 'camera’s answer → SSE event',
      figures: { 'ms p50': p50, 'ms p99': p99, 'ms max': quantile(latencies, 1) },
    },
    {
      label: 'floor: pipeline + one durable write',
      figures: { 'ms p50': quantile(floor, 0.5), 'ms p99': quantile(floor, 0.99) },
    },
  ],
  [
    `Aim on a quiet machine: p50 at most 60 ms, p99 at most 200 ms. p50 is ${times(p50, quantile(floor, 0.5))} the floor; cameras (with ready pictures), units, broker, cloud and viewer share the cores.`,
  ],
)

/** A folder of pictures of one road on which something stands elsewhere each time: none is like the one before. */
async function readyPictures(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-pictures-'))
  const lorry = await sharp({ create: { width: 320, height: 220, channels: 3, background: '#b33' } })
    .png()
    .toBuffer()
  for (let index = 0; index < count; index += 1) {
    const scene = sharp(await roadScene(1920, 1080, index + 1))
    const picture = scene.composite([{ input: lorry, left: 300 + index * 200, top: 700 }]).jpeg({ quality: 88 })
    await picture.toFile(join(folder, `${index}.jpg`))
  }
  return folder
}

/** How long the camera took for each frame, by its capture time: a frame's time is that of the question, not of the answer. */
function cameraAnswersMs(folder: string): Map<number, number> {
  const lines = readdirSync(folder)
    .filter((name) => name.startsWith('agents-'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
  return new Map(
    lines.flatMap((line) => {
      const [, at = '', answerMs = ''] = /"at":"([^"]+)".*"answerMs":(\d+).*"frame\.captured"/.exec(line) ?? []
      return at === '' ? [] : [[Date.parse(at), Number(answerMs)] as const]
    }),
  )
}

/** Capture times of the frames that the public event stream announces, as they arrive. */
async function* capturesAnnounced(origin: string): AsyncGenerator<number> {
  const request = get(`${origin}/api/v1/events`)
  const [answer] = (await once(request, 'response')) as [IncomingMessage] // what a request's 'response' carries
  answer.setEncoding('utf8')
  let text = ''
  for await (const chunk of answer) {
    text += chunk
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data === undefined) continue
      const { cause, webcam } = JSON.parse(data) as Announced
      if (cause !== 'frame') continue
      yield Math.max(
        ...webcam.properties.presets.map(({ capturedAt }) => (capturedAt === null ? 0 : Date.parse(capturedAt))),
      )
    }
  }
}

type Announced = { cause: string; webcam: { properties: { presets: { capturedAt: string | null }[] } } }

async function floorsMs(rounds: number): Promise<number[]> {
  const picture = await roadScene(1920, 1080)
  const view = { picture: { widthPx: 1280, quality: 80 }, masks: { version: 1, approvedOn: '2026-11-22', zones: [] } }
  const pipeline = createFramePipeline(view)
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-floor-'))
  const found: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    const { jpeg } = await pipeline.processFrame(await judgeJpeg(picture))
    const file = openSync(join(folder, String(round)), 'w')
    writeSync(file, jpeg)
    fsyncSync(file)
    closeSync(file)
    found.push(performance.now() - start)
  }
  rmSync(folder, { recursive: true })
  return found
}
