import type { AuditSearch } from '../../api/audit.ts'

/** What is searched, as it stands in the fields and in the address. */
export type Asked = { who: string; kind: string; site: string; from: string; to: string }

/** Kinds of actions by the beginning of their name. */
export const KINDS = [
  { prefix: 'session', label: 'Connexions' },
  { prefix: 'person', label: 'Personnes et invitations' },
  { prefix: 'password', label: 'Mots de passe' },
  { prefix: 'unit', label: 'Boîtiers' },
  { prefix: 'claim', label: 'Codes de pose' },
  { prefix: 'configuration', label: 'Réglages' },
  { prefix: 'command', label: 'Commandes' },
  { prefix: 'commissioning', label: 'Mises en service' },
  { prefix: 'ticket', label: 'Billets' },
]

export function askedIn(query: string): Asked {
  const params = new URLSearchParams(query)
  const get = (name: string) => params.get(name) ?? ''
  return { who: get('qui'), kind: get('quoi'), site: get('site'), from: get('du'), to: get('au') }
}

export function queryOf({ who, kind, site, from, to }: Asked): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ qui: who, quoi: kind, site, du: from, au: to })) {
    if (value !== '') params.set(name, value)
  }
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}

/** Days are whole days where the reader is: `to` is the end of its day. */
export function searchOf({ who, kind, site, from, to }: Asked): AuditSearch {
  const start = dayOf(from)
  const end = dayOf(to)
  if (end !== null) end.setDate(end.getDate() + 1)
  return {
    ...(who.trim() === '' ? {} : { who: who.trim().toLowerCase() }),
    ...(kind === '' ? {} : { action: kind }),
    ...(site.trim() === '' ? {} : { site: site.trim() }),
    ...(start === null ? {} : { from: start.toISOString() }),
    ...(end === null ? {} : { to: end.toISOString() }),
  }
}

function dayOf(text: string): Date | null {
  const day = new Date(`${text}T00:00:00`)
  return Number.isNaN(day.getTime()) ? null : day
}
