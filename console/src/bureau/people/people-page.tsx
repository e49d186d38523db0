import { useCallback, useEffect, useState } from 'preact/hooks'
import type { AccountApi, Me } from '../../api/account.ts'
import type { Account, Invitation, NewLink, PeopleApi, PlannedSite } from '../../api/people.ts'
import { answers } from '../../look/plain-text.ts'
import { inPrint, NARROW } from '../../look/wording.ts'
import { roleInWords } from '../../office/role-words.ts'
import { useConfirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'
import { Invite } from './invite.tsx'
import { LinkToHand } from './link-to-hand.tsx'
import { PersonRow } from './person-row.tsx'

type Props = { account: AccountApi; people: PeopleApi; me: Me }
type Known = { people: Account[]; invitations: Invitation[]; sites: PlannedSite[] }

/** Who has an account, who is invited, and what each may do. */
export function PeoplePage({ account, people: api, me }: Props) {
  const [known, setKnown] = useState<Known | null>(null)
  const [link, setLink] = useState<{ title: string; link: NewLink } | null>(null)
  const [isInviting, setInviting] = useState(false)
  const [search, setSearch] = useState('')
  const confirmation = useConfirmation(account)
  const sending = useSending()
  const read = useCallback(async () => {
    const [people, invitations, sites] = await Promise.all([api.all(), api.invitations(), api.sites()])
    setKnown({ people, invitations, sites })
  }, [api])
  useEffect(() => sending.send(read), [read])
  const act = (work: () => Promise<unknown>) =>
    sending.send(async () => {
      await confirmation.confirmed(work)
      await read()
    })
  const nameOf = (site: string) => inPrint(known?.sites.find((one) => one.site === site)?.name ?? site)
  const shown = known?.people.filter(({ name, displayName }) => answers(`${name} ${displayName}`, search)) ?? []
  return (
    <>
      <header class="page-head">
        <h1>Personnes</h1>
        <input
          type="search"
          aria-label="Chercher une personne"
          placeholder="Nom, identifiant"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <button type="button" class="main-button" onClick={() => setInviting(true)}>
          Inviter
        </button>
      </header>
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      {link !== null && <LinkToHand {...link} onDone={() => setLink(null)} />}
      {isInviting && known !== null && (
        <Invite
          sites={known.sites}
          onInvite={async (displayName, roles) => {
            const made = await confirmation.confirmed(() => api.invite(displayName, roles))
            setInviting(false)
            setLink({ title: `Invitation de ${displayName}`, link: made })
            await read()
          }}
          onGiveUp={() => setInviting(false)}
        />
      )}
      {known === null ? (
        sending.refusal === null && <p class="page-state">Lecture des comptes…</p>
      ) : (
        <>
          {known.invitations.length > 0 && (
            <section class="card" aria-labelledby="invitations">
              <h2 id="invitations">Invitations en attente</h2>
              <ul class="rows">
                {known.invitations.map(({ id, displayName, roles, endsAt }) => (
                  <li key={id} class="row">
                    <span class="row-main">
                      <strong>{displayName}</strong>
                      <span class="hint">
                        {roles.map((role) => roleInWords(role, nameOf)).join(`${NARROW}; `)} · jusqu’au{' '}
                        {new Date(endsAt).toLocaleDateString('fr-FR', {
                          weekday: 'long',
                          day: 'numeric',
                          month: 'long',
                        })}
                      </span>
                    </span>
                    <button type="button" class="side-button" onClick={() => act(() => api.withdraw(id))}>
                      Retirer<span class="visually-hidden"> l’invitation de {displayName}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {shown.length === 0 ? (
            <p class="page-state">
              Personne ne répond à «{NARROW}
              {search}
              {NARROW}».
            </p>
          ) : (
            <ul class="rows people">
              {shown.map((person) => (
                <PersonRow
                  key={person.id}
                  person={person}
                  isMe={person.id === me.id}
                  sites={known.sites}
                  nameOf={nameOf}
                  api={api}
                  act={act}
                  onLink={async () => {
                    const made = await confirmation.confirmed(() => api.linkForPassword(person.id))
                    setLink({ title: `Nouveau mot de passe de ${person.displayName}`, link: made })
                  }}
                />
              ))}
            </ul>
          )}
        </>
      )}
      {confirmation.dialog}
    </>
  )
}
