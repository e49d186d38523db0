import { BlockList } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { isPrivateAddress } from './private-address.ts'

/**
 * Our own IPv4 addresses on the network that a camera's address belongs to: it is looked for there and nowhere else, since
 * a unit's other interface is the modem.
 */
export function addressesBeside(
  url: string,
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>,
): string[] {
  const { hostname } = new URL(url)
  return Object.values(interfaces).flatMap((all = []) =>
    all.filter((one) => isWithin(one, hostname)).map(({ address }) => address),
  )
}

/**
 * Our own IPv4 addresses on the networks where cameras may be: private ones that others are on too, which a modem's is not;
 * and those of the cameras there are.
 */
export function ownAddresses(
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>,
  cameras: readonly string[],
): string[] {
  const shared = Object.entries(interfaces).flatMap(([name, all = []]) =>
    all.filter((one) => !one.internal && !MODEM.test(name) && isShared(one)).map(({ address }) => address),
  )
  return [...new Set([...shared, ...cameras.flatMap((url) => addressesBeside(url, interfaces))])]
}

/** As Linux names them: of a 4G stick, of a point-to-point link. */
const MODEM = /^(?:wwan|wwp|ppp|usb|tun)/

const isShared = ({ family, address, cidr }: NetworkInterfaceInfo) =>
  family === 'IPv4' && Number(cidr?.split('/')[1]) <= 30 && isPrivateAddress(`http://${address}`)

function isWithin({ family, address, cidr }: NetworkInterfaceInfo, host: string): boolean {
  const bits = Number(cidr?.split('/')[1])
  if (family !== 'IPv4' || !Number.isInteger(bits) || !/^[\d.]+$/.test(host)) return false
  const network = new BlockList()
  network.addSubnet(address, bits)
  return network.check(host)
}
