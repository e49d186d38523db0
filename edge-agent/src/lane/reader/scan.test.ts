import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isNoise, readScan } from './scan.ts'

const read = (text: string) => readScan(new Uint8Array(Buffer.from(text, 'latin1')))
const textOf = (text: string) => {
  const scan = read(text)
  return scan.ok ? scan.text : scan.why
}

describe('a scan', () => {
  test.each(['Q1', 'Q2', 'z0', 'd1', 'C0'])('L03: loses the mark ]%s, and keeps what it says', (symbology) => {
    expect(read(`]${symbology}VG1:ABC`)).toEqual({ ok: true, text: 'VG1:ABC', symbology })
  })

  test('L04: loses the marks of an extended interpretation, in front, and anywhere where the reader announces them', () => {
    expect(textOf('\\000026VG1:ABC')).toBe('VG1:ABC')
    expect(textOf(']Q1\\000026\\000003VG1:ABC')).toBe('VG1:ABC')
    expect(textOf(']Q2VG1:A\\000026BC')).toBe('VG1:ABC')
    expect(textOf(']Q1VG1:A\\000026BC')).toBe('VG1:A\\000026BC')
  })

  test('L06: with a control character inside is refused, and what is told of it moves no cursor', () => {
    const scan = read('VG1:\u001b[2JABC')
    expect(scan).toEqual({ ok: false, why: 'control-characters', safe: 'VG1:\\x1b[2JABC' })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const any = readScan(bytes)
        expect(any.ok ? any.text : any.safe).toMatch(/^[\x20-\x7e]*$/)
        if (!any.ok) expect(any.safe.length).toBeLessThan(110)
      }),
    )
  })

  test('L15: keeps lower case and the space at its end: what reads the ticket knows what they mean', () => {
    expect(textOf('vg1:abc ')).toBe('vg1:abc ')
  })

  test('L11: of a few characters, or of a thing for sale, is noise', () => {
    const isNoiseOf = (text: string) => {
      const scan = read(text)
      return scan.ok && isNoise(scan)
    }
    expect(['7', '0042', ']E03245678901234', ']E412345670'].map(isNoiseOf)).toEqual([true, true, true, true])
    expect(['BILLET-1', '3245678901234'].map(isNoiseOf)).toEqual([false, false])
  })
})
