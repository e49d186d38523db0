import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { CameraFault } from './camera-fault.ts'
import type { CameraPicture } from './camera-port.ts'
import { openRtspRelay, type RtspTarget } from './rtsp-relay.ts'
import { SNAPSHOT_MAX_BYTES } from './snapshot.ts'

/** No road needs more; a wider stream is made smaller where it is decoded. */
const MAX_WIDTH_PX = 3840
/** How much of a stream ffmpeg looks at before it decodes: with a description of the stream a second is enough. */
const ANALYSE = ['-probesize', '1000000', '-analyzeduration', '1000000']

/**
 * One picture of an RTSP stream: its next key frame, decoded and encoded again by ffmpeg, which must be installed. What
 * ffmpeg is told (and what others on the machine can see of it) is an address of loopback that is worth nothing a moment
 * later: login, TLS and the camera's real address stay with the relay.
 *
 * ffmpeg is killed when the signal is aborted, and never outlives the call.
 * @throws CameraFault `camera-needs-ffmpeg`, or what the camera did wrong
 */
export async function fetchStreamPicture(
  target: RtspTarget,
  { program, onConnected }: { program: string; onConnected(): void },
  signal: AbortSignal,
): Promise<Omit<CameraPicture, 'answerMs'>> {
  signal.throwIfAborted()
  const randomHex = () => randomBytes(16).toString('hex')
  const relay = await openRtspRelay(target, { token: randomHex(), randomHex, onConnected })
  // Nothing of our environment is ffmpeg's business; the system's own folders are searched for it.
  const child = spawn(program, ffmpegArguments(relay.url), { env: {}, stdio: ['ignore', 'pipe', 'ignore'] })
  const kill = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const [bytes] = await Promise.all([collect(child, child.stdout), ended(child)])
    signal.throwIfAborted()
    if (bytes.byteLength > SNAPSHOT_MAX_BYTES) throw new CameraFault('camera-answer-too-large', 'a frame of its stream')
    if (bytes.byteLength > 0) return { bytes, contentType: 'video' }
    throw relay.fault() ?? new CameraFault('camera-answer-broken', 'no picture in its stream')
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
    relay.close()
  }
}

function ffmpegArguments(url: string): string[] {
  const reading = ['-rtsp_transport', 'tcp', '-allowed_media_types', 'video', ...ANALYSE]
  // Only from a key frame on is a picture whole; what comes before is grey or smeared.
  const first = ['-skip_frame', 'nokey', '-i', url, '-an', '-frames:v', '1']
  const writing = [
    '-vf',
    `scale='min(${MAX_WIDTH_PX},iw)':-2`,
    '-c:v',
    'mjpeg',
    '-q:v',
    '3',
    '-f',
    'image2pipe',
    'pipe:1',
  ]
  const careful = ['-nostdin', '-hide_banner', '-loglevel', 'quiet', '-protocol_whitelist', 'rtsp,rtp,tcp,pipe']
  return [...careful, '-threads', '1', ...reading, ...first, ...writing]
}

/** All that it writes; ends the program when that is too much for one picture. */
async function collect(child: ChildProcess, output: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of output as AsyncIterable<Buffer>) {
    length += chunk.byteLength
    chunks.push(chunk)
    if (length > SNAPSHOT_MAX_BYTES) child.kill('SIGKILL')
  }
  return Buffer.concat(chunks, length)
}

/** Resolves when it has ended, however it ended; rejects when it could not be started. */
async function ended(child: ChildProcess): Promise<void> {
  try {
    await once(child, 'close')
  } catch (cause) {
    throw new CameraFault('camera-needs-ffmpeg', undefined, { cause })
  }
}
