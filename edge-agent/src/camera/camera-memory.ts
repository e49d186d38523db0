import { readFileSync } from 'node:fs'
import { jsonDecoder } from '@vigie/contract/decode'
import type { CameraId } from '@vigie/contract/ids'
import Type from 'typebox'
import { writeWhole } from '../whole-file.ts'

const Text = Type.String({ maxLength: 200 })

/** By what a camera is known again, and where it was last found. */
const KnownCamera = Type.Object({
  maker: Text,
  model: Text,
  /** Never empty: a camera without one is not known again. */
  serial: Type.String({ minLength: 1, maxLength: 200 }),
  /** Its id in WS-Discovery; null when it did not answer there. */
  endpoint: Type.Union([Type.Null(), Text]),
  /** Where it was found when it was not where the settings say; null: it is there. */
  foundAt: Type.Union([Type.Null(), Text]),
})
export type KnownCamera = Type.Static<typeof KnownCamera>
const decode = jsonDecoder(Type.Record(Type.String(), KnownCamera))

/** What a unit has learnt of its cameras, through restarts. */
export type CameraMemory = {
  read(camera: CameraId): KnownCamera | null
  /** @throws AgentFault `disk-failing` */
  write(camera: CameraId, known: KnownCamera): void
}

/** One small file for a unit's cameras; when it is damaged they are learnt again. */
export function createCameraMemory(file: string): CameraMemory {
  const all = readAll(file)
  return {
    read: (camera) => all[camera] ?? null,
    write(camera, known) {
      writeWhole(file, JSON.stringify({ ...all, [camera]: known }))
      all[camera] = known
    },
  }
}

function readAll(file: string): Record<string, KnownCamera> {
  try {
    const read = decode(readFileSync(file))
    return read.ok ? { ...read.value } : {}
  } catch {
    return {}
  }
}
