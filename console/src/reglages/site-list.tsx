import type { ConfigurationApi } from '../api/configuration.ts'
import { countInWords } from '../look/wording.ts'
import { useAnswer } from './use-answer.ts'

/** Every site whose configuration this person may look at. */
export function SiteList({ api }: { api: ConfigurationApi }) {
  const { value: sites, refusal } = useAnswer(api.sites, [api])
  return (
    <>
      <h1>Réglages</h1>
      {refusal !== null && <p class="refusal">{refusal}</p>}
      {sites?.length === 0 && <p>Aucun site n’est à votre portée.</p>}
      <ul class="site-list">
        {sites?.map(({ site, name, road, unit, units, cameras }) => (
          <li key={site}>
            <a href={`/reglages/${site}`}>
              <strong>{name}</strong> <span class="quiet">{road}</span>
              <span class="quiet">
                {unit} ·{' '}
                {units.length > 1
                  ? countInWords(units.length, 'boîtier', 'boîtiers')
                  : countInWords(cameras, 'caméra', 'caméras')}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
