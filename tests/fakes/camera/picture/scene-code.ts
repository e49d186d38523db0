import type { SKRSContext2D } from '@napi-rs/canvas'
import QRCode from 'qrcode'

/** Which picture it is, as the code in its corner says: of which camera, when by the camera's clock, the how many-th. */
export type SceneCode = { camera: string; at: number; counter: number }

/** At 1080p; a 720p picture of it still has four pixels a module. */
const WIDTH_PX = 220
const QUIET_MODULES = 4

/** Capitals, digits and `-:/.` only, so that the QR code takes its compact alphanumeric mode. */
export function sceneCodeText({ camera, at, counter }: SceneCode): string {
  return `VIGIE ${camera} ${new Date(at).toISOString().slice(0, 19)}Z ${counter}`
}

/** Takes the text of a scene code apart; undefined when it is something else. */
export function parseSceneCode(text: string): SceneCode | undefined {
  const [, camera, time = '', counter] = /^VIGIE (.+) (\S+Z) (\d+)$/.exec(text) ?? []
  const at = Date.parse(time)
  return camera === undefined || Number.isNaN(at) ? undefined : { camera, at, counter: Number(counter) }
}

/** Draws the code with its white border, its right top corner at (right, top). Error correction H: a third may be lost. */
export function drawSceneCode(context: SKRSContext2D, text: string, right: number, top: number) {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'H' })
  const across = modules.size + 2 * QUIET_MODULES
  const modulePx = Math.round(WIDTH_PX / across)
  const left = right - across * modulePx
  context.fillStyle = '#ffffff'
  context.fillRect(left, top, across * modulePx, across * modulePx)
  context.fillStyle = '#000000'
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue
      context.fillRect(
        left + (column + QUIET_MODULES) * modulePx,
        top + (row + QUIET_MODULES) * modulePx,
        modulePx,
        modulePx,
      )
    }
  }
}
