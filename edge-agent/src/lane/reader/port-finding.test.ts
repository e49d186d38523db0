import { expect, test } from 'vitest'
import { findPort, knownAt, type PortThere } from './port-finding.ts'

const reader = { vendor: '0c2e', product: '0b61', serial: 'A7' }
const board = { vendor: '1a86', product: '55d3' }
const there: PortThere[] = [
  { path: '/dev/ttyS0' },
  { path: '/dev/ttyUSB1', ...board },
  { path: '/dev/ttyUSB4', ...reader },
]
const isThere = (path: string) => there.some((one) => one.path === path)

test('a port that is named and there is taken as it is, and so is one on a network', () => {
  expect(findPort({ port: '/dev/ttyS0', known: reader }, there, isThere)).toBe('/dev/ttyS0')
  expect(findPort({ port: 'tcp://192.0.2.9:4001', known: null }, there, isThere)).toBe('tcp://192.0.2.9:4001')
})

test('L13: a reader that is gone from its port is found by what it was, and never another device', () => {
  expect(findPort({ port: '/dev/ttyUSB0', known: reader }, there, isThere)).toBe('/dev/ttyUSB4')
  expect(findPort({ port: '/dev/ttyUSB0', known: { ...reader, serial: 'B1' } }, there, isThere)).toBeNull()
  expect(findPort({ port: '/dev/ttyUSB0', known: null, usb: { vendor: '0c2e' } }, there, isThere)).toBeNull()
})

test('without a port it is found by the maker that its profile names, unless there are two', () => {
  expect(findPort({ usb: { vendor: '0c2e' }, known: null }, there, isThere)).toBe('/dev/ttyUSB4')
  expect(findPort({ usb: { vendor: '0c2e', product: 'ffff' }, known: null }, there, isThere)).toBeNull()
  const two = [...there, { path: '/dev/ttyUSB5', ...reader, serial: 'B1' }]
  expect(findPort({ usb: { vendor: '0c2e' }, known: null }, two, isThere)).toBeNull()
})

test('what stands at a port is known by its identity, where it has one', () => {
  expect(knownAt('/dev/ttyUSB4', there)).toEqual(reader)
  expect(knownAt('/dev/ttyUSB1', there)).toEqual(board)
  expect(knownAt('/dev/ttyS0', there)).toBeNull()
})
