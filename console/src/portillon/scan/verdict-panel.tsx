import { attentionIn } from '@vigie/contract/gate/words'
import { ageInWords, countInWords, HARD, momentInWords, NARROW, timeOfDay } from '../../look/wording.ts'
import { Sign } from './sign.tsx'
import type { Answered } from './verdict.ts'

type Props = { verdict: Answered; now: number; placeOf: (lane: string | null) => string }

/** One word that can be read from two metres; colour, sign and tone each say the same. */
export function VerdictPanel({ verdict, now, placeOf }: Props) {
  const { answer, persons, outcome, firstEntry, isForced, isUndone, direction } = verdict
  const isOk = outcome === 'ok'
  const isEntryTold = outcome === 'already_redeemed' && firstEntry !== null
  /** The hour stands in the sentence; the day, where it was another. */
  const entryInWords = ({ at, lane }: { at: string; lane: string | null }) => {
    const moment = momentInWords(Date.parse(at), now)
    return moment === timeOfDay(Date.parse(at)) ? placeOf(lane) : `${placeOf(lane)}, ${moment}`
  }
  const word = isUndone ? 'Repris' : isOk && direction === 'out' ? 'Au revoir' : answer.word
  return (
    <section class="verdict" data-look={isUndone ? 'wait' : answer.look} role="status" aria-live="assertive">
      <p class="verdict-word">
        <Sign pictogram={isUndone ? 'clock' : answer.pictogram} />
        <strong>{word}</strong>
      </p>
      {isUndone ? (
        <p>Cette entrée ne compte plus.</p>
      ) : (
        <>
          {isOk && persons > 1 && <p class="verdict-persons">{countInWords(persons, 'personne', 'personnes')}</p>}
          {answer.sentence !== '' && <p>{inSentence(answer.sentence)}</p>}
          {isOk && verdict.attention.includes('crowded') && <p>{attentionIn('fr', 'crowded')}</p>}
          {isForced && <p>{attentionIn('fr', 'forced')}</p>}
          {isEntryTold && (
            <p>
              Première entrée{NARROW}: {entryInWords(firstEntry)}
            </p>
          )}
        </>
      )}
      {verdict.made.by === 'phone' && (
        <p class="verdict-alone">
          Décidé par ce téléphone seul{HARD}– sera transmis.
          {!isOk &&
            ` Sa liste a été mise à jour ${ageInWords(verdict.made.listAt, Date.now())}${NARROW}: en cas de doute, envoyez le visiteur à un passage.`}
        </p>
      )}
    </section>
  )
}

const inSentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
