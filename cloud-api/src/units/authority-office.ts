import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import {
  type AuthorityRefusal,
  Claim,
  type ClaimBinding,
  ClaimMade,
  Claims,
  type ClaimWish,
  OfficeEvents,
  REFUSALS,
  RevocationDone,
  type RevocationWish,
  UnitCertificates,
} from '@vigie/contract/office'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ClientTls } from '../credentials/client-tls.ts'
import { Fault } from '../faults.ts'

/** The authority answers in milliseconds, and signs a list within a second. Beyond: fault `authority-unreachable`. */
const ANSWER_WITHIN_MS = 10_000
/** 500 rows of 300 bytes, and as much again. Beyond: not read. */
const ANSWER_MAX_BYTES = 512 * 1024

type Refused = { ok: false; refusal: AuthorityRefusal }
type Outcome<Value> = { ok: true; value: Value } | Refused

/** The authority's door for the cloud. Every function throws a Fault `authority-unreachable` when nobody answers there. */
export type AuthorityOffice = {
  makeClaim(wish: ClaimWish): Promise<ClaimMade>
  bindClaim(binding: ClaimBinding): Promise<Outcome<Claim>>
  claims(): Promise<Claim[]>
  /** False: there is no claim of this id that is not withdrawn. */
  withdrawClaim(id: string, by: string): Promise<boolean>
  certificatesOf(unit: string): Promise<Static<typeof UnitCertificates>['certificates']>
  /** Resolves when the revocation stands in the list. */
  revoke(wish: RevocationWish): Promise<RevocationDone>
  eventsAfter(seq: number): Promise<OfficeEvents>
}

/** `tls` is asked at each question, since certificates are renewed meanwhile. */
export type OfficeAddress = { url: string; tls: () => ClientTls }

/** The answers are checked as everything that comes over a wire is. */
const judges = {
  claimMade: judge(ClaimMade),
  claim: judge(Claim),
  claims: judge(Claims),
  certificates: judge(UnitCertificates),
  revocation: judge(RevocationDone),
  events: judge(OfficeEvents),
}

/** Without an address, every question says that there is none. */
export function createAuthorityOffice(address: OfficeAddress | undefined): AuthorityOffice {
  const agentNow = address && agentsOf(address.tls)

  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; value: unknown }> {
    if (address === undefined || agentNow === undefined)
      throw new Fault('authority-unreachable', { detail: 'AUTHORITY_URL is not set' })
    try {
      return await exchange(new URL(`/office${path}`, address.url), { agent: agentNow(), method, body })
    } catch (cause) {
      throw new Fault('authority-unreachable', { cause })
    }
  }
  /** An answer that is neither the thing nor a refusal means that the other side is not what we take it for. */
  const take = <Value>(
    { status, value }: { status: number; value: unknown },
    is: (value: unknown) => value is Value,
  ) => {
    if (status < 300 && is(value)) return value
    throw new Fault('authority-unreachable', { detail: `answered ${status}` })
  }

  return {
    makeClaim: async (wish) => take(await ask('POST', '/claims', wish), judges.claimMade),
    async bindClaim(binding) {
      const answer = await ask('POST', '/claims/bind', binding)
      const refusal = answer.status >= 400 && answer.status < 500 ? refusalIn(answer.value) : undefined
      return refusal === undefined ? { ok: true, value: take(answer, judges.claim) } : { ok: false, refusal }
    },
    claims: async () => take(await ask('GET', '/claims'), judges.claims).claims,
    async withdrawClaim(id, by) {
      const query = new URLSearchParams({ by })
      const answer = await ask('DELETE', `/claims/${encodeURIComponent(id)}?${query}`)
      if (answer.status === 404) return false
      take(answer, (value): value is null => value === null)
      return true
    },
    certificatesOf: async (unit) => {
      const query = new URLSearchParams({ unit })
      return take(await ask('GET', `/certificates?${query}`), judges.certificates).certificates
    },
    revoke: async (wish) => take(await ask('POST', '/revocations', wish), judges.revocation),
    eventsAfter: async (seq) => take(await ask('GET', `/events?after=${seq}`), judges.events),
  }
}

/** One agent, and another one for another certificate: questions that are under way end on theirs. */
function agentsOf(tls: () => ClientTls): () => Agent {
  let made: { of: ClientTls; agent: Agent } | undefined
  return () => {
    const of = tls()
    if (made?.of !== of) made = { of, agent: new Agent({ keepAlive: true, maxSockets: 4, ...of }) }
    return made.agent
  }
}

function judge<Schema extends TSchema>(schema: Schema) {
  const validator = Compile(schema)
  return (value: unknown): value is Static<Schema> => validator.Check(value)
}

/** The last word of a problem's type, when it is one of the authority's. */
function refusalIn(value: unknown): AuthorityRefusal | undefined {
  const type = typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : ''
  const word = type.split(':').at(-1) ?? ''
  return word in REFUSALS ? (word as AuthorityRefusal) : undefined // just looked up
}

function exchange(
  url: URL,
  { agent, method, body }: { agent: Agent; method: string; body: unknown },
): Promise<{ status: number; value: unknown }> {
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const headers =
    sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, method, headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    asking.once('error', reject)
    asking.once('response', (answer) => {
      readBounded(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, value: text === '' ? null : JSON.parse(text) }),
        reject,
      )
    })
    asking.end(sent)
  })
}

async function readBounded(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_MAX_BYTES) throw new Error('an answer that is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
