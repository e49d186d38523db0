import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** A text that is sent to any number of clients: hashed once, compressed once. */
export type TextBody = {
  bytes: Buffer
  /** A strong entity tag of these bytes, with its quotes. */
  etag: string
  gzipped(): Promise<Buffer>
}

/** A page of 41 places shrinks to a tenth; higher levels take longer and win a hundredth. */
const LEVEL = 5
const compress = promisify(gzip)

export function createTextBody(text: string): TextBody {
  const bytes = Buffer.from(text)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  let gzipped: Promise<Buffer> | null = null
  return {
    bytes,
    etag,
    gzipped: () => {
      gzipped ??= compress(bytes, { level: LEVEL })
      return gzipped
    },
  }
}
