import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { type FrozenState, NOTHING_SEEN } from './frozen-watch.ts'
import { DIRECTIONS } from './view-edges.ts'
import type { ViewReference } from './view-reference.ts'

/** What a unit has learnt of a view under one approved version of its masks. */
export type LearntView = { reference: ViewReference | null; seen: FrozenState['seen'] }

/** Where it is kept, so that a restart does not begin anew. */
export type LearntViewFile = { read(): LearntView; write(learnt: LearntView): void }

const Pairs = Type.Object({ differed: Type.Integer({ minimum: 0 }), alike: Type.Integer({ minimum: 0 }) })
/** 240 px halved, and a portrait no higher. */
const SidePx = Type.Integer({ minimum: 1, maximum: 240 })
const Head = Type.Object({
  v: Type.Literal(1),
  maskVersion: Type.Integer({ minimum: 1 }),
  widthPx: SidePx,
  heightPx: SidePx,
  learnt: Type.Integer({ minimum: 0 }),
  seen: Type.Object({ light: Pairs, dark: Pairs }),
  /** Of what follows. */
  sha256: Type.String(),
})

const NOTHING: LearntView = { reference: null, seen: NOTHING_SEEN.seen }
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/**
 * One file a view: a line of JSON, then the reference's bytes, 33 kB in all. There is nothing in it but where a view has
 * edges, outside of its masks. A file that is damaged, of another mask version or missing counts as nothing learnt; one
 * that cannot be written is written the next time.
 */
export function createLearntViewFile(file: string, maskVersion: number): LearntViewFile {
  return {
    read() {
      try {
        const bytes = readFileSync(file)
        const end = bytes.indexOf('\n')
        const head: unknown = JSON.parse(bytes.subarray(0, end).toString())
        const often = new Uint8Array(bytes.subarray(end + 1))
        if (!Value.Check(Head, head) || head.maskVersion !== maskVersion || head.sha256 !== hashOf(often))
          return NOTHING
        const { widthPx, heightPx, learnt, seen } = head
        if (often.byteLength !== DIRECTIONS * widthPx * heightPx) return NOTHING
        return { reference: { widthPx, heightPx, learnt, often }, seen }
      } catch {
        return NOTHING // not there, or not JSON: the same as nothing learnt
      }
    },
    write({ reference, seen }) {
      if (!reference) return
      const { often, ...size } = reference
      const head: Type.Static<typeof Head> = { v: 1, maskVersion, ...size, seen, sha256: hashOf(often) }
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        // Torn by a power cut it fails its hash and is learnt anew: no sync is worth the flash.
        writeFileSync(`${file}.new`, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), often]), { mode: 0o600 })
        renameSync(`${file}.new`, file)
      } catch {
        // A full disk: what is learnt is in memory, and the next hour tries again.
      }
    },
  }
}
