import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { addressesBeside, ownAddresses } from './camera-network.ts'

const one = (address: string, bits: number): NetworkInterfaceInfo => ({
  ...{ address, netmask: '', family: 'IPv4', mac: '', internal: false, cidr: `${address}/${bits}` },
})
const interfaces = { eth0: [one('192.168.10.2', 24)], wwan0: [one('10.64.0.9', 8)], eth1: [one('192.168.11.2', 24)] }

test('a camera is looked for on its own network, never over the modem', () => {
  expect(addressesBeside('http://192.168.10.64/onvif/device_service', interfaces)).toEqual(['192.168.10.2'])
  expect(addressesBeside('https://192.168.11.64:8443/', interfaces)).toEqual(['192.168.11.2'])
  expect(addressesBeside('http://203.0.113.5/', interfaces)).toEqual([])
  expect(addressesBeside('http://camera.example/', interfaces)).toEqual([])
})

test('new cameras are looked for on every network that others may be on too, never over the modem or on the internet', () => {
  const more = {
    ...interfaces,
    eth2: [one('203.0.113.9', 24)],
    tun0: [one('10.8.0.2', 24)],
    eth3: [one('10.1.1.1', 31)],
  }
  expect(ownAddresses(more, [])).toEqual(['192.168.10.2', '192.168.11.2'])
  // A camera that somebody wrote down says where its like may be, whatever that network is called.
  expect(ownAddresses(more, ['http://203.0.113.5/'])).toEqual(['192.168.10.2', '192.168.11.2', '203.0.113.9'])
})
