/** Where somebody goes after signing in: an address of ours that they came from, or the wall. */
export function wayBack(query: string, origin: string): string {
  const wish = new URLSearchParams(query).get('retour') ?? ''
  if (!/^\/(?![/\\])/.test(wish)) return '/veille'
  const address = new URL(wish, origin)
  if (address.origin !== origin || address.pathname.startsWith('/connexion')) return '/veille'
  return address.pathname + address.search
}
