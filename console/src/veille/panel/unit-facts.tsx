import { everyInWords, momentInWords } from '../../look/wording.ts'
import type { Site, View } from '../wall/site.ts'
import { CLOCK_WORDS, presenceInWords } from '../words.ts'

/** What is known of the box, in terms and words. */
export function UnitFacts({ site: { unit }, view, now }: { site: Site; view: View | null; now: number }) {
  const preset = view?.preset ?? null
  const facts = [
    ['Unité', unit.id],
    ['Présence', presenceInWords(unit, now)],
    ['Dernière nouvelle', unit.heardAt === null ? 'aucune' : momentInWords(Date.parse(unit.heardAt), now)],
    ['Horloge', preset?.seenClock == null ? 'inconnue' : CLOCK_WORDS[preset.seenClock]],
    ['Logiciel', unit.software ?? 'inconnu'],
    ['Cadence actuelle', preset === null ? 'inconnue' : `une image ${everyInWords(preset.intervalSeconds)}`],
  ] as const
  return (
    <dl class="unit-facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
