import createClient from 'openapi-fetch'
import { done, sure } from './client.ts'
import type { components, paths } from './generated/museum-gateway.ts'

type Schemas = components['schemas']
export type Me = Schemas['Me']
export type Lane = Schemas['Lane']
export type GateState = Schemas['GateState']
export type DecisionRow = Schemas['DecisionRow']
export type ToldDecision = Schemas['Decision']
export type TicketFound = Schemas['TicketFound']
export type Conflict = Schemas['Conflict']
export type DayReport = Schemas['DayReport']
export type UploadVerdict = Schemas['UploadVerdict']
export type Direction = ToldDecision['direction']
export type Asked = { site: string; code: string; direction: Direction; nonce: string; ignoreUnpaid?: boolean }
export type Uploaded =
  paths['/api/v1/decisions/upload']['post']['requestBody']['content']['application/json']['decisions'][number]

/** Somebody stands in front of the phone: past this the gateway is taken to be out of reach, and the phone decides. */
const WITHIN_MS = 1_500
/** A lane answers within two seconds or not at all; a report is read from a day's rows. */
const PATIENTLY_MS = 10_000

/** What the page of the gate staff asks the museum's gateway. Each call rejects with a Refused, or because nothing answers. */
export type MuseumApi = ReturnType<typeof createMuseumApi>

export function createMuseumApi(origin: string) {
  const client = createClient<paths>({ baseUrl: origin, headers: { 'x-vigie-client': 'portillon' } })
  const soon = () => ({ signal: AbortSignal.timeout(WITHIN_MS) })
  const patiently = () => ({ signal: AbortSignal.timeout(PATIENTLY_MS) })
  const ofLane = (lane: string) => ({ params: { path: { lane } }, ...patiently() })
  return {
    pair: async (pass: string): Promise<Me> =>
      sure(await client.POST('/api/v1/pairing', { body: { pass }, ...patiently() })),
    unpair: async () => done(await client.DELETE('/api/v1/pairing', patiently())),
    me: async (): Promise<Me> => sure(await client.GET('/api/v1/me', soon())),
    state: async (): Promise<GateState> => sure(await client.GET('/api/v1/state', soon())),
    decide: async (body: Asked): Promise<ToldDecision> =>
      sure(await client.POST('/api/v1/decisions', { body, ...soon() })),
    override: async (body: Asked & { reason: string }): Promise<ToldDecision> =>
      sure(await client.POST('/api/v1/overrides', { body, ...soon() })),
    overrideTicket: async (
      ticket: string,
      body: { site: string; nonce: string; reason: string },
    ): Promise<ToldDecision> =>
      sure(
        await client.POST('/api/v1/tickets/{ticket}/override', { params: { path: { ticket } }, body, ...patiently() }),
      ),
    undo: async (id: string): Promise<DecisionRow> =>
      sure(await client.POST('/api/v1/decisions/{id}/undo', { params: { path: { id } }, ...patiently() })),
    upload: async (decisions: Uploaded[]): Promise<UploadVerdict[]> =>
      sure(await client.POST('/api/v1/decisions/upload', { body: { decisions }, ...patiently() })),
    openLane: async (lane: string, reason: string, direction: Direction) =>
      done(await client.POST('/api/v1/lanes/{lane}/open', { ...ofLane(lane), body: { reason, direction } })),
    freeLane: async (lane: string, body: { on: true; reason: string; until: string } | { on: false }) =>
      done(await client.PUT('/api/v1/lanes/{lane}/free-rotation', { ...ofLane(lane), body })),
    closeLane: async (lane: string, on: boolean, reason: string) =>
      done(await client.PUT('/api/v1/lanes/{lane}/out-of-service', { ...ofLane(lane), body: { on, reason } })),
    correctInside: async (inside: number, reason: string) =>
      done(await client.POST('/api/v1/inside', { body: { inside, reason }, ...patiently() })),
    search: async (search: string): Promise<TicketFound[]> =>
      sure(await client.GET('/api/v1/tickets', { params: { query: { search } }, ...patiently() })),
    setStatus: async (
      ticket: string,
      status: 'valid' | 'blocked' | 'canceled',
      reason: string,
    ): Promise<TicketFound> => {
      const options = { params: { path: { ticket } }, body: { status, reason }, ...patiently() }
      return sure(await client.PUT('/api/v1/tickets/{ticket}/status', options))
    },
    conflicts: async (): Promise<Conflict[]> => sure(await client.GET('/api/v1/conflicts', patiently())),
    acknowledge: async (id: string, note: string) => {
      const body = note === '' ? {} : { note }
      done(
        await client.PUT('/api/v1/conflicts/{id}/acknowledgement', { params: { path: { id } }, body, ...patiently() }),
      )
    },
    report: async (day: string | null): Promise<DayReport> => {
      const query = day === null ? {} : { day }
      return sure(await client.GET('/api/v1/report', { params: { query }, ...patiently() }))
    },
    catalogue: async () => sure(await client.GET('/api/v1/catalogue', patiently())),
    feed: async (after: number) =>
      sure(await client.GET('/api/v1/feed', { params: { query: { after } }, ...patiently() })),
    rows: async (after: number) =>
      sure(await client.GET('/api/v1/rows', { params: { query: { after } }, ...patiently() })),
  }
}
