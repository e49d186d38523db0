import { BlockList, isIP } from 'node:net'

/** Networks that are not routed on the internet: RFC 1918, 3927, 6598 and 4193, and the machine itself. */
const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const) {
  PRIVATE.addSubnet(network, bits)
}
PRIVATE.addSubnet('fc00::', 7, 'ipv6')
PRIVATE.addSubnet('fe80::', 10, 'ipv6')
PRIVATE.addAddress('::1', 'ipv6')

/** Whether a camera's address is on a network of the site: a unit is not to be sent, with a password, to anybody else. */
export function isPrivateAddress(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  if (family === 0) return host.endsWith('.local') || host === 'localhost'
  return PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
