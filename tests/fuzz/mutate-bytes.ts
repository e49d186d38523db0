import { between, pick, randomBytes } from './fuzz.ts'

/** Bytes that parsers trip over: ends of ranges, and what MQTT, JPEG, XML and JSON take for structure. */
const TRICKY = [0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe, 0xd8, 0xd9, 0x0a, 0x22, 0x2f, 0x3c, 0x3e, 0x5c, 0x7b, 0x7d]

type Mutation = (bytes: Buffer, random: () => number) => Buffer

const cut = (bytes: Buffer, random: () => number) => between(random, 0, bytes.length)

const MUTATIONS: readonly Mutation[] = [
  /* one bit */
  (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << between(random, 0, 7))),
  /* one byte */
  (bytes, random) => changed(bytes, random, () => pick(random, TRICKY)),
  /* the end is missing */
  (bytes, random) => bytes.subarray(0, cut(bytes, random)),
  /* the start is missing */
  (bytes, random) => bytes.subarray(cut(bytes, random)),
  /* a piece is missing */
  (bytes, random) => {
    const at = cut(bytes, random)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + between(random, 1, 64))])
  },
  /* a piece stands twice */
  (bytes, random) => {
    const at = cut(bytes, random)
    return Buffer.concat([bytes.subarray(0, at + between(random, 1, 64)), bytes.subarray(at)])
  },
  /* noise in between */
  (bytes, random) => {
    const at = cut(bytes, random)
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random, between(random, 1, 64)), bytes.subarray(at)])
  },
  /* a run of one byte in between */
  (bytes, random) => {
    const at = cut(bytes, random)
    const run = Buffer.alloc(between(random, 1, 4_096), pick(random, TRICKY))
    return Buffer.concat([bytes.subarray(0, at), run, bytes.subarray(at)])
  },
]

/** Sound bytes made wrong in one to four places; the given ones stay as they are. */
export function mutateBytes(bytes: Uint8Array, random: () => number): Buffer {
  let mutated: Buffer = Buffer.from(bytes)
  for (let count = between(random, 1, 4); count > 0; count -= 1) mutated = pick(random, MUTATIONS)(mutated, random)
  return mutated
}

function changed(bytes: Buffer, random: () => number, change: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes
  const copy = Buffer.from(bytes)
  const at = between(random, 0, copy.length - 1)
  copy[at] = change(copy[at] ?? 0)
  return copy
}
