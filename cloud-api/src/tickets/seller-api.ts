import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { Fault } from '../faults.ts'
import type { SoldElsewhere } from './foreign-ticket.ts'
import type { Seller } from './offer.ts'

/** What the seller lets us in with. */
export type SellerKey = { user: string; key: string }

export type SellerApi = {
  /** Every ticket of the event, as it is now. Rejects with the fault `seller-unreachable`. */
  tickets(signal: AbortSignal): Promise<SoldElsewhere[]>
  /** Tells that somebody came in. Told twice it is the same: the seller keeps the first time. */
  tellEntries(entries: readonly { reference: string; at: number }[], signal: AbortSignal): Promise<void>
}

/** An event of a museum has some thousand tickets of 300 bytes. Beyond: it is not one, and is not read. */
const ANSWER_MAX_BYTES = 32 * 1024 * 1024
const WITHIN_MS = 20_000

/** As Billetweb lists attendees. Names and mail addresses, which it gives too, are not looked at. */
const Attendee = Type.Object({
  id: Type.Union([Type.String(), Type.Integer()]),
  barcode: Type.String(),
  ticket: Type.String(),
  session_start: Type.Optional(Type.String()),
  disabled: Type.Optional(Type.Union([Type.String(), Type.Boolean()])),
  order_paid: Type.Optional(Type.Union([Type.String(), Type.Boolean()])),
})
const isList = Compile(Type.Array(Attendee))

export function createSellerApi(api: NonNullable<Seller['api']>, { user, key }: SellerKey): SellerApi {
  const address = (path: string) => {
    const url = new URL(`/api/event/${api.event}/${path}`, api.url)
    url.search = new URLSearchParams({ user, key, version: '1' }).toString()
    return url
  }

  async function ask(path: string, init: RequestInit, signal: AbortSignal): Promise<string> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
    try {
      // Another address must not get our key.
      const response = await fetch(address(path), { ...init, redirect: 'error', signal: within })
      if (!response.ok) throw new Fault('seller-unreachable', { detail: `status ${response.status}` })
      return await bodyOf(response)
    } catch (cause) {
      if (signal.aborted || cause instanceof Fault) throw cause
      // The address holds the key: what fetch says of it goes nowhere.
      throw new Fault('seller-unreachable', { detail: cause instanceof Error ? cause.name : 'failed' })
    }
  }

  return {
    tickets: async (signal) => {
      const list = parsed(await ask('attendees', { method: 'GET' }, signal))
      if (!isList.Check(list)) throw new Fault('seller-unreachable', { detail: 'no list of attendees' })
      return list.map(soldOf)
    },
    tellEntries: async (entries, signal) => {
      const used = entries.map(({ reference, at }) => ({ id: reference, used_date: new Date(at).toISOString() }))
      await ask(
        'attendees/used',
        {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(used) },
        },
        signal,
      )
    },
  }
}

function soldOf(attendee: Type.Static<typeof Attendee>): SoldElsewhere {
  const { id, barcode, ticket, session_start: start = '' } = attendee
  const [time] = /(?:[01]\d|2[0-3]):[0-5]\d/.exec(start.slice(10)) ?? []
  const isPaid = attendee.order_paid === undefined || isTrue(attendee.order_paid)
  const status = isTrue(attendee.disabled) ? 'revoked' : isPaid ? 'valid' : 'unpaid'
  return { barcode, ticket, date: start.slice(0, 10), time: time ?? null, status, reference: String(id) }
}

const isTrue = (said: string | boolean | undefined) => said === true || said === '1' || said === 'true'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function bodyOf({ body }: Response): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader()
  const parts: Uint8Array[] = []
  let bytes = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    if (bytes > ANSWER_MAX_BYTES) {
      void reader.cancel().catch(() => undefined) // it may have ended by itself
      throw new Fault('seller-unreachable', { detail: 'too long an answer' })
    }
    parts.push(part.value)
  }
  return Buffer.concat(parts).toString('utf8')
}
