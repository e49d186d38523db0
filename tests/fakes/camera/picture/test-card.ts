import type { SKRSContext2D } from '@napi-rs/canvas'
import type { RelativeRectangle } from '../options.ts'

/** A colour that no road has: where it is seen in a published picture, a mask is missing. */
export const TEST_CARD_COLOUR = { red: 255, green: 0, blue: 255 }

/** Stands for a window, a face, a plate: what nobody may see. */
export function drawTestCard(context: SKRSContext2D, card: RelativeRectangle, widthPx: number, heightPx: number) {
  const { red, green, blue } = TEST_CARD_COLOUR
  context.fillStyle = `rgb(${red}, ${green}, ${blue})`
  context.fillRect(card.x * widthPx, card.y * heightPx, card.width * widthPx, card.height * heightPx)
}
