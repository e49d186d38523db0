import { type Signal, signal } from '@preact/signals'
import { isOrder, type Order } from './list/order.ts'
import { isStanding, type Standing } from './standing.ts'

/** What the page is asked to show; it stands in the address, so that one person can send it to another. */
export type Asked = {
  /** Part of a unit's name, a place or a road. */
  search: string
  /** One state only. */
  standing: Standing | null
  order: Order
  /** The unit whose page is open. */
  unit: string | null
}

const HOME = '/parc'

export function readAsked({ pathname, search: query }: Pick<Location, 'pathname' | 'search'>): Asked {
  const params = new URLSearchParams(query)
  const [standing, order] = [params.get('etat'), params.get('tri')]
  const unit = decodeURIComponent(pathname.slice(HOME.length + 1))
  return {
    search: params.get('recherche') ?? '',
    standing: isStanding(standing) ? standing : null,
    order: isOrder(order) ? order : 'etat',
    unit: unit === '' ? null : unit,
  }
}

export function addressOf({ search, standing, order, unit }: Asked): string {
  const params = new URLSearchParams()
  if (search !== '') params.set('recherche', search)
  if (standing !== null) params.set('etat', standing)
  if (order !== 'etat') params.set('tri', order)
  const query = params.toString()
  return `${HOME}${unit === null ? '' : `/${encodeURIComponent(unit)}`}${query === '' ? '' : `?${query}`}`
}

export type Address = { asked: Signal<Asked>; ask(change: Partial<Asked>): void }

/** The page's address as a signal. Opening a unit can be undone with the browser's way back; typing cannot. */
export function createAddress(page: Window): Address {
  const asked = signal(readAsked(page.location))
  page.addEventListener('popstate', () => {
    asked.value = readAsked(page.location)
  })
  return {
    asked,
    ask: (change) => {
      const next = { ...asked.value, ...change }
      if (next.unit === asked.value.unit) page.history.replaceState(null, '', addressOf(next))
      else page.history.pushState(null, '', addressOf(next))
      asked.value = next
    },
  }
}
