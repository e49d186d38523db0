import type { FleetUnit } from '../../api/schemas.ts'
import { momentInWords } from '../../look/wording.ts'
import { certificateInWords, configurationInWords, NOTHING_KNOWN, presenceInWords } from '../words.ts'

/** What the cloud itself knows of a unit, in terms and words. */
export function Identity({ unit, now, mayReadSettings }: { unit: FleetUnit; now: number; mayReadSettings: boolean }) {
  const moment = (at: string | null, never: string) => (at === null ? never : momentInWords(Date.parse(at), now))
  const facts = [
    ['Boîtier', unit.unit],
    ['Site', unit.site ?? 'aucun'],
    ['Présence', presenceInWords(unit, now)],
    ['Dernière nouvelle', moment(unit.heardAt, 'aucune')],
    ['Logiciel', unit.software ?? NOTHING_KNOWN],
    ['Configuration', configurationInWords(unit)],
    ['Certificat', certificateInWords(unit, now)],
    ['Dernier enrôlement', moment(unit.enrolledAt, 'aucun')],
  ] as const
  return (
    <section aria-labelledby="identite">
      <h2 id="identite">Identité</h2>
      <dl class="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mayReadSettings && unit.isPlanned && (
        <a class="back-link" href={`/reglages/${unit.site}`}>
          Réglages du site
        </a>
      )}
    </section>
  )
}
