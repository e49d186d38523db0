import { BlockList } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

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

function isWithin({ family, address, cidr }: NetworkInterfaceInfo, host: string): boolean {
  const bits = Number(cidr?.split('/')[1])
  if (family !== 'IPv4' || !Number.isInteger(bits) || !/^[\d.]+$/.test(host)) return false
  const network = new BlockList()
  network.addSubnet(address, bits)
  return network.check(host)
}
