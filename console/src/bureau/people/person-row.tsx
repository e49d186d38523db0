import { useState } from 'preact/hooks'
import type { Account, PeopleApi, PlannedSite, RoleAtSites } from '../../api/people.ts'
import { ageInWords, inPrint, NARROW } from '../../look/wording.ts'
import { roleInWords } from '../../office/role-words.ts'
import { ProviderAddress } from './provider-address.tsx'
import { RoleChoice } from './role-choice.tsx'

type Props = {
  person: Account
  isMe: boolean
  sites: PlannedSite[]
  nameOf: (site: string) => string
  api: PeopleApi
  /** Does something sensitive, then reads everything anew. */
  act: (work: () => Promise<unknown>) => void
  onLink: () => Promise<void>
}

/** One person: a line, and behind it what can be changed. */
export function PersonRow({ person, isMe, sites, nameOf, api, act, onLink }: Props) {
  const [isOpen, setOpen] = useState(false)
  const [roles, setRoles] = useState<RoleAtSites[]>(person.roles)
  const { id, displayName, name, isDisabled } = person
  return (
    <li class="person" data-disabled={isDisabled}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="row-main">
            <strong>{displayName}</strong> {isMe && <span class="mark">vous</span>}
            {isDisabled && <span class="mark danger">compte fermé</span>}
            <span class="hint">
              {name} · {person.roles.map((role) => roleInWords(role, nameOf)).join(`${NARROW}; `)}
            </span>
          </span>
          <span class="hint person-seen">
            {factorInWords(person)}
            <br />
            {person.lastSeenAt === null
              ? 'pas connecté'
              : `vu ${inPrint(ageInWords(Date.parse(person.lastSeenAt), Date.now()))}`}
          </span>
        </summary>
        {isOpen && (
          <div class="person-body">
            <ProviderAddress email={person.email} onSave={(email) => act(() => api.change(id, { email }))} />
            <RoleChoice roles={roles} sites={sites} onRoles={setRoles} />
            <p class="buttons">
              <button type="button" class="main-button" onClick={() => act(() => api.change(id, { roles }))}>
                Enregistrer les rôles
              </button>
              <button type="button" class="side-button" onClick={() => act(onLink)}>
                Lien pour un nouveau mot de passe
              </button>
              {person.secondFactor !== 'none' && (
                <button type="button" class="side-button" onClick={() => act(() => api.removeSecondFactor(id))}>
                  Téléphone perdu{NARROW}: retirer le second facteur
                </button>
              )}
              <button type="button" class="side-button" onClick={() => act(() => api.endSessions(id))}>
                Fermer ses sessions
              </button>
              {!isMe && (
                <button
                  type="button"
                  class="side-button danger"
                  onClick={() => act(() => api.change(id, { isDisabled: !isDisabled }))}
                >
                  {isDisabled ? 'Rouvrir le compte' : 'Fermer le compte'}
                </button>
              )}
            </p>
          </div>
        )}
      </details>
    </li>
  )
}

const FACTORS = { none: 'sans second facteur', authenticator: 'second facteur actif', passkey: 'clé d’accès active' }

const factorInWords = ({ secondFactor }: Account) => FACTORS[secondFactor]
