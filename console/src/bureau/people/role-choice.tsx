import type { PlannedSite, Role, RoleAtSites } from '../../api/people.ts'
import { inPrint } from '../../look/wording.ts'
import { ROLE_WORDS } from '../../office/role-words.ts'

type Props = { roles: RoleAtSites[]; sites: PlannedSite[]; onRoles: (roles: RoleAtSites[]) => void }

const ROLES = Object.keys(ROLE_WORDS) as Role[] // its own keys

/** Which roles, and where each holds. An administrator is one everywhere. */
export function RoleChoice({ roles, sites, onRoles }: Props) {
  const without = (role: Role) => roles.filter((one) => one.role !== role)
  return (
    <fieldset class="role-choice">
      <legend>Rôles</legend>
      {ROLES.map((role) => {
        const chosen = roles.find((one) => one.role === role)
        const put = (at: RoleAtSites['sites']) => onRoles([...without(role), { role, sites: at }])
        return (
          <div class="role-line" key={role}>
            <label class="check">
              <input
                type="checkbox"
                checked={chosen !== undefined}
                onChange={({ currentTarget }) => (currentTarget.checked ? put('all') : onRoles(without(role)))}
              />
              <span>
                <strong>{ROLE_WORDS[role].name}</strong> <span class="hint">{ROLE_WORDS[role].what}</span>
              </span>
            </label>
            {chosen !== undefined && role !== 'administrator' && (
              <SitesOfRole role={ROLE_WORDS[role].name} chosen={chosen.sites} sites={sites} onSites={put} />
            )}
          </div>
        )
      })}
    </fieldset>
  )
}

type SitesProps = {
  role: string
  chosen: RoleAtSites['sites']
  sites: PlannedSite[]
  onSites: (sites: RoleAtSites['sites']) => void
}

function SitesOfRole({ role, chosen, sites, onSites }: SitesProps) {
  const some = chosen === 'all' ? [] : chosen
  return (
    <div class="role-sites">
      <label class="field">
        <span>Où, comme {role}</span>
        <select
          value={chosen === 'all' ? 'all' : 'some'}
          onChange={({ currentTarget }) =>
            onSites(currentTarget.value === 'all' ? 'all' : sites.slice(0, 1).map(({ site }) => site))
          }
        >
          <option value="all">Tous les sites</option>
          <option value="some">Certains sites</option>
        </select>
      </label>
      {chosen !== 'all' && (
        <fieldset class="site-list">
          <legend class="visually-hidden">Sites, comme {role}</legend>
          {sites.map(({ site, name, road }) => (
            <label class="check" key={site}>
              <input
                type="checkbox"
                checked={some.includes(site)}
                onChange={({ currentTarget }) => {
                  const rest = some.filter((one) => one !== site)
                  const next = currentTarget.checked ? [...rest, site] : rest
                  // A role at no site would be none: the last one stays.
                  if (next.length > 0) onSites(next)
                  else currentTarget.checked = true
                }}
              />
              <span>
                {inPrint(name)} <span class="hint">{road}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  )
}
