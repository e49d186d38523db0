import { TOPIC_MAX_BYTES } from './bounds.ts'
import { type Decoded, refused } from './decode.ts'
import {
  type CameraId,
  isCameraId,
  isPresetId,
  isSiteId,
  isUnitId,
  type PresetId,
  type SiteId,
  type UnitId,
} from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/**
 * The one topic grammar: `vigie/1/<site>/<unit>/<what>[/<part>...]`. The tables below are all there is; building,
 * parsing, the broker's access rules and another broker's rule file are derived from them.
 */
const ROOT = 'vigie'

/** What a unit says. A frame names its camera and preset in the topic, so that a subscriber can take one view. */
const UP = {
  frame: ['camera', 'preset'],
  unchanged: [],
  state: [],
  telemetry: [],
  presence: [],
  progress: [],
  preview: [],
  trial: [],
  ledger: [],
  have: [],
  given: [],
  'gate-ask': [],
} as const
/**
 * Not for the cloud: `trial` is said for the broker's word alone, which tells how fast the line is; `have` and
 * `given` are said to the gateway of a museum, which hears them in its own broker.
 */
const UNHEARD: ReadonlySet<string> = new Set(['trial', 'have', 'given'] satisfies (keyof typeof UP)[])
const HEARD = Object.fromEntries(Object.entries(UP).filter(([what]) => !UNHEARD.has(what)))
/** What is said to a unit. */
const DOWN = {
  receipt: [],
  command: [],
  desired: ['document'],
  shared: [],
  wanted: [],
  catalogue: [],
  feed: [],
} as const
const GRAMMAR = { ...UP, ...DOWN }

type What = keyof typeof GRAMMAR
export type UpWhat = keyof typeof UP
export type DownWhat = keyof typeof DOWN

/** The documents of a unit's desired configuration. */
export const DESIRED_DOCUMENTS = ['site', 'camera', 'lane', 'masks', 'schedule', 'budget'] as const
export type DesiredDocument = (typeof DESIRED_DOCUMENTS)[number]
/** The documents, and the signed set that names them all. */
const DESIRED_PARTS = ['set', ...DESIRED_DOCUMENTS] as const
export type DesiredPart = (typeof DESIRED_PARTS)[number]

type Address = { site: SiteId; unit: UnitId }
export type FrameTopic = Address & { what: 'frame'; camera: CameraId; preset: PresetId }
export type DesiredTopic = Address & { what: 'desired'; document: DesiredPart }
export type PlainTopic = Address & { what: Exclude<What, 'frame' | 'desired'> }
export type Topic = FrameTopic | DesiredTopic | PlainTopic

/** Builds the topic; the ids are branded, so what it gives always parses again. */
export function buildTopic(topic: Topic): string {
  const base = `${ROOT}/${WIRE_VERSION}/${topic.site}/${topic.unit}/${topic.what}`
  if (topic.what === 'frame') return `${base}/${topic.camera}/${topic.preset}`
  if (topic.what === 'desired') return `${base}/${topic.document}`
  return base
}

/** Parses a topic that came over the wire. Wildcards, other versions and anything outside the grammar are refused. */
export function parseTopic(text: string): Decoded<Topic> {
  if (text.length > TOPIC_MAX_BYTES) return refused('topic-unknown', `${text.length} characters`)
  const [root, version, site = '', unit = '', what = '', ...parts] = text.split('/')
  if (root !== ROOT) return refused('topic-unknown', 'outside vigie/')
  if (version !== String(WIRE_VERSION)) return refused('version-unknown', 'topic version')
  if (!isSiteId(site) || !isUnitId(unit)) return refused('topic-unknown', 'site or unit is not an id')
  if (!isWhat(what) || parts.length !== GRAMMAR[what].length) return refused('topic-unknown', 'not in the grammar')
  if (what === 'frame') {
    const [camera = '', preset = ''] = parts
    if (!isCameraId(camera) || !isPresetId(preset)) return refused('topic-unknown', 'camera or preset is not an id')
    return { ok: true, value: { site, unit, what, camera, preset } }
  }
  if (what === 'desired') {
    const document = DESIRED_PARTS.find((name) => name === parts[0])
    if (document === undefined) return refused('topic-unknown', 'no such document')
    return { ok: true, value: { site, unit, what, document } }
  }
  return { ok: true, value: { site, unit, what } }
}

