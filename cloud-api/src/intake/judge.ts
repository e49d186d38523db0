import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitOfLane, unitsOf } from '@vigie/config-schema/units-of'
import { decodeProgress } from '@vigie/contract/command'
import type { Decoded } from '@vigie/contract/decode'
import { decodeGateAsk, type GateAsk } from '@vigie/contract/gate/feed'
import { decodePresence } from '@vigie/contract/presence'
import { decodeState } from '@vigie/contract/state'
import type { TelemetrySample } from '@vigie/contract/telemetry'
import { decodeTelemetryItem } from '@vigie/contract/telemetry-batch'
import { parseTopic, type Topic } from '@vigie/contract/topics'
import { createPublicKeys } from '../presence/public-keys.ts'
import { judgeCertificate, type UnitAuthorities } from '../presence/unit-certificate.ts'
import { SERIES_KEPT_MS, type TelemetryPoint } from '../series/series-store.ts'
import type { Store } from '../store/store.ts'
import { askedOnce, type WhoIs } from './asked-once.ts'
import { AHEAD_AT_MOST_MS, frameHeaderIn, judgeFrame } from './judge-frame.ts'
import { judgeLedger } from './judge-ledger.ts'
import { judgeUnchanged } from './judge-unchanged.ts'
import { deadLetterOf, type Message, type Sender, type Why } from './message.ts'
import type { Judged, Verdict } from './verdict.ts'

export type JudgeDeps = {
  store: Pick<Store, 'fleet' | 'unitKeys' | 'unitCertificates' | 'presence' | 'commands' | 'replacements'>
  /** Asked for each birth: an authority may be rotated while the cloud runs. */
  authorities(): UnitAuthorities
  /** Whether items may be turned away for their time. */
  isTimeCertain(): boolean
  /** Told of a box of a museum that asks how tickets stand. */
  onGateAsk(unit: Sender, ask: GateAsk): void
}

export type Judge = {
  /**
   * Judges messages that came together; a verdict for each, in any order. What it throws is the store failing: then
   * nothing is decided, and the messages are judged again.
   */
  judgeAll(messages: readonly Message[]): Promise<Judged[]>
}

