import { createCanvas, type Image, loadImage, type SKRSContext2D } from '@napi-rs/canvas'
import type { RelativeRectangle } from '../options.ts'
import { createScenery, type View } from '../scene/scenery.ts'
import { drawOverlay } from './overlay.ts'
import { PICTURE_HEIGHT_PX, PICTURE_WIDTH_PX } from './picture-size.ts'
import { drawSceneCode } from './scene-code.ts'
import { drawTestCard } from './test-card.ts'

/** What is drawn over the scene. */
export type Marks = {
  /** Lines of the camera's own overlay. */
  overlay: readonly string[]
  /** The text of the scene code. */
  code?: string | undefined
  testCards: readonly RelativeRectangle[]
  /** What the camera writes into the file beside the picture: nobody is to publish it. */
  comment?: string | undefined
}

/** Where the pixels come from: drawn, or a JPEG of a real camera. */
export type Subject = { view: View } | { jpeg: Buffer }

/** Waiting pictures beyond this are refused: the cameras ask for more than the machine can draw. */
const WAITING_MAX = 200

/** Draws and encodes pictures one after the other, on one canvas for however many cameras share the studio. */
export type Studio = {
  /** @param at the camera's time, in milliseconds. Rejects when too many pictures wait. */
  photograph(subject: Subject, at: number, marks: Marks, quality: number): Promise<Buffer>
}

export function createStudio(): Studio {
  let table: Table | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function draw(subject: Subject, at: number, marks: Marks, quality: number): Promise<Buffer> {
    table ??= createTable()
    const { canvas, context, scenery } = table
    if ('view' in subject) scenery.paint(context, subject.view, at)
    else cover(context, await loadImage(subject.jpeg))
    for (const card of marks.testCards) drawTestCard(context, card, PICTURE_WIDTH_PX, PICTURE_HEIGHT_PX)
    drawOverlay(context, marks.overlay, 32, 30, 5)
    if (marks.code !== undefined) drawSceneCode(context, marks.code, PICTURE_WIDTH_PX - 24, 24)
    // In this thread: nothing else is to be drawn meanwhile, and a copy for another thread costs 28 MB that stay.
    const { comment } = marks
    return canvas.encodeSync('jpeg', comment === undefined ? { quality } : { quality, comment, description: comment })
  }

  return {
    photograph(subject, at, marks, quality) {
      if (waiting >= WAITING_MAX) return Promise.reject(new Error(`${waiting} pictures wait to be drawn`))
      waiting++
      const picture = last.then(() => draw(subject, at, marks, quality)).finally(() => waiting--)
      last = picture.catch(() => undefined)
      return picture
    },
  }
}

/** Made with the first picture: a camera that is only asked for its name takes no memory. */
function createTable() {
  const canvas = createCanvas(PICTURE_WIDTH_PX, PICTURE_HEIGHT_PX)
  return { canvas, context: canvas.getContext('2d', { alpha: false }), scenery: createScenery() }
}
type Table = ReturnType<typeof createTable>

/** Fills the picture with an image of other proportions; what sticks out is cut off. */
function cover(context: SKRSContext2D, image: Image) {
  const scale = Math.max(PICTURE_WIDTH_PX / image.width, PICTURE_HEIGHT_PX / image.height)
  const [width, height] = [image.width * scale, image.height * scale]
  context.drawImage(image, (PICTURE_WIDTH_PX - width) / 2, (PICTURE_HEIGHT_PX - height) / 2, width, height)
}
