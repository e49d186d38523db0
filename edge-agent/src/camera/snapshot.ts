import { CameraFault } from './camera-fault.ts'
import type { CameraPicture } from './camera-port.ts'
import { deviceText } from './device-text.ts'
import type { HttpClient } from './http-client.ts'
import { pinAddress } from './pinned-address.ts'

/** A 4K JPEG at its best quality weighs about 5 MB. Beyond: `camera-answer-too-large`. */
export const SNAPSHOT_MAX_BYTES = 8 * 1024 * 1024

/** One to the real path, one to a trailing slash; a third is a loop. */
const MAX_REDIRECTS = 2

/**
 * Fetches the picture that stands at an address of the camera. Redirects are followed on the same host only. What comes
 * must begin as a JPEG, whatever the header says it is; some cameras call their pictures text/html, and some answer a
 * login page with status 200.
 */
export async function fetchSnapshot(
  http: HttpClient,
  address: URL,
  signal: AbortSignal,
): Promise<Omit<CameraPicture, 'answerMs'>> {
  let url = address
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const headers = { Accept: 'image/jpeg, */*;q=0.5' }
    const answer = await http.send({ url, method: 'GET', headers, maxBytes: SNAPSHOT_MAX_BYTES }, signal)
    if (answer.status >= 300 && answer.status < 400) {
      url = sameHost(url, answer.headers.location ?? '')
      continue
    }
    if (answer.status !== 200) throw new CameraFault('camera-refused', `HTTP ${answer.status} instead of a picture`)
    const contentType = deviceText(answer.headers['content-type'])
    if (!beginsAsJpeg(answer.body)) throw new CameraFault('picture-not-jpeg', contentType || 'no content type')
    return { bytes: answer.body, contentType }
  }
  throw new CameraFault('camera-redirected-elsewhere', 'again and again')
}

function sameHost(from: URL, location: string): URL {
  const pinned = pinAddress(from, location)
  if (pinned === null || pinned.foreignHost !== null || !isAsSafe(from, location)) {
    throw new CameraFault('camera-redirected-elsewhere', deviceText(location))
  }
  return pinned.url
}

const isAsSafe = (from: URL, location: string) =>
  from.protocol !== 'https:' || new URL(location, from).protocol === 'https:'

/** Start of image, and the first byte of any marker (ITU-T T.81, B.1.1.2). */
const beginsAsJpeg = (bytes: Uint8Array) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
