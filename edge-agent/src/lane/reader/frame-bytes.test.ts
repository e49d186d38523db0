import type { ScanEnd } from '@vigie/config-schema/lane-profiles'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFraming, type Frame, SCAN_MAX_BYTES } from './frame-bytes.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const textsOf = (frames: Frame[]) =>
  frames.map((frame) => (frame.kind === 'scan' ? Buffer.from(frame.bytes).toString('latin1') : frame.kind))
const through = (ends: ScanEnd, ...chunks: string[]) => {
  const framing = createFraming(ends)
  return textsOf(chunks.flatMap((chunk) => framing.push(bytes(chunk))))
}

/** What a reader that is set to each end sends after a code, and before it. */
const AFTER: Record<Exclude<ScanEnd, 'silence'>, string> = { cr: '\r', lf: '\n', crlf: '\r\n', etx: '\x03' }
const code = fc.stringMatching(/^[0-9A-Z $%*+./:-]{1,150}$/)

describe('bytes of a reader', () => {
  test('L01: however they are split and merged, give the same codes, and no empty one', () => {
    const ends = fc.constantFrom(...(Object.keys(AFTER) as (keyof typeof AFTER)[])) // the keys of the table
    fc.assert(
      fc.property(
        ends,
        fc.array(code, { maxLength: 6 }),
        fc.array(fc.nat(200), { maxLength: 30 }),
        (end, codes, cuts) => {
          const stream = codes.map((one) => (end === 'etx' ? '\x02' : '') + one + AFTER[end]).join('')
          const places = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])]
          places.sort((one, other) => one - other)
          const chunks = places.slice(1).map((place, index) => stream.slice(places[index], place))
          expect(through(end, ...chunks)).toEqual(codes)
        },
      ),
    )
  })

  test('L01: of a reader without an end are a code when 60 ms have passed', () => {
    const framing = createFraming('silence')
    expect(framing.waitMs()).toBeNull()
    framing.push(bytes('VG1:AB'))
    framing.push(bytes('C\r\n'))
    expect(framing.waitMs()).toBe(60)
    expect(textsOf(framing.silence())).toEqual(['VG1:ABC'])
    expect(framing.waitMs()).toBeNull()
  })

  test('lose NUL, XON and XOFF, and keep a space at their end', () => {
    expect(through('cr', '\0VG1:\x11A\x13B \r')).toEqual(['VG1:AB '])
  })

  test('L10: are kept to 4096, told once as too long, and taken again from the next end on', () => {
    expect(through('cr', 'A'.repeat(10_000), 'B\r', 'VG1:C\r')).toEqual(['too-long', 'VG1:C'])
    expect(through('cr', `${'A'.repeat(SCAN_MAX_BYTES)}\r`)).toEqual(['A'.repeat(SCAN_MAX_BYTES)])
  })

  test('L10: and from the next silence on, where no end comes', () => {
    const framing = createFraming('cr')
    framing.push(bytes('A'.repeat(10_000)))
    expect(framing.waitMs()).toBe(60)
    expect(framing.silence()).toEqual([])
    expect(textsOf(framing.push(bytes('VG1:C\r')))).toEqual(['VG1:C'])
  })

  test('that stop in the middle are not glued to the next code', () => {
    const framing = createFraming('cr')
    framing.push(bytes('VG1:HA'))
    expect(framing.waitMs()).toBe(1_000)
    expect(framing.silence()).toEqual([{ kind: 'unfinished', length: 6 }])
    expect(textsOf(framing.push(bytes('VG1:C\r')))).toEqual(['VG1:C'])
  })
})
