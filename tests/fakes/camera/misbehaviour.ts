import Type from 'typebox'

const kind = <Name extends string, Properties extends Type.TProperties>(name: Name, properties: Properties) =>
  Type.Object({ kind: Type.Literal(name), ...properties }, { additionalProperties: false })

/** Which answers it spoils. Default: both. */
const on = Type.Optional(Type.Union([Type.Literal('soap'), Type.Literal('picture')]))
const milliseconds = Type.Integer({ minimum: 0, maximum: 3_600_000 })

/** Everything a camera can do wrong. Several may hold at once; a camera with none behaves. */
export const Misbehaviour = Type.Union([
  /** The port is closed, as of a camera without power behind a switch that answers. */
  kind('refuses-connections', {}),
  /** Takes the request and never answers. */
  kind('hangs', { on }),
  /** Answers well, after `ms`. */
  kind('slow', { ms: milliseconds, on }),
  /** Sends the headers and then `bytes` every `everyMs`: never silent, never done. */
  kind('drips', { bytes: Type.Integer({ minimum: 1 }), everyMs: Type.Integer({ minimum: 1 }), on }),
  /** Promises the whole length, sends the first half and closes the connection. */
  kind('truncates', { on }),
  /** Sends the first half of a picture as if it were all: the length is right, the JPEG is not. */
  kind('sends-half-a-picture', {}),
  /** Knows another password. */
  kind('wrong-password', {}),
  /** Answers with this many bytes. 200 MB is what a device with a broken length once sent. */
  kind('huge-answer', { bytes: Type.Integer({ minimum: 1 }), on }),
  /** The camera's own clock is ahead (or, negative, behind). */
  kind('clock-offset', { ms: Type.Integer() }),
  /** Gives the last picture again, its old time in the overlay. */
  kind('frozen-picture', {}),
  /** Calls its answers text/plain. */
  kind('text-plain', { on }),
  /** Gives an HTML error page with status 200 where the picture should be. */
  kind('error-page', {}),
  /** HTTP status instead of an answer. */
  kind('status', { status: Type.Integer({ minimum: 400, maximum: 599 }), on }),
  /** Lists no profile at all, though all is well. */
  kind('no-profiles', {}),
  /** Names this host in every address it gives, as cameras behind NAT do, and hostile ones. */
  kind('names-another-host', { host: Type.String() }),
])
export type Misbehaviour = Type.Static<typeof Misbehaviour>

/** The misbehaviour of one kind that holds now, if any. */
export function misbehaves<Kind extends Misbehaviour['kind']>(
  now: readonly Misbehaviour[],
  wanted: Kind,
): Extract<Misbehaviour, { kind: Kind }> | undefined {
  return now.find((one): one is Extract<Misbehaviour, { kind: Kind }> => one.kind === wanted)
}
