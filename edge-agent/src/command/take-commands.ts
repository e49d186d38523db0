import type { Clock, ClockState } from '@vigie/contract/clock'
import { type Command, type CommandNamed, decodeCommand, type Progress } from '@vigie/contract/command'
import type { CameraId, ItemId } from '@vigie/contract/ids'
import { faultCodeOf } from '../faults.ts'
import type { AskedFrames } from '../schedule/asked-frames.ts'
import type { CommandMemory, TakenCommand } from './command-memory.ts'
import type { Orders } from './orders.ts'

export type CommandDeps = {
  /** The unit's honest time. */
  clock: Clock & { state(): ClockState }
  memory: CommandMemory
  orders: Orders
  cameras: { get(camera: CameraId): Pick<AskedFrames<unknown>, 'ask'> | undefined }
  /** Tells how far a command came. */
  say(command: ItemId, step: Progress['step'], reason?: string): void
  /** Told when an order was given: plans may have changed. */
  onOrder(): void
}

export type Commands = {
  /** Takes what came over the wire. Never throws for what is in it. */
  take(payload: Uint8Array): void
}

type Tell = (step: Progress['step'], reason?: string) => void

/** Longer than a day is no command but a plan. Beyond: refused. It bounds how long an id must be remembered. */
const LIFE_MAX_MS = 24 * 3_600_000
/** A person asks a few times a day. Beyond: refused, until some have expired. */
const MAX_REMEMBERED = 256
/** How long an expired id is remembered still: as much as the honest time of the unit could be corrected by. */
const GRACE_MS = 3_600_000

/**
 * Takes each command once. Its id is durable before anything is done, so that a power cut makes a command that was not
 * done, never one done twice; who asks again by the same id hears how far it came.
 */
export function createCommands(deps: CommandDeps): Commands {
  const { clock, memory, orders } = deps
  const taken = new Map<ItemId, TakenCommand>()
  for (const command of memory.read().taken) {
    const isLost = command.step === 'accepted'
    taken.set(command.id, isLost ? { ...command, step: 'refused', reason: 'interrupted by a restart' } : command)
  }

  /** @throws AgentFault `disk-failing` */
  function remember(command: TakenCommand): void {
    const before = taken.get(command.id)
    taken.set(command.id, command)
    try {
      memory.write({ taken: [...taken.values()], orders: orders.kept() })
    } catch (error) {
      if (before) taken.set(command.id, before)
      else taken.delete(command.id)
      throw error
    }
  }

  function forgetExpired(): void {
    for (const { id, expiresAtMs } of taken.values()) if (expiresAtMs + GRACE_MS < clock.now()) taken.delete(id)
  }

  /** Why a command is not taken at all, so that it may be sent again; null: it is. */
  function refusal({ issuedAt, expiresAt }: Command): string | null {
    if (clock.state() === 'unknown') return 'clock unknown'
    if (Date.parse(expiresAt) - Date.parse(issuedAt) > LIFE_MAX_MS) return 'lives longer than a day'
    return taken.size >= MAX_REMEMBERED ? 'too many commands' : null
  }

  function take(command: Command): void {
    const { id, body } = command
    const before = taken.get(id)
    if (before) {
      deps.say(id, before.step, before.reason)
      return
    }
    forgetExpired()
    const why = refusal(command)
    if (why !== null) {
      deps.say(id, 'refused', why)
      return
    }
    const expiresAtMs = Date.parse(command.expiresAt)
    const tell: Tell = (step, reason) => {
      remember({ id, expiresAtMs, step, ...(reason !== undefined && { reason }) })
      deps.say(id, step, reason)
    }
    if (expiresAtMs <= clock.now()) tell('expired')
    else if (body.name === 'frame-now') takeFrames(id, body.camera, tell)
    else if (body.name !== 'watch-closely' && body.name !== 'thrifty') tell('refused', 'command-unknown')
    else {
      tell('accepted')
      follow(body)
      deps.onOrder()
      tell('done')
    }
  }

  function takeFrames(id: ItemId, name: CameraId, tell: Tell): void {
    const camera = deps.cameras.get(name)
    if (camera === undefined) {
      tell('refused', 'no such camera')
      return
    }
    tell('accepted')
    const isAsked = camera.ask((fault) => {
      orSayWhy(id, () => (fault === null ? tell('done') : tell('refused', fault)))
    })
    if (!isAsked) tell('refused', 'too many frames asked for')
  }

  function follow(order: CommandNamed<'watch-closely' | 'thrifty'>): void {
    if (order.name === 'watch-closely') orders.watchFor(order.minutes)
    else if (!order.on) orders.beUsual()
    else orders.beThrifty(order.until === undefined ? null : Math.max(0, Date.parse(order.until) - clock.now()))
  }

  /** A disk that fails is a reason to refuse, not to stop taking pictures. */
  function orSayWhy(id: ItemId, work: () => void): void {
    try {
      work()
    } catch (error) {
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      deps.say(id, 'refused', fault)
    }
  }

  return {
    take(payload) {
      const command = decodeCommand(payload)
      if (command.ok) orSayWhy(command.value.id, () => take(command.value))
    },
  }
}
