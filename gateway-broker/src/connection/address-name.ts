import { isIPv4, isIPv6 } from 'node:net'

/** The first half of an IPv6 address names the network; whoever has one may choose the other half for every connection. */
const IPV6_NETWORK_GROUPS = 4

/** What an address is counted by: an IPv4 address whole, an IPv6 address by its /64 network. */
export function addressName(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
  if (isIPv4(mapped)) return mapped
  if (!isIPv6(address)) return address
  const [left = '', right] = (address.split('%')[0] ?? '').split('::')
  const groups = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = right === undefined ? 0 : 8 - groups.length - tail.length
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tail]
  return `${all.slice(0, IPV6_NETWORK_GROUPS).join(':')}::/64`
}
