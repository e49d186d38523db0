import type { UsbIdentity } from '@vigie/config-schema/lane-profiles'

/** A serial port of the machine, as udev names it. */
export type PortThere = { path: string; vendor?: string; product?: string; serial?: string }

/** By what a device that was found once is known again, wherever it is plugged in. */
export type KnownDevice = { vendor: string; product: string; serial?: string }

export type Wanted = {
  /** As the lane document names it. */
  port?: string | undefined
  usb?: UsbIdentity | undefined
  /** What it was when it last worked. */
  known: KnownDevice | null
}

/**
 * Where a device is now; null: nowhere, or in more than one place. A port that is named and there is taken as it is; only
 * when it is gone is the device looked for by what it is.
 */
export function findPort(
  { port, usb, known }: Wanted,
  there: readonly PortThere[],
  isThere: (path: string) => boolean,
): string | null {
  if (port !== undefined && (port.startsWith('tcp://') || isThere(port))) return port
  const fits = ({ vendor, product, serial }: PortThere) => {
    if (known !== null) return vendor === known.vendor && product === known.product && serial === known.serial
    return port === undefined && usb !== undefined && vendor === usb.vendor && (usb.product ?? product) === product
  }
  const found = there.filter(fits)
  return found.length === 1 ? (found[0]?.path ?? null) : null
}

/** What stands at a port, to know it by later; null: nothing tells, as with a port on the machine's own board. */
export function knownAt(path: string, there: readonly PortThere[]): KnownDevice | null {
  const { vendor, product, serial } = there.find((one) => one.path === path) ?? {}
  if (vendor === undefined || product === undefined) return null
  return { vendor, product, ...(serial !== undefined && { serial }) }
}
