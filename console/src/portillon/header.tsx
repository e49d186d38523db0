import { countInWords, HARD, numberInWords } from '../look/wording.ts'
import type { Gate } from './gate.ts'

const LINK_WORDS = {
  finding: 'Recherche…',
  up: 'En liaison',
  down: 'Hors liaison, ce téléphone décide seul',
  unpaired: 'Non appairé',
} as const
const LEVEL_WORDS = { free: '', crowded: 'bientôt complet', full: 'complet' } as const

/** Who is inside, and whether the gateway is there: on every screen. */
export function Header({ gate }: { gate: Gate }) {
  const { link, state, waiting } = gate
  const { inside, museum = null } = state.value ?? {}
  return (
    <header class="gate-header" data-link={link.value}>
      <p class="gate-museum">{museum ?? 'Portillon'}</p>
      {inside !== undefined && (
        <p class="gate-inside" data-level={inside.level}>
          <strong>
            {inside.isEstimate && `env.${HARD}`}
            {numberInWords(inside.persons)}
          </strong>{' '}
          {link.value === 'down' ? 'à l’intérieur avant la coupure' : 'à l’intérieur'}
          {inside.level !== 'free' && <em> – {LEVEL_WORDS[inside.level]}</em>}
        </p>
      )}
      <p class="gate-link" role="status">
        <span class="gate-link-mark" aria-hidden="true" />
        {LINK_WORDS[link.value]}
        {waiting.value > 0 && `, ${countInWords(waiting.value, 'décision', 'décisions')} à transmettre`}
      </p>
    </header>
  )
}
