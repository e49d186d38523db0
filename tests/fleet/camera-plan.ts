import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRoadSite } from '@vigie/config-schema/kinds-of-site'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { CameraOptions } from '../fakes/camera/options.ts'

const USER = 'vigie'

/** How an agent reaches one camera: the value of its CAMERAS setting. */
export type CameraAccess = { url: string; user: string; passwordFile: string }

/** Everything that the simulated cameras of a fleet may be besides what their sites say; the same for each. */
export type CameraWishes = Pick<
  CameraOptions,
  'sceneCode' | 'discoveryAddress' | 'testCards' | 'weather' | 'folder' | 'control' | 'pictureKeptMs' | 'osd'
>

export type CameraPlan = {
  /** What the simulator is given. */
  options: CameraOptions[]
  /** By site, then by camera. */
  access: Map<string, Record<string, CameraAccess>>
}

/**
 * Plans one simulated camera for each camera of the fleet, on consecutive ports, with the names of its site's presets.
 * Passwords are made once and kept in a folder, readable by their owner alone.
 */
export function planCameras(
  fleet: readonly SiteDocument[],
  { firstPort, passwordFolder, wishes = {} }: { firstPort: number; passwordFolder: string; wishes?: CameraWishes },
): CameraPlan {
  mkdirSync(passwordFolder, { recursive: true, mode: 0o700 })
  const plan: CameraPlan = { options: [], access: new Map() }
  for (const site of fleet.filter(isRoadSite)) {
    const access: Record<string, CameraAccess> = {}
    for (const camera of site.cameras) {
      const port = firstPort + plan.options.length
      const passwordFile = join(passwordFolder, `${site.id}-${camera.id}`)
      if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(12).toString('base64url'), { mode: 0o600 })
      plan.options.push({
        ...wishes,
        name: site.name,
        site: { latitude: site.latitude, longitude: site.longitude, altitudeM: site.altitudeM, kind: site.kind },
        seed: `${site.id}-${camera.id}`,
        user: USER,
        password: readFileSync(passwordFile, 'utf8'),
        listen: { host: '127.0.0.1', port },
        presets: camera.presets.map(({ id }, index) => ({ token: String(index + 1), name: id })),
      })
      access[camera.id] = { url: `http://127.0.0.1:${port}/onvif/device_service`, user: USER, passwordFile }
    }
    plan.access.set(site.id, access)
  }
  return plan
}

/** How many ports a fleet's cameras take. */
export const cameraCount = (fleet: readonly SiteDocument[]) =>
  fleet.reduce((count, { cameras }) => count + cameras.length, 0)
