import { DESIRED_DOCUMENT_MAX_BYTES } from '@vigie/contract/bounds'
import type { DesiredSet } from '@vigie/contract/desired'
import type { ReportedConfiguration } from '@vigie/contract/state'
import { DESIRED_DOCUMENTS, type DesiredDocument, type DesiredPart } from '@vigie/contract/topics'
import { faultCodeOf } from '../faults.ts'
import type { UnitKey } from '../frame/seal-frame.ts'
import { readUnitKey } from '../identity/credential.ts'
import type { SitePlan } from '../settings.ts'
import type { Time } from '../time.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { ConfigurationFiles, Confirmed, DocumentTexts } from './configuration-files.ts'
import {
  afterRestart,
  type ConfigurationEffect,
  type ConfigurationEvent,
  type ConfigurationState,
  isLower,
  type Pair,
  type Refusal,
  type Result,
  stepConfiguration,
} from './configuration-step.ts'
import { digestOf } from './digested-file.ts'
import { isSamePlan, type PlanVerdict } from './plan-of-documents.ts'
import type { SetVerdict } from './signed-set.ts'

export type DesiredConfigurationDeps = {
  time: Time & { state(): 'synchronised' | 'estimated' | 'unknown'; date(monoMs: number): { at: string } }
  files: ConfigurationFiles
  /** What the box was set up with. */
  seed: SitePlan
  readSet(bytes: Uint8Array): Promise<SetVerdict>
  /** The unit's present key, in PEM. */
  key(): string
  planOf(documents: DocumentTexts, keys: UnitKey[]): Promise<PlanVerdict>
  tryCameras(plans: { next: SitePlan; running: SitePlan }, signal: AbortSignal): Promise<Result>
  holdUplink(signal: AbortSignal): Promise<Result>
  /** From now on the unit goes by this plan. Resolves when nothing of the one before runs any more. */
  goBy(plan: SitePlan): Promise<void>
  /** Wakes the connection: there are documents to ask for. */
  ask(): void
  /** Sends the state. */
  tell(): Promise<void>
  onEvent(event: ConfigurationNews): void
}

/** What somebody reads in the log. */
export type ConfigurationNews =
  | { kind: 'not-taken'; reason: string; detail: string }
  /** Of the two files of the last good configuration. `isLost`: neither of them was good. */
  | { kind: 'damaged'; files: readonly string[]; isLost: boolean }
  | { kind: 'trying' | 'running'; of: Pair }
  | { kind: 'refused'; refused: Refusal }
  | { kind: 'not-kept'; error: unknown }

export type DesiredConfiguration = {
  /** The plan to start with: the last good one. */
  readonly plan: SitePlan
  /** Takes what came over the wire. Never throws for what is in it. */
  take(part: DesiredPart, payload: Uint8Array): void
  /** Documents that the unit should be asked for; each is given once. */
  takeWanted(): DesiredDocument[]
  /** The time has become known: what waited for it is looked at. */
  timeKnown(): void
  report(): ReportedConfiguration
  run(signal: AbortSignal): Promise<void>
}

/** What came on `desired/set` and was not looked at yet; a newer one replaces it. */
type Waiting = { set: Uint8Array | null; documents: Map<DesiredDocument, Uint8Array> }

/**
 * Takes desired configurations one after the other: verified, gathered, tried, confirmed or gone back from. What decides is
 * `stepConfiguration`; here its effects are done, each to its end before the next event is looked at.
 */
