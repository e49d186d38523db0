import type { NetworkInterfaceInfo } from 'node:os'
import { UsageError } from './login.ts'

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>

/**
 * IPv4 addresses of the interface of that name; without a name, of all that lead out of this machine: a unit has its
 * cameras on one and the modem on another, and the default route leads to the modem.
 * @throws UsageError
 */
export function addressesOf(name: string | undefined, interfaces: Interfaces): string[] {
  const ipv4 = (all: NetworkInterfaceInfo[] = []) => all.filter(({ family }) => family === 'IPv4')
  if (name === undefined) {
    return Object.values(interfaces).flatMap((all) =>
      ipv4(all)
        .filter(({ internal }) => !internal)
        .map(({ address }) => address),
    )
  }
  const found = ipv4(interfaces[name]).map(({ address }) => address)
  if (found.length > 0) return found
  const names = Object.keys(interfaces).filter((other) => ipv4(interfaces[other]).length > 0)
  throw new UsageError(`Il n'y a pas d'interface ${name} avec une adresse IPv4. Il y a : ${names.join(', ')}.`)
}
