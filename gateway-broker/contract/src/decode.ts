import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { JSON_MESSAGE_MAX_BYTES } from './bounds.ts'

/** What decoding hostile bytes gives: the value, or why not, in a closed word and a sentence that quotes no content. */
export type Decoded<Value> = { ok: true; value: Value } | { ok: false; reason: DecodeReason; detail: string }

/** Every reason for which a message does not decode. The words are stable: dead letters are counted by them. */
export type DecodeReason =
  | 'topic-unknown'
  | 'message-too-long'
  | 'not-json'
  | 'version-unknown'
  | 'shape-wrong'
  | 'not-a-frame'
  | 'not-a-preview'
  | 'header-too-long'
  | 'picture-too-large'
  | 'length-wrong'

export const refused = (reason: DecodeReason, detail: string): { ok: false; reason: DecodeReason; detail: string } => ({
  ok: false,
  reason,
  detail,
})

/** Makes the decoder of one JSON message from its schema: bytes in, value or reason out; it never throws. */
export function jsonDecoder<Schema extends TSchema>(
  schema: Schema,
  maxBytes = JSON_MESSAGE_MAX_BYTES,
): (bytes: Uint8Array) => Decoded<Static<Schema>> {
  const validator = Compile(schema)
  return (bytes) => {
    if (bytes.byteLength > maxBytes) {
      return refused('message-too-long', `${bytes.byteLength} bytes, at most ${maxBytes}`)
    }
    let parsed: unknown
    try {
      parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    } catch {
      return refused('not-json', 'not JSON in UTF-8')
    }
    if (validator.Check(parsed)) return { ok: true, value: parsed as Static<Schema> }
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      'v' in parsed &&
      typeof parsed.v === 'number' &&
      parsed.v !== 1
    ) {
      return refused('version-unknown', `message version ${parsed.v}`)
    }
    return refused('shape-wrong', firstErrors(validator.Errors(parsed)))
  }
}

/** A place of ours is 60 characters; one that somebody made up can be a whole message. */
const PLACE_MAX_CHARACTERS = 160

/** Names the places that are wrong, never their values: what comes over the wire may hold a secret. */
function firstErrors(errors: Iterable<{ instancePath: string; message: string }>): string {
  const places: string[] = []
  for (const error of errors) {
    places.push(`${error.instancePath || '/'} ${error.message}`.slice(0, PLACE_MAX_CHARACTERS))
    if (places.length === 5) break
  }
  return places.join('; ')
}
