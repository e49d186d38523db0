import type { SerialSettings } from '@vigie/config-schema/lane-profiles'
import { CALIBRATION_CODE } from '@vigie/contract/gate/calibration-code'
import { describe, expect, test } from 'vitest'
import { judgeCalibration } from './calibration-scan.ts'

const serial: SerialSettings = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 }
const judge = (text: string) => judgeCalibration(new Uint8Array(Buffer.from(text, 'latin1')), serial)
const ones = (byte: number) => byte.toString(2).replaceAll('0', '').length

describe('the calibration code', () => {
  test.each([
    ['\r', 'cr'],
    ['\n', 'lf'],
    ['\r\n', 'crlf'],
    ['\x03', 'etx'],
    ['', 'silence'],
  ])('with %j after it tells the end', (after, ends) => {
    expect(judge(`]Q1${CALIBRATION_CODE}${after}`)).toEqual({ is: 'learnt', serial, ends })
  })

  test.each([
    ['even', 0],
    ['odd', 1],
  ] as const)('sent in seven bits with %s parity is seen to be so', (parity, odd) => {
    const sent = Buffer.from(`${CALIBRATION_CODE}\r`).map((byte) => (ones(byte) % 2 === odd ? byte : byte | 0x80))
    expect(judgeCalibration(sent, serial)).toEqual({
      ...{ is: 'learnt', ends: 'cr' },
      serial: { ...serial, dataBits: 7, parity },
    })
  })

  test('that a reader changes, or puts something around, is told as that, and no setting is learnt of it', () => {
    expect(judge(`${CALIBRATION_CODE.toLowerCase()}\r`)).toMatchObject({ is: 'lower-case' })
    expect(judge(`${CALIBRATION_CODE.replace(' ', '')}\r`)).toMatchObject({ is: 'damaged' })
    expect(judge('3245678901234\r')).toMatchObject({ is: 'another-code' })
    expect(judge(`${CALIBRATION_CODE}\t`)).toMatchObject({ is: 'odd-frame', safe: ' ... \\x09' })
    expect(judge(`AB${CALIBRATION_CODE}\r`)).toMatchObject({ is: 'odd-frame' })
  })

  test('at another speed is noise', () => {
    expect(judge('\x9f\xfe\x06\xe0\x1e\x86\x00\xf8').is).toBe('noise')
  })
})
