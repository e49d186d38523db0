import { HARD, numberInWords } from '../look/wording.ts'
import type { Gate } from './gate.ts'

const LINK_WORDS = {
  finding: 'Recherche…',
  up: 'En liaison',
  down: 'Ce téléphone décide seul',
  unpaired: 'Non appairé',
} as const
const LEVEL_WORDS = { free: '', crowded: 'bientôt complet', full: 'complet' } as const

/** Who is inside, and whether the gateway is there: on every screen, in two lines of a phone. */
export function Header({ gate }: { gate: Gate }) {
  const { link, state, waiting } = gate
  const { inside, museum = null } = state.value ?? {}
  const isDown = link.value === 'down'
  return (
    <header class="gate-header" data-link={link.value}>
      <p class="gate-museum">{museum ?? 'Portillon'}</p>
      {inside !== undefined && (
        <p class="gate-inside" data-level={inside.level}>
          {inside.isEstimate && `env.${HARD}`}
          <strong>{numberInWords(inside.persons)}</strong>{' '}
          <span class={isDown ? 'visually-hidden' : ''}>à l’intérieur</span>
          {isDown && ' avant la coupure'}
          {!isDown && inside.level !== 'free' && <em> – {LEVEL_WORDS[inside.level]}</em>}
        </p>
      )}
      <p class="gate-link" role="status">
        <span class="gate-link-mark" aria-hidden="true" />
        {LINK_WORDS[link.value]}
        {waiting.value > 0 && <span class="gate-waiting">{numberInWords(waiting.value)} à transmettre</span>}
      </p>
    </header>
  )
}
