import sharp from 'sharp'

/**
 * A drawn road with the detail and noise of a camera's picture, the same in every run: what a benchmark feeds in.
 * @returns a JPEG of quality 88
 */
export async function roadScene(widthPx: number, heightPx: number, seed = 1): Promise<Buffer> {
  const scene = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" width="${widthPx}" height="${heightPx}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#7da7c9"/><stop offset="1" stop-color="#dfe8ee"/></linearGradient></defs>
    <rect width="16" height="9" fill="url(#sky)"/>
    <path d="M0 5 L2 2.6 L3.4 3.8 L5.5 1.4 L8 4 L10.5 2 L13 4.2 L14.6 3 L16 4.4 V9 H0Z" fill="#6d7f86"/>
    <path d="M0 6 L3 4.4 L7 5.4 L11 4.2 L16 5.6 V9 H0Z" fill="#4b5f45"/>
    <path d="M7.4 5.2 H8.4 L13 9 H3Z" fill="#555a5e"/><path d="M7.87 5.3 h.06 L8.3 9 h-.5Z" fill="#e8e6da"/>
    <rect x="9" y="6.2" width="1.4" height=".8" rx=".2" fill="#a33"/></svg>`
  const { data, info } = await sharp(Buffer.from(scene))
    .resize(widthPx, heightPx)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  let state = seed
  for (let at = 0; at < data.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + ((state >>> 24) % 17) - 8))
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .jpeg({ quality: 88 })
    .toBuffer()
}
