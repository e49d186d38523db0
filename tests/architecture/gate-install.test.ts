import { join } from 'node:path'
import { LaneWiring } from '@vigie/config-schema/configuration/lane-wiring'
import { readBoardProfiles, readReaderProfiles } from '@vigie/config-schema/documents'
import { describe, expect, test } from 'vitest'
import { root, textOf } from './sources.ts'

const sheet = textOf('docs/gate-install.md')
const profiles = (of: string) => join(root, 'firmware-config/profiles', of)
/** The cells of the line of a table that begins with a code. */
const lineOf = (code: string) =>
  new RegExp(`^\\| \`${code}\` \\|(.*)\\|$`, 'm')
    .exec(sheet)?.[1]
    ?.split('|')
    .map((cell) => cell.trim()) ?? []
const serialIn = ({
  baud,
  dataBits,
  parity,
  stopBits,
}: {
  baud: number
  dataBits: number
  parity: string
  stopBits: number
}) => `${baud} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`

describe('the sheet of whoever puts in a gate', () => {
  test('says of each board how its line is set, and its inputs and outputs', () => {
    for (const { id, serial, inputs, outputs, pulse, confirmsPassage } of readBoardProfiles(
      profiles('boards'),
    ).values()) {
      const [line, ins, outs, timed, set] = lineOf(id)
      expect(line, id).toContain(serial === undefined ? 'Modbus TCP' : serialIn(serial))
      expect([ins, outs], id).toEqual([String(inputs), String(outputs)])
      expect(timed, id).toContain(pulse === undefined ? 'by the box' : 'by the board')
      expect(set?.includes('refused for a lane'), id).toBe(!confirmsPassage)
    }
  })

  test('says of each reader how its line is set, and what ends a scan', () => {
    for (const { id, serial, ends } of readReaderProfiles(profiles('readers')).values()) {
      const [line, end] = lineOf(id)
      expect(line, id).toContain(serialIn(serial))
      expect(end?.toLowerCase(), id).toBe(ends)
    }
  })

  test('names every contact of a lane document', () => {
    const contacts = Object.keys(LaneWiring.properties)
    expect(contacts.filter((name) => !sheet.includes(`\`${name}\``))).toEqual([])
  })
})
