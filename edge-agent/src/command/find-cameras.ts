import type { CommandNamed } from '@vigie/contract/command'
import { CAMERA_URL_MAX_CHARACTERS, RESULT_MAX_BYTES, type ResultOf } from '@vigie/contract/command-result'
import type { CameraId, ItemId } from '@vigie/contract/ids'
import { CameraFault } from '../camera/camera-fault.ts'
import type { CameraPort } from '../camera/camera-port.ts'
import { withinDeadline } from '../camera/deadline.ts'
import type { DiscoveredCamera } from '../camera/discovery-answer.ts'
import { type FaultCode, faultCodeOf } from '../faults.ts'
import type { Time } from '../time.ts'
import { makeCoarse } from './coarse-picture.ts'
import { type Doer, done } from './doer.ts'
import type { Previews } from './previews.ts'

export type FindDeps = {
  time: Time
  discover(signal: AbortSignal): Promise<DiscoveredCamera[]>
  /** The camera of the site that stands at this address; null: none does. */
  knownAt(url: string): { id: CameraId; port: CameraPort } | null
  /** A port to a camera that nobody has given a login for. */
  openStranger(url: string): CameraPort
  previews: Pick<Previews, 'offer'>
}

type Found = ResultOf<'found-cameras'>['cameras'][number]

/** As many as a result holds, if their names are not too long. A site has a handful. */
const MAX_LISTED = 32
/** What is added of one that gives no picture, and what stands around them all. */
const FAULT_MAX_BYTES = 64
/** Pictures are tried of so many, each for so long: half a minute in all. */
const MAX_PREVIEWS = 8
const PREVIEW_WITHIN_MS = 5_000

/**
 * Lists the cameras of the unit's own network, with a small picture of each that gives one. No password is tried on a
 * stranger: a device that only says that it is a camera would learn it.
 */
export function findCameras({
  time,
  discover,
  knownAt,
  openStranger,
  previews,
}: FindDeps): Doer<CommandNamed<'find-cameras'>> {
  async function preview(camera: Found, command: ItemId, signal: AbortSignal): Promise<FaultCode | null> {
    const known = knownAt(camera.url)
    const port = known?.port ?? openStranger(camera.url)
    const late = () => new CameraFault('camera-timeout', `${PREVIEW_WITHIN_MS} ms`)
    try {
      const { bytes, answerMs } = await withinDeadline(PREVIEW_WITHIN_MS, signal, late, (inTime) =>
        port.grabPicture(null, inTime),
      )
      const picture = await makeCoarse(bytes)
      previews.offer({ command, camera: camera.as, picture, monoMs: time.monotonicMs() - answerMs })
      return null
    } catch (error) {
      signal.throwIfAborted()
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      return fault
    } finally {
      if (known === null) port.close()
    }
  }

  return {
    async run(_body, { id, signal }) {
      const found = (await discover(signal))
        .filter(({ url }) => url.length <= CAMERA_URL_MAX_CHARACTERS)
        .map(({ url, name, model }) => ({ url, name, model, known: knownAt(url)?.id ?? null }))
      // Our own first: they can be recognised, and they give their picture.
      const ordered = [...found.filter(({ known }) => known !== null), ...found.filter(({ known }) => known === null)]
      const cameras: Found[] = []
      let bytes = 0
      for (const [index, camera] of ordered.slice(0, MAX_LISTED).entries()) {
        const listed: Found = { as: `found${index + 1}` as CameraId, ...camera, hasPreview: false } // of the contract's pattern
        bytes += Buffer.byteLength(JSON.stringify(listed)) + FAULT_MAX_BYTES
        if (bytes > RESULT_MAX_BYTES) break
        if (index < MAX_PREVIEWS) {
          const fault = await preview(listed, id, signal)
          if (fault === null) listed.hasPreview = true
          else listed.fault = fault
        }
        cameras.push(listed)
      }
      return done({ of: 'found-cameras', cameras })
    },
  }
}