export function createJudge({ store, authorities, isTimeCertain, onGateAsk }: JudgeDeps): Judge {
  const publicKeyOf = createPublicKeys()

  async function judge(message: Message, parsed: Decoded<Topic>, whoIs: WhoIs): Promise<Verdict> {
    if (!parsed.ok) return refuse(message, null, parsed)
    const topic = parsed.value
    const site = await whoIs.site(topic.site)
    const isSuccessor = topic.what === 'presence' && site !== undefined && (await takesOver(message, topic, site))
    const isThere = site !== undefined && unitsOf(site).includes(topic.unit)
    if (!(isThere || isSuccessor)) {
      // Refused, a unit would forget it; unanswered, it keeps it on its disk, from where it can be rescued.
      const isRescued = topic.what !== 'presence' && (await store.replacements.wasReplaced(topic.site, topic.unit))
      if (isRescued) return { what: 'later' }
      const detail = site === undefined ? 'no such site in the fleet' : 'another unit stands there'
      const excerpt = topic.what === 'frame' ? frameHeaderIn(message.payload) : message.payload
      return refuse(message, topic, { reason: 'unit-not-at-site', detail }, excerpt)
    }
    if (topic.what === 'frame') return judgeFrame(message, topic, site, { ...whoIs, publicKeyOf })
    if (topic.what === 'unchanged') return judgeUnchanged(message, topic, site)
    if (topic.what === 'state') return judgeState(message, topic, site)
    if (topic.what === 'ledger') return judgeLedger(message, topic, site)
    if (topic.what === 'gate-ask') return takeGateAsk(message, topic)
    if (topic.what === 'telemetry') return judgeTelemetry(message, topic)
    if (topic.what === 'presence') return takePresence(message, topic)
    if (topic.what === 'progress') return takeProgress(message, topic)
    // The rest is said to units, not by them, or was taken before it came here.
    return { what: 'nothing' }
  }

  /** What our own clock may have wrong is not turned away for good: its unit sends it again until we know the time. */
  function unlessByTime(verdict: Verdict): Verdict {
    const isByTime =
      verdict.what === 'expired' || (verdict.what === 'refused' && verdict.letter.reason === 'time-in-the-future')
    return isByTime && !isTimeCertain() ? { what: 'later' } : verdict
  }

  /** Whether this is the birth of the unit that a site waits for in place of one of its own; then it is the site's from now on. */
  async function takesOver({ payload, receivedAt }: Message, topic: Sender, site: SiteDocument): Promise<boolean> {
    if (unitsOf(site).includes(topic.unit)) return false
    const said = decodePresence(payload)
    if (!said.ok || !said.value.online || said.value.unit !== topic.unit) return false
    const judged = judgeCertificate(said.value.certificate, topic, authorities(), receivedAt)
    if (!judged.ok || (await store.unitCertificates.isRevoked(judged.value.serial))) return false
    return (await store.replacements.takeOver(topic.site, topic.unit, receivedAt)) !== null
  }

  /** A birth brings the key with which the frames after it are judged, so it is stored here, before them. */
  async function takePresence(message: Message, topic: Sender): Promise<Verdict> {
    const decoded = decodePresence(message.payload)
    if (!decoded.ok) return refuse(message, topic, decoded)
    const said = decoded.value
    const { site, unit } = topic
    if (said.unit !== unit) return refuse(message, topic, { reason: 'topic-and-header-differ', detail: 'unit' })
    const { session, boot } = said
    if (!said.online) {
      await store.presence.note({ unit, site, session, boot, online: false, reason: said.reason }, message.receivedAt)
      return { what: 'nothing' }
    }
    const judged = judgeCertificate(said.certificate, topic, authorities(), message.receivedAt)
    if (!judged.ok) return refuse(message, topic, { reason: 'certificate-not-trusted', detail: judged.detail })
    const { key, serial, publicKeyPem, certificateEndsAt } = judged.value
    if (await store.unitCertificates.isRevoked(serial)) {
      return refuse(message, topic, { reason: 'certificate-revoked', detail: 'of its birth' })
    }
    const known = await store.unitKeys.keyOf(unit, key)
    if (known === undefined || known.certificateEndsAt < certificateEndsAt) {
      const learntAt = message.receivedAt
      await store.unitKeys.learn({ unit, key, site, publicKey: publicKeyPem, certificateEndsAt, learntAt })
    }
    // PostgreSQL stores no NUL in a text.
    const software = said.software.replaceAll('\0', '')
    const { machineBoot = null } = said
    await store.presence.note({ unit, site, session, boot, online: true, software, machineBoot }, message.receivedAt)
    return { what: 'nothing' }
  }

  /** A word on a command: noted at once, since nothing is receipted. One that the store refuses is said again. */
  async function takeProgress(message: Message, topic: Sender): Promise<Verdict> {
    const decoded = decodeProgress(message.payload)
    if (!decoded.ok) return refuse(message, topic, decoded)
    if (decoded.value.unit !== topic.unit) {
      return refuse(message, topic, { reason: 'topic-and-header-differ', detail: 'unit' })
    }
    await store.commands.noteWord(topic.unit, decoded.value, message.receivedAt)
    return { what: 'nothing' }
  }

  /** What a box asks of the feed is answered at once, and nothing of it is kept. */
  function takeGateAsk(message: Message, topic: Sender): Verdict {
    const decoded = decodeGateAsk(message.payload)
    if (!decoded.ok) return refuse(message, topic, decoded)
    if (decoded.value.unit !== topic.unit) {
      return refuse(message, topic, { reason: 'topic-and-header-differ', detail: 'unit' })
    }
    onGateAsk({ site: topic.site, unit: topic.unit }, decoded.value)
    return { what: 'nothing' }
  }

  return {
    judgeAll: async (messages) => {
      const topics = new Map(messages.map((message) => [message, parseTopic(message.topic)]))
      const isPresence = ([, topic]: [Message, Decoded<Topic>]) => topic.ok && topic.value.what === 'presence'
      const judged = async ([message, topic]: [Message, Decoded<Topic>], whoIs: WhoIs): Promise<Judged> => ({
        message,
        verdict: unlessByTime(await judge(message, topic, whoIs)),
      })
      const presences: Judged[] = []
      for (const one of [...topics].filter(isPresence)) presences.push(await judged(one, askedOnce(store)))
      const others = [...topics].filter((one) => !isPresence(one))
      // Asked after the presences, which bring keys.
      const whoIs = askedOnce(store)
      return [...presences, ...(await Promise.all(others.map((one) => judged(one, whoIs))))]
    },
  }
}

