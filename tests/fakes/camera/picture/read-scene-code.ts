import jsQR from 'jsqr'
import sharp from 'sharp'
import { parseSceneCode, type SceneCode } from './scene-code.ts'

/** Reads the scene code back from a picture of any size, masked and encoded again or not; undefined: none is found. */
export async function readSceneCode(picture: Uint8Array): Promise<SceneCode | undefined> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  // The package is CommonJS: as Node loads it, the function stands on `default` of what it exports.
  const found = jsQR.default(new Uint8ClampedArray(data), info.width, info.height)
  return found === null ? undefined : parseSceneCode(found.data)
}
