/** Enough for a label to be read, a fifteenth of what a phone takes: two or three minutes of a thin line. */
const SIDE_MAX_PX = 1600
const QUALITY = 0.72

/** A photo as it is sent: upright, smaller, without what the camera wrote into it. Null: it is no picture. */
export async function reducePhoto(file: Blob): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  } catch {
    // Whatever a phone hands over that is no picture.
    return null
  }
}
