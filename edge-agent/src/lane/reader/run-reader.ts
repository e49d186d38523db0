import type { ReaderProfile } from '@vigie/config-schema/lane-profiles'
import type { Time } from '../../time.ts'
import type { OpenLine } from '../serial-line.ts'
import { findPort, type KnownDevice, knownAt, type PortThere } from './port-finding.ts'
import { createReading, type ReadingEvents } from './reading.ts'

export type ReaderEvents = ReadingEvents & {
  /** `lost` is told once, however long it lasts. */
  onCondition(condition: { is: 'working'; port: string } | { is: 'lost'; fault: 'reader-lost'; detail: string }): void
}

export type ReaderDeps = ReaderEvents & {
  time: Time
  openLine: OpenLine
  listPorts(): Promise<PortThere[]>
  /** The port that a name of udev leads to; null: it is not there. */
  portBehind(path: string): string | null
}

/** A person who plugs a reader in looks at it for longer. */
const LOOK_AGAIN_MS = 1_000

/** The loop of one reader: found, opened, read until it is gone, found again under whatever name. Returns when aborted. */
export async function runReader(
  { profile, port }: { profile: ReaderProfile; port?: string | undefined },
  deps: ReaderDeps,
  signal: AbortSignal,
): Promise<void> {
  let known: KnownDevice | null = null
  let isLost = false
  const lose = (detail: string) => {
    if (!isLost) deps.onCondition({ is: 'lost', fault: 'reader-lost', detail })
    isLost = true
  }
  const open = async (path: string) => {
    const reading = createReading(profile, deps)
    try {
      return { reading, line: await deps.openLine(path, profile.serial, reading.onBytes) }
    } catch (error) {
      lose(error instanceof Error ? error.message : '')
      return null
    }
  }
  while (!signal.aborted) {
    const there = await deps.listPorts()
    const path = findPort({ port, usb: profile.usb, known }, there, (name) => deps.portBehind(name) !== null)
    const opened = path === null ? null : await open(path)
    if (path === null) lose('not there')
    else if (opened !== null) {
      isLost = false
      known = knownAt(deps.portBehind(path) ?? path, there) ?? known
      deps.onCondition({ is: 'working', port: path })
      await opened.reading.follow(opened.line, signal)
      if (!signal.aborted) lose('unplugged')
    }
    await deps.time.wait(LOOK_AGAIN_MS, signal).catch(() => undefined)
  }
}
