import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@vigie/contract/clock'
import { answerProbes } from './discovery.ts'
import { createCameraServer } from './http/camera-server.ts'
import { type Misbehaviour, misbehaves } from './misbehaviour.ts'
import type { CameraOptions } from './options.ts'
import { createPictureSource, type DrawnPicture } from './picture/picture-source.ts'
import type { Studio } from './picture/studio.ts'
import { scopesOf } from './soap/device-service.ts'
import { SNAPSHOT_PATH } from './soap/media-service.ts'
import { services } from './soap/services.ts'

export type CameraSimulator = {
  /** The ONVIF device service. */
  url: string
  snapshotUrl: string
  /** Every picture made, the newest last; the last 1440 at most. */
  drawn: readonly DrawnPicture[]
  /** From now on exactly these misbehaviours hold; with none, the camera behaves. */
  behave(...misbehaviours: Misbehaviour[]): Promise<void>
  /** Ends every connection and waits until the port is free. */
  close(): Promise<void>
}

/** Cameras that share a studio share its canvas and its memory. */
export type CameraSimulatorOptions = CameraOptions & { clock: Clock; studio?: Studio }

/** Starts a camera that speaks ONVIF and draws its pictures. Rejects when its port is taken. */
export async function createCameraSimulator({
  clock,
  studio,
  ...options
}: CameraSimulatorOptions): Promise<CameraSimulator> {
  let misbehaviours: readonly Misbehaviour[] = options.behaviour ?? []
  const now = () => clock.now() + (misbehaves(misbehaviours, 'clock-offset')?.ms ?? 0)
  const presets = options.presets ?? [{ token: '1', name: 'Vue' }]
  let preset = presets[0]?.token ?? '1'
  const pictures = createPictureSource(options, studio ?? ownStudio(), now)
  const serial = createHash('sha256').update(`${options.name}/${options.seed}`).digest('hex').slice(0, 12)

  const server = createCameraServer(
    {
      now,
      monotonicMs: clock.monotonicMs,
      secret: randomBytes(32),
      misbehaviours: () => misbehaviours,
      behave,
      takePicture: () => pictures.take(preset, misbehaves(misbehaviours, 'frozen-picture') !== undefined),
      device: {
        name: options.name,
        serial,
        hostname: `camera-${serial}`,
        presets,
        goTo(token) {
          if (!presets.some((one) => one.token === token)) return false
          preset = token
          return true
        },
      },
    },
    options,
  )

  async function behave(...wanted: Misbehaviour[]): Promise<void> {
    misbehaviours = wanted
    if (misbehaves(wanted, 'refuses-connections')) await server.stop()
    else await server.start()
  }

  await server.start()
  const base = server.base()
  if (misbehaviours.length > 0) await behave(...misbehaviours)
  const { discoveryAddress, listen, name } = options
  const isEverywhere = listen.host === '0.0.0.0'
  const discovery =
    discoveryAddress &&
    (await answerProbes({
      interfaceAddress: discoveryAddress,
      uuid: `00000000-0000-4000-8000-${serial}`,
      scopes: scopesOf({ name, presets }),
      serviceUrl: `http://${isEverywhere ? discoveryAddress : listen.host}:${new URL(base).port}${services[0].path}`,
    }))
  return {
    url: base + services[0].path,
    snapshotUrl: base + SNAPSHOT_PATH,
    drawn: pictures.drawn,
    behave,
    async close() {
      if (discovery) await discovery.close()
      await server.stop()
    },
  }
}

/** Loads the drawing library with the first picture: who only asks a camera for its name does without. */
function ownStudio(): Studio {
  let studio: Promise<Studio> | undefined
  return {
    async photograph(...order) {
      studio ??= import('./picture/studio.ts').then(({ createStudio }) => createStudio())
      return (await studio).photograph(...order)
    },
  }
}