/** Who a connection is, as its certificate says. */
export type Principal = { role: 'unit'; site: SiteId; unit: UnitId } | { role: 'cloud' }

/** The filters by which the cloud hears every unit, one for each thing a unit says to be heard. */
export function cloudSubscriptions(): string[] {
  return Object.entries(HEARD).map(([what, parts]) =>
    [ROOT, WIRE_VERSION, '+', '+', what, ...parts.map(() => '+')].join('/'),
  )
}

/** The filters by which a unit may hear what is said to it. */
function unitMayHear({ site, unit }: Address): string[] {
  return Object.entries(DOWN).map(([what, parts]) =>
    [ROOT, WIRE_VERSION, site, unit, what, ...parts.map(() => '+')].join('/'),
  )
}

/**
 * The filters by which a unit hears what is said to it, from the start. Of its desired configuration the signed set alone:
 * the documents are retained too, and would come again with each connection; it asks for those that it has not.
 */
export function unitSubscriptions({ site, unit }: Address): string[] {
  const desired = buildTopic({ site, unit, what: 'desired', document: 'set' })
  return [...unitMayHear({ site, unit }).filter((filter) => !filter.includes('/desired/')), desired]
}

/** Whether a principal may publish to a topic. Nobody publishes outside the grammar. */
export function mayPublish(principal: Principal, text: string): boolean {
  const topic = parseTopic(text)
  if (!topic.ok) return false
  if (principal.role === 'cloud') return topic.value.what in DOWN
  return topic.value.site === principal.site && topic.value.unit === principal.unit && topic.value.what in UP
}

/**
 * Whether a principal may subscribe with a filter: exactly one of its own subscriptions, or one topic that they cover.
 * A wider wildcard is refused whole; `$share/...` and `$SYS/...` are outside the grammar.
 */
export function maySubscribe(principal: Principal, filter: string): boolean {
  const own = principal.role === 'cloud' ? cloudSubscriptions() : unitMayHear(principal)
  return own.some((allowed) => allowed === filter || covers(allowed, filter))
}

const RETAINED: readonly What[] = ['presence', 'desired', 'catalogue']

/** Only what says how things are may be retained: everything else would be delivered again, out of its time. */
export function mayRetain(text: string): boolean {
  const topic = parseTopic(text)
  return topic.ok && RETAINED.includes(topic.value.what)
}

/** True when `filter` is a topic without wildcards that `allowed` matches. */
function covers(allowed: string, filter: string): boolean {
  if (!parseTopic(filter).ok) return false
  const wanted = filter.split('/')
  const levels = allowed.split('/')
  return levels.length === wanted.length && levels.every((level, index) => level === '+' || level === wanted[index])
}

function isWhat(text: string): text is What {
  return Object.hasOwn(GRAMMAR, text)
}

/**
 * The same rules as an access file for Mosquitto, where the user name is the certificate's common name: the unit's id,
 * or `cloud`. Mosquitto cannot compare the site, so the cloud does (dead letter `unit-not-at-site`).
 */
export function mosquittoAccessFile(): string {
  const unitMay = (verb: string, table: Record<string, readonly string[]>) =>
    Object.entries(table).map(
      ([what, parts]) => `pattern ${verb} ${[ROOT, WIRE_VERSION, '+', '%u', what, ...parts.map(() => '+')].join('/')}`,
    )
  const cloudMay = (verb: string, table: Record<string, readonly string[]>) =>
    Object.entries(table).map(
      ([what, parts]) => `topic ${verb} ${[ROOT, WIRE_VERSION, '+', '+', what, ...parts.map(() => '+')].join('/')}`,
    )
  return [
    ...unitMay('write', UP),
    ...unitMay('read', DOWN),
    'user cloud',
    ...cloudMay('read', HEARD),
    ...cloudMay('write', DOWN),
    '',
  ].join('\n')
}
