import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameraOptions } from '../options.ts'
import { cameraLettering } from './lettering.ts'
import { sceneCodeText } from './scene-code.ts'
import type { Studio, Subject } from './studio.ts'

/** One picture that the camera made: the how many-th, when by its own clock, and the hash of the JPEG it served. */
export type DrawnPicture = { counter: number; at: number; sha256: string }

/** A day at one picture a minute. Beyond: the oldest is forgotten. */
const DRAWN_MAX = 1440

export type PictureSource = {
  /** The picture of the moment. `isFrozen`: the last one again, if there is one. */
  take(preset: string, isFrozen: boolean): Promise<Buffer>
  /** The newest last. */
  drawn: readonly DrawnPicture[]
}

type Taken = { preset: string; at: number; jpeg: Promise<Buffer> }

/** Makes the pictures of one camera and remembers which. @param now the camera's own time in milliseconds */
export function createPictureSource(options: CameraOptions, studio: Studio, now: () => number): PictureSource {
  const { pictureKeptMs = 2000, osd = true, sceneCode = false, testCards = [], quality = 85, folder } = options
  const lettering = cameraLettering(options.name)
  const drawn: DrawnPicture[] = []
  const { latitude, longitude } = options.site
  /** Cameras write their place and their owner into the file, as a comment and as XMP. */
  const comment = `${options.name} ${latitude} ${longitude} ${options.user}`
  let counter = 0
  let last: Taken | undefined

  async function make(preset: string, at: number): Promise<Buffer> {
    const mine = ++counter
    const subject = folder === undefined ? viewOf(preset) : { jpeg: await nextOf(folder, mine - 1) }
    const overlay = osd ? [`${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`, lettering] : []
    const code = sceneCode ? sceneCodeText({ camera: lettering, at, counter: mine }) : undefined
    const hasMarks = osd || sceneCode || testCards.length > 0
    const jpeg =
      'jpeg' in subject && !hasMarks
        ? subject.jpeg
        : await studio.photograph(subject, at, { overlay, code, testCards, comment }, quality)
    drawn.push({ counter: mine, at, sha256: createHash('sha256').update(jpeg).digest('hex') })
    if (drawn.length > DRAWN_MAX) drawn.shift()
    return jpeg
  }

  const viewOf = (preset: string): Subject => ({
    view: { site: options.site, seed: `${options.seed}/${preset}`, weather: options.weather },
  })

  return {
    drawn,
    take(preset, isFrozen) {
      const at = now()
      const isKept = last !== undefined && last.preset === preset && Math.abs(at - last.at) < pictureKeptMs
      if (last !== undefined && (isFrozen || isKept)) return last.jpeg
      const taken: Taken = { preset, at, jpeg: make(preset, at) }
      last = taken
      taken.jpeg.catch(() => {
        if (last === taken) last = undefined
      })
      return taken.jpeg
    },
  }
}

async function nextOf(folder: string, index: number): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort()
  const name = names[index % names.length]
  if (name === undefined) throw new Error('the folder has no JPEG')
  return readFile(join(folder, name))
}
