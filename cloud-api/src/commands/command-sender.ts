import type { Clock } from '@vigie/contract/clock'
import type { Command, CommandBody } from '@vigie/contract/command'
import { buildTopic } from '@vigie/contract/topics'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import { type CommandStore, lifeOf, type StoredCommand } from '../store/commands.ts'
import type { PresenceStore } from '../store/presence.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { afterTime, isDue } from './command-life.ts'

type Deps = {
  commands: Pick<CommandStore, 'open' | 'expire' | 'forget' | 'takeForSending'>
  presence: Pick<PresenceStore, 'all'>
  /** Sends at QoS 0; false: there is no connection. */
  publish(topic: string, payload: string): boolean
  isConnected(): boolean
  clock: Clock
  log: Logger
}

export type CommandSender = { look(): Promise<void>; run(signal: AbortSignal): Promise<void> }

/** Somebody waits for it; with nothing open a look is one small question to the database. */
const LOOK_EVERY_MS = 500
/** What was asked of a site and how it ended can be looked up for so long; the audit trail has it for good. */
export const KEPT_FOR_MS = 30 * 24 * 3_600_000
const TIDY_EVERY_MS = 3_600_000

/**
 * Sends commands to the units that are there, again until each has said how it ended, and ends those that nobody took in
 * time. The broker holds nothing: a command lives here until then.
 */
export function createCommandSender({ commands, presence, publish, isConnected, clock, log }: Deps): CommandSender {
  let tidiedMs = -Infinity

  async function expire(open: readonly StoredCommand[], now: number): Promise<void> {
    if (open.every((command) => afterTime(lifeOf(command), now).endedAt === null)) return
    for (const { id, unit, endReason } of await commands.expire(now)) {
      log.info({ event: 'command.expired', command: id, unit, reason: endReason })
    }
  }

  async function tidy(): Promise<void> {
    if (clock.monotonicMs() - tidiedMs < TIDY_EVERY_MS) return
    tidiedMs = clock.monotonicMs()
    await commands.forget(clock.now() - KEPT_FOR_MS)
  }

  const look = async () => {
    await tidy()
    const open = await commands.open()
    if (open.length === 0) return
    const now = clock.now()
    await expire(open, now)
    if (!isConnected()) return
    const units = new Map((await presence.all()).map((one) => [one.unit, one]))
    for (const command of open) {
      const unit = units.get(command.unit)
      if (unit?.condition !== 'online' || unit.site !== command.site) continue
      if (!isDue(lifeOf(command), { now, presentSince: unit.confirmedAt })) continue
      if (!(await commands.takeForSending(command, now))) continue
      const { id, site, sends } = command
      const isSent = publish(buildTopic({ site, unit: command.unit, what: 'command' }), JSON.stringify(wireOf(command)))
      if (isSent) log.info({ event: 'command.sent', command: id, unit: command.unit, sends: sends + 1 })
    }
  }

  const onFault = (fault: { code: string; message: string } | null) => {
    if (fault !== null) log.error({ event: 'commands.unsent', fault: fault.code, detail: fault.message })
  }
  return { look, run: (signal) => regularly(LOOK_EVERY_MS, look, { faultOf: storeFaultOf, onFault }, signal) }
}

function wireOf({ id, body, askedAt, approvedAt, expiresAt }: StoredCommand): Command {
  return {
    v: WIRE_VERSION,
    id,
    issuedAt: new Date(approvedAt ?? askedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    body: JSON.parse(body) as CommandBody, // it was checked when it was asked
  }
}