export async function openDesiredConfiguration(deps: DesiredConfigurationDeps): Promise<DesiredConfiguration> {
  const { time, files } = deps
  const { confirmed, damaged } = files.readConfirmed()
  if (damaged.length > 0) deps.onEvent({ kind: 'damaged', files: damaged, isLost: confirmed === null })
  const memory = files.readMemory()
  const keys = () => [deps.key(), ...(confirmed ? [confirmed.key] : [])].flatMap((pem) => readUnitKey(pem) ?? [])
  const read = confirmed && (await deps.planOf(confirmed.documents, keys()))
  const startedMonoMs = time.monotonicMs()
  // A confirmed set that this version cannot read (a profile is gone) is not worth a box without cameras.
  const last: Confirmed | null = read?.ok ? confirmed : null
  const first = read?.ok ? read.plan : deps.seed
  /** `since` null: since this agent started. */
  let running: { plan: SitePlan; documents: DocumentTexts | null; since: string | null } = {
    plan: first,
    documents: last?.documents ?? null,
    since: last?.since ?? null,
  }
  let state: ConfigurationState = afterRestart(
    {
      running: last
        ? { version: last.set.version, attempt: last.set.attempt, digests: last.set.documents }
        : { version: 0, attempt: 0, digests: null },
      seen: higherOf(memory.seen, last?.set ?? null),
      refused: memory.refused,
      turnedAway: memory.turnedAway,
    },
    memory.trial,
  )
  let refusedAt = state.refused === memory.refused ? memory.refusedAt : null
  let turnedAwayAt = memory.turnedAwayAt
  let candidate: { plan: SitePlan; documents: DocumentTexts } | null = null
  let gathered = new Map<DesiredDocument, { digest: string; text: string }>()
  const waiting: Waiting = { set: null, documents: new Map() }
  const wanted = new Set<DesiredDocument>()
  const results: ConfigurationEvent[] = []
  const bell = createDoorbell(time)
  let trial = new AbortController()
  /** A bug in a trial ends the loop, and with it the agent. */
  const broken = new AbortController()

  /** Everything that waits, as events: results of our own before what the wire brought. */
  async function nextEvent(): Promise<ConfigurationEvent | null> {
    const result = results.shift()
    if (result) return result
    if (waiting.set && time.state() !== 'unknown') {
      const bytes = waiting.set
      waiting.set = null
      const verdict = await deps.readSet(bytes)
      if (verdict.ok) return { name: 'set-came', set: verdict.set }
      const { reason, detail } = verdict
      deps.onEvent({ kind: 'not-taken', reason, detail })
      return { name: 'set-turned-away', turnedAway: { reason, about: detail.slice(0, ABOUT_MAX) } }
    }
    for (const [document, bytes] of waiting.documents) {
      waiting.documents.delete(document)
      const digest = digestOf(bytes)
      gathered.set(document, { digest, text: Buffer.from(bytes).toString() })
      return { name: 'document-came', document, digest }
    }
    return null
  }

  async function take(event: ConfigurationEvent, signal: AbortSignal): Promise<void> {
    const before = state
    const { state: next, effects } = stepConfiguration(state, event)
    state = next
    if (next.refused !== before.refused && next.refused) {
      refusedAt = time.date(time.monotonicMs()).at
      deps.onEvent({ kind: 'refused', refused: next.refused })
    }
    if (next.turnedAway !== before.turnedAway) {
      turnedAwayAt = next.turnedAway && time.date(time.monotonicMs()).at
      if (next.turnedAway?.reason === 'configuration-older') {
        deps.onEvent({ kind: 'not-taken', reason: next.turnedAway.reason, detail: next.turnedAway.about ?? '' })
      }
    }
    for (const effect of effects) await carryOut(effect, signal)
  }

  async function carryOut(effect: ConfigurationEffect, signal: AbortSignal): Promise<void> {
    switch (effect.do) {
      case 'remember':
        return remember()
      case 'ask':
        for (const document of effect.documents) {
          // It may have come before the set that names it.
          const came = gathered.get(document)
          if (came) results.push({ name: 'document-came', document, digest: came.digest })
          wanted.add(document)
        }
        return deps.ask()
      case 'judge':
        results.push(await judge(effect.set))
        return
      case 'try-cameras': {
        deps.onEvent({ kind: 'trying', of: effect.set })
        const next = candidate?.plan
        return (
          next &&
          start('cameras-answered', effect.set, signal, (trying) =>
            deps.tryCameras({ next, running: running.plan }, trying),
          )
        )
      }
      case 'switch':
        return candidate ? deps.goBy(candidate.plan) : undefined
      case 'hold-uplink':
        return start('uplink-held', effect.set, signal, deps.holdUplink)
      case 'stop-trial':
        return trial.abort()
      case 'go-back':
        return deps.goBy(running.plan)
      case 'confirm':
        results.unshift({ name: 'kept', of: effect.set, result: keep(effect.set) })
        return
      case 'tell':
        return deps.tell()
    }
  }

  /** Reads a whole set: what came, and of the rest what runs already. */
  async function judge(set: Parameters<typeof keep>[0]): Promise<ConfigurationEvent> {
    const texts = DESIRED_DOCUMENTS.map((name) => {
      const came = gathered.get(name)
      return [name, came?.digest === set.documents[name] ? came.text : running.documents?.[name]] as const
    })
    const documents = Object.fromEntries(texts) as DocumentTexts // gathered before: the step asks for none twice
    const verdict = await deps.planOf(documents, keys())
    gathered = new Map()
    if (!verdict.ok) return { name: 'judged', of: set, result: verdict, isSame: false }
    candidate = { plan: verdict.plan, documents }
    return { name: 'judged', of: set, result: { ok: true }, isSame: isSamePlan(verdict.plan, running.plan) }
  }

  function keep(set: NonNullable<Confirmed>['set']): Result {
    if (!candidate) throw new Error('nothing was tried')
    const since = time.date(time.monotonicMs()).at
    try {
      files.confirm({ set, documents: candidate.documents, since, key: deps.key() })
    } catch (error) {
      const fault = faultCodeOf(error)
      if (fault === null) throw error
      return { ok: false, reason: fault }
    }
    running = { ...candidate, since }
    candidate = null
    deps.onEvent({ kind: 'running', of: set })
    return { ok: true }
  }

  /** Starts a trial beside the loop; its result is an event like any other, unless the trial was stopped. */
  function start(
    name: 'cameras-answered' | 'uplink-held',
    of: Pair,
    signal: AbortSignal,
    work: (trying: AbortSignal) => Promise<Result>,
  ): void {
    trial = new AbortController()
    const trying = AbortSignal.any([signal, trial.signal])
    work(trying).then(
      (result) => {
        if (trying.aborted) return
        results.push({ name, of, result })
        bell.ring()
      },
      (error) => {
        if (!trying.aborted) broken.abort(error)
      },
    )
  }
  function remember(): void {
    try {
      files.remember({ ...memoryOf(state), refusedAt, turnedAwayAt })
    } catch (error) {
      // The set was seen all the same; after a restart it comes again.
      if (faultCodeOf(error) === null) throw error
      deps.onEvent({ kind: 'not-kept', error })
    }
  }

  return {
    plan: first,
    take(part, payload) {
      // What is retained no more is said with nothing.
      if (payload.byteLength === 0) return
      if (payload.byteLength > DESIRED_DOCUMENT_MAX_BYTES) {
        deps.onEvent({
          kind: 'not-taken',
          reason: 'configuration-wrong',
          detail: `${part}: ${payload.byteLength} bytes`,
        })
        return
      }
      if (part === 'set') waiting.set = payload
      else waiting.documents.set(part, payload)
      bell.ring()
    },
    takeWanted() {
      const all = [...wanted]
      wanted.clear()
      return all
    },
    timeKnown: bell.ring,
    report() {
      const { refused, turnedAway, phase } = state
      // Told as well as the time is known now: a box that boots in 1970 says it with its true date later.
      const startedAt = time.date(startedMonoMs).at
      const { version, attempt } = state.running
      const trying = phase.name === 'trying-cameras' || phase.name === 'trying-uplink' ? phase.set.version : null
      return {
        ...{ version, attempt, since: running.since ?? startedAt },
        ...(trying !== null && { trying }),
        ...(refused && { refused: { ...refused, at: refusedAt ?? startedAt } }),
        ...(turnedAway && { turnedAway: { ...turnedAway, at: turnedAwayAt ?? startedAt } }),
      }
    },
    async run(signal) {
      const over = AbortSignal.any([signal, broken.signal])
      // What was refused by the restart is remembered before anything else comes.
      if (memory.trial) remember()
      while (!over.aborted) {
        const event = await nextEvent()
        if (event) await take(event, over)
        else await bell.heard(LOOK_EVERY_MS, over).catch((error: unknown) => passWhen(over, error))
      }
      trial.abort()
      if (!signal.aborted) broken.signal.throwIfAborted()
    },
  }
}

/** What the state has room for. */
const ABOUT_MAX = 200
/** Everything that happens rings. */
const LOOK_EVERY_MS = 3_600_000

function passWhen(over: AbortSignal, error: unknown): void {
  if (!over.aborted) throw error
}

/** Of a memory that the disk has lost the last good set is left: nothing lower than that is listened to either. */
function higherOf(seen: ConfigurationState['seen'], set: DesiredSet | null): ConfigurationState['seen'] {
  if (set === null || (seen !== null && !isLower(seen, set))) return seen
  return { version: set.version, attempt: set.attempt, digests: set.documents }
}

function memoryOf({ seen, refused, turnedAway, phase }: ConfigurationState) {
  const isTrial =
    phase.name === 'trying-cameras' ||
    phase.name === 'trying-uplink' ||
    (phase.name === 'confirming' && phase.isSwitched)
  return {
    seen,
    refused,
    turnedAway,
    trial: isTrial ? { version: phase.set.version, attempt: phase.set.attempt } : null,
  }
}
