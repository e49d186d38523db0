import { type Signal, signal } from '@preact/signals'

/** What the wall is asked to show; it stands in the address, so that one operator can send it to another. */
export type Asked = {
  /** Part of a place's name, a road or a unit. */
  search: string
  /** One state only. */
  need: string | null
  /** The site whose panel is open. */
  site: string | null
}

export function readAsked(query: string): Asked {
  const params = new URLSearchParams(query)
  return { search: params.get('recherche') ?? '', need: params.get('etat'), site: params.get('site') }
}

export function queryOf({ search, need, site }: Asked): string {
  const params = new URLSearchParams()
  if (search !== '') params.set('recherche', search)
  if (need !== null) params.set('etat', need)
  if (site !== null) params.set('site', site)
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}

export type Address = { asked: Signal<Asked>; ask(change: Partial<Asked>): void }

/** The page's address as a signal. Opening a site can be undone with the browser's way back; typing cannot. */
export function createAddress(page: Window): Address {
  const asked = signal(readAsked(page.location.search))
  page.addEventListener('popstate', () => {
    asked.value = readAsked(page.location.search)
  })
  return {
    asked,
    ask: (change) => {
      const next = { ...asked.value, ...change }
      const address = page.location.pathname + queryOf(next)
      if (next.site === asked.value.site) page.history.replaceState(null, '', address)
      else page.history.pushState(null, '', address)
      asked.value = next
    },
  }
}
