import type { Clock } from '@vigie/contract/clock'
import type { UnitId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import type { Commissioning, CommissioningCheck } from '../store/commissionings.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import type { AskUnit } from './ask-unit.ts'
import type { AskedCommand, Begun, Check, Facts } from './check.ts'
import { CHECKS, checkNamed } from './check-table.ts'
import { type FactSources, readFacts } from './read-facts.ts'
import { isTakingSettings, ranWhenAsked, wasAskedEarly } from './settings-on-their-way.ts'
import { begunCheck, stepCheck } from './step-check.ts'

type Deps = FactSources & {
  /** Null: no commands can be asked here; the checks that need one say so. */
  unit: AskUnit | null
  clock: Clock
  log: Logger
}

/** A technician who looks at the phone sees what happened within two seconds. */
const LOOK_EVERY_MS = 2_000
/** A unit that comes back within this time still takes what a check asks of it. */
const TAKEN_WITHIN_S = 120
/** Where a check remembers the id of what it asked for. */
const ASKED = 'asked:'
/** Where it remembers who asked. */
const ASKED_BY = 'askedBy'
/** Where a drill that waits for its turn remembers who began it. */
const QUEUED = 'queuedBy'
const IN_TURN = "Attend la fin des vérifications qu'elle dérangerait."

export type CheckWatch = {
  /** Begins these checks, or all, and looks at each once. @returns false when the site is gone */
  begin(commissioning: Commissioning, by: string, names?: readonly string[]): Promise<boolean>
  /** Looks at every check that runs. */
  look(): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

/** Begins acceptance checks and looks at those that run, from the facts as they are; any instance may. */
export function createCheckWatch(deps: Deps): CheckWatch {
  const { store, unit, clock, log } = deps
  const { commissionings } = store

  /** @returns those that still run */
  async function move(rows: readonly CommissioningCheck[], facts: Facts): Promise<CommissioningCheck[]> {
    const running: CommissioningCheck[] = []
    for (const row of rows) {
      const check = checkNamed(row.name)
      if (check === undefined) continue // of another version
      const next = stepCheck(row, check, { ...facts, commands: await commandsOf(row, facts) })
      if (next.state === 'running') running.push(next)
      if (isSame(row, next)) continue
      const moved = await commissionings.moveCheck(next)
      if (moved && next.state !== 'running') {
        const { commissioning, name, state, measured, reason } = next
        log.info({ event: 'check.ended', commissioning, check: name, state, measured, reason })
      }
    }
    return running
  }

  /** Looks at the checks of one commissioning, and lets the next drill begin when nothing is in its way. */
  async function lookAt(rows: readonly CommissioningCheck[], facts: Facts): Promise<void> {
    const queued = rows.filter((row) => queuedBy(row) !== null)
    const begun = rows.filter((row) => !queued.includes(row))
    const running = await move(await askedAgain(begun, facts), facts)
    const [next] = queued.toSorted((one, other) => placeOf(one) - placeOf(other))
    const check = next && checkNamed(next.name)
    if (next === undefined || check === undefined) return
    if (running.some(isInTheWay)) {
      for (const row of queued) if (row.reason !== IN_TURN) await commissionings.moveCheck({ ...row, reason: IN_TURN })
      return
    }
    const by = queuedBy(next) ?? ''
    // A look may come within the millisecond in which the check was put in the queue.
    const startedAt = Math.max(facts.now, next.startedAt + 1)
    if (!(await commissionings.takeTurn(next, startedAt))) return
    const asked = await askFor([check], facts, by)
    const turn = { ...begunCheck(check, facts, asked.get(check)), startedAt }
    await commissionings.beginCheck(turn)
    await move([turn], facts)
  }

  /** Asks for what these checks need, each thing once. @returns by check and name, the id of the command */
  async function askFor(checks: readonly Check[], facts: Facts, by: string): Promise<Map<Check, Begun>> {
    const ids = new Map<string, string>()
    const asked = new Map<Check, Begun>()
    if (unit === null) return asked
    const where = { site: facts.commissioning.site, unit: facts.site.unit as UnitId, by, withinS: TAKEN_WITHIN_S } // the schema's pattern
    for (const check of checks) {
      const memory: Record<string, string> = check.asks === undefined ? {} : { [ASKED_BY]: by }
      for (const { as, body } of check.asks?.(facts) ?? []) {
        const key = JSON.stringify(body)
        const id = ids.get(key) ?? (await unit.ask({ ...where, body }))
        ids.set(key, id)
        memory[`${ASKED}${as}`] = id
      }
      asked.set(check, memory)
    }
    return asked
  }

  /** Asks once more for what a box refused by settings that it had before, when it has come to rest at the right ones. */
  async function askedAgain(rows: readonly CommissioningCheck[], facts: Facts): Promise<CommissioningCheck[]> {
    const next: CommissioningCheck[] = []
    for (const row of rows) {
      const [check, memory] = [checkNamed(row.name), JSON.parse(row.begun) as Begun]
      const by = memory[ASKED_BY]
      const commands = isTakingSettings(facts) ? [] : [...(await commandsOf(row, facts)).values()]
      const isEarly = commands.some((command) => wasAskedEarly(command, facts, memory))
      if (!isEarly || check === undefined || typeof by !== 'string') {
        next.push(row)
        continue
      }
      const asked = await askFor([check], facts, by)
      const again = { ...row, begun: JSON.stringify({ ...memory, ...ranWhenAsked(facts), ...asked.get(check) }) }
      await commissionings.moveCheck(again)
      next.push(again)
    }
    return next
  }

  async function commandsOf({ begun }: CommissioningCheck, facts: Facts): Promise<Map<string, AskedCommand>> {
    const commands = new Map<string, AskedCommand>()
    for (const [name, id] of Object.entries(JSON.parse(begun) as Begun)) {
      if (unit === null || !name.startsWith(ASKED) || typeof id !== 'string') continue
      const command = await unit.of(facts.commissioning.site, id)
      if (command !== undefined) commands.set(name.slice(ASKED.length), command)
    }
    return commands
  }

  const look = async () => {
    const running = await commissionings.runningChecks()
    for (const id of new Set(running.map(({ commissioning }) => commissioning))) {
      const commissioning = await commissionings.of(id)
      const facts = commissioning && (await readFacts(deps, commissioning, clock.now()))
      if (!facts) continue
      const rows = running.filter((row) => row.commissioning === id)
      await lookAt(rows, facts)
    }
  }

  const onFault = (fault: { code: string; message: string } | null) => {
    if (fault !== null) log.error({ event: 'checks.unwatched', fault: fault.code, detail: fault.message })
  }

  return {
    begin: async (commissioning, by, names) => {
      const facts = await readFacts(deps, commissioning, clock.now())
      if (facts === null) return false
      const wanted = CHECKS.filter(({ name }) => names === undefined || names.includes(name))
      const others = wanted.filter(({ isDrill }) => isDrill !== true)
      const asked = await askFor(others, facts, by)
      for (const check of wanted) {
        const queued = { ...begunCheck(check, facts), begun: JSON.stringify({ [QUEUED]: by }) }
        await commissionings.beginCheck(others.includes(check) ? begunCheck(check, facts, asked.get(check)) : queued)
      }
      const running = await commissionings.runningChecks()
      const rows = running.filter((row) => row.commissioning === commissioning.id)
      await lookAt(rows, facts)
      return true
    },
    look,
    run: (signal) => regularly(LOOK_EVERY_MS, look, { faultOf: storeFaultOf, onFault }, signal),
  }
}

const isSame = (one: CommissioningCheck, other: CommissioningCheck): boolean =>
  one.state === other.state && one.reason === other.reason && one.begun === other.begun

/** Who began a check that has not had its turn yet; null: it runs. */
function queuedBy({ begun }: CommissioningCheck): string | null {
  const by = (JSON.parse(begun) as Begun)[QUEUED]
  return typeof by === 'string' ? by : null
}

const placeOf = ({ name }: CommissioningCheck): number => CHECKS.findIndex((check) => check.name === name)

/** What asks something of the unit, or breaks something on purpose, would spoil a drill and be spoilt by it. */
function isInTheWay({ name }: CommissioningCheck): boolean {
  const check = checkNamed(name)
  return check?.isDrill === true || check?.isBeforeDrills === true || check?.asks !== undefined
}
