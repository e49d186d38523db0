import { useEffect, useRef, useState } from 'preact/hooks'
import type { AccountApi, Me } from '../api/account.ts'

/** The rooms of the office, in the order in which a day needs them. Each is shown to those who may do its action. */
const ROOMS = [
  { href: '/veille', label: 'Veille', action: 'wall.read' },
  { href: '/guichet', label: 'Guichet', action: 'ticket.read' },
  { href: '/parc', label: 'Parc', action: 'unit.read' },
  { href: '/pose', label: 'Pose', action: 'site.commission' },
  { href: '/reglages', label: 'Réglages', action: 'configuration.read' },
  { href: '/journal', label: 'Journal', action: 'audit.read' },
  { href: '/personnes', label: 'Personnes', action: 'people.manage' },
]

/** Who is signed in; null until it is known. */
export function useMe(account: Pick<AccountApi, 'me'>): Me | null {
  const [me, setMe] = useState<Me | null>(null)
  useEffect(() => {
    // Whoever is not signed in any more is told by the page itself, with its first answer.
    account.me().then(setMe, () => undefined)
  }, [account])
  return me
}

/** Of the first and the last word, where a phone has no room for the name. */
const initialsOf = (name: string) => {
  const words = name.trim().split(/[\s-]+/)
  return [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0]?.toUpperCase() ?? '').join('')
}

/** From room to room. It keeps its height while it is not known who reads; where it is too wide for a phone, it scrolls. */
export function Navigation({ me, here }: { me: Me | null; here: string }) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current]')
    // As far as it must for the room one is in to be seen; not by scrollIntoView, which would move the page too.
    if (list.current && current)
      list.current.scrollLeft =
        current.offsetLeft + current.offsetWidth - list.current.offsetLeft - list.current.clientWidth
  }, [me])
  return (
    <nav class="rooms" aria-label="Vigie">
      <ul ref={list}>
        {ROOMS.filter(({ action }) => me?.actions.includes(action)).map(({ href, label }) => (
          <li key={href}>
            <a href={href} aria-current={href === here ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
      {me !== null && (
        <a class="rooms-me" href="/compte" aria-current={here === '/compte' ? 'page' : undefined}>
          <span class="rooms-name">{me.displayName}</span>
          <span class="rooms-initials" aria-hidden="true">
            {initialsOf(me.displayName)}
          </span>
        </a>
      )}
    </nav>
  )
}
