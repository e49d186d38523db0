import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { addressesOf } from './interfaces.ts'

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...{ address, internal, family: 'IPv4', netmask: '255.255.255.0', mac: '', cidr: null },
})
const interfaces = {
  lo: [ipv4('127.0.0.1', true)],
  eth0: [ipv4('192.0.2.1')],
  wwan0: [ipv4('198.51.100.1'), { ...ipv4(''), family: 'IPv6' as const, address: 'fe80::1', scopeid: 2 }],
  down0: undefined,
}

test('without a name asks on all that lead out, not on the default route alone', () => {
  expect(addressesOf(undefined, interfaces)).toEqual(['192.0.2.1', '198.51.100.1'])
})

test('with a name asks on that one, even if it leads nowhere', () => {
  expect(addressesOf('lo', interfaces)).toEqual(['127.0.0.1'])
})

test.each(['eth7', 'down0'])('says which there are when there is no %s', (name) => {
  expect(() => addressesOf(name, interfaces)).toThrow('Il y a : lo, eth0, wwan0.')
})
