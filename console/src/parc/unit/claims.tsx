import type { Claim } from '../../api/schemas.ts'
import { useSending } from '../../office/use-sending.ts'
import { CLAIM_WORDS, dateInWords } from '../words.ts'

type Props = { claims: readonly Claim[]; onWithdraw: (id: string) => Promise<void> }

/** The claims with which a unit came, or may still come. Their codes are told once, when they are made. */
export function Claims({ claims, onWithdraw }: Props) {
  const sending = useSending()
  return (
    <section aria-labelledby="codes">
      <h2 id="codes">Codes d’installation</h2>
      {claims.length === 0 && <p class="unit-note">Aucun code n’a été fait pour ce boîtier.</p>}
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <ul class="claims">
        {claims.map(({ id, state, madeAt, madeBy, usedAt, expiresAt }) => (
          <li key={id}>
            <span>
              <strong>{CLAIM_WORDS[state]}</strong>, fait le {dateInWords(Date.parse(madeAt))} par {madeBy}
              {usedAt !== null && `, utilisé le ${dateInWords(Date.parse(usedAt))}`}
              {isGood(state) && `, valable jusqu’au ${dateInWords(Date.parse(expiresAt))}`}
            </span>
            {isGood(state) && (
              <button type="button" class="quiet-button" onClick={() => sending.send(() => onWithdraw(id))}>
                Retirer ce code
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const isGood = (state: Claim['state']) => state === 'open' || state === 'bound'