function judgeState(message: Message, topic: Sender, site: SiteDocument): Verdict {
  const decoded = decodeState(message.payload)
  if (!decoded.ok) return refuse(message, topic, decoded)
  const { id, unit, boot, seq, at, cameras: told, configuration, lanes: saidOfLanes = [] } = decoded.value
  if (unit !== topic.unit) return refuse(message, topic, { reason: 'topic-and-header-differ', detail: 'unit' })
  // A camera that the document has not is one of the configuration that still runs: what is said of the others counts.
  const cameras = told.filter(({ camera }) => site.cameras.some((known) => known.id === camera))
  // A clock that is ahead must not make this state look newer than those that will follow.
  const time = Math.min(Date.parse(at), message.receivedAt)
  // A museum gateway tells of all lanes, as far as it knows; of each the box that drives it is to be believed.
  const lanes = saidOfLanes.filter(({ lane }) => unitOfLane(site, lane) === unit)
  const state = { site: topic.site, unit, boot, seq, at: time, cameras, configuration, lanes }
  return { what: 'state', sender: topic, id, state }
}

/** Each sample is a point; of an item that lay for long, those that are too old are left out. */
function judgeTelemetry(message: Message, topic: Sender): Verdict {
  const decoded = decodeTelemetryItem(message.payload)
  if (!decoded.ok) return refuse(message, topic, decoded)
  const { id, unit, at: atText, samples } = decoded.value
  if (unit !== topic.unit) return refuse(message, topic, { reason: 'topic-and-header-differ', detail: 'unit' })
  const at = Date.parse(atText)
  if (at > message.receivedAt + AHEAD_AT_MOST_MS) {
    return refuse(message, topic, { reason: 'time-in-the-future', detail: `${at - message.receivedAt} ms ahead` })
  }
  const points = samples
    .map((sample) => pointOf({ id, site: topic.site, unit, at: at - sample.agoMs }, sample))
    .filter((point) => point.at > message.receivedAt - SERIES_KEPT_MS)
  return points.length === 0 ? { what: 'expired', sender: topic, id } : { what: 'telemetry', sender: topic, id, points }
}

function pointOf(of: Pick<TelemetryPoint, 'id' | 'site' | 'unit' | 'at'>, sample: TelemetrySample): TelemetryPoint {
  const { temperatureC, diskFreeBytes, diskTotalBytes, memoryBytes, memoryFreeBytes } = sample
  const { cameras, queue, sentBytes, wire, clockOffsetMs } = sample
  return {
    ...of,
    temperatureC,
    diskFreeBytes,
    diskTotalBytes,
    memoryBytes,
    memoryFreeBytes,
    cameras,
    queue,
    sentBytes,
    clockOffsetMs,
    ...(wire && { wire }),
  }
}

const refuse = (message: Message, topic: Sender | null, why: Why, excerpt?: Uint8Array): Verdict => ({
  what: 'refused',
  sender: topic,
  letter: deadLetterOf(message, topic, why, excerpt),
})
