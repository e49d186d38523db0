import { useState } from 'preact/hooks'
import { Glyph } from '../../look/glyph.tsx'
import { NARROW } from '../../look/wording.ts'
import { enter, type StepProps } from '../pole.ts'
import { isUnit, type Label, missingIn, readClaim } from '../scan/label.ts'
import { Scanner } from '../scan/scanner.tsx'

/** Reads the label of the box, or takes what stands on it from the keyboard. */
export function UnitStep({ pole, journey, onDone }: StepProps) {
  const [isTyping, setTyping] = useState(false)
  const isRead = journey.unit !== null && (journey.claim !== null || journey.entries.unit?.isDone === true)

  async function take({ unit, claim }: Label, by: 'scan' | 'typed') {
    if (unit === null) return
    // The claim is a secret: it goes to the authority with the site, and into no record.
    await pole.book.change(journey.id, (now) => ({ ...now, unit, claim }))
    await enter(pole, journey, 'unit', { entered: { unit, by }, isDone: true })
    setTyping(false)
  }

  if (isRead) {
    return (
      <>
        <p class="answer" role="status">
          <Glyph name="fresh" /> {journey.unit}
          <small>étiquette lue</small>
        </p>
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={async () => {
              if (journey.entries.unit?.isDone !== true)
                await enter(pole, journey, 'unit', { entered: { unit: journey.unit, by: 'scan' }, isDone: true })
              onDone()
            }}
          >
            C’est ce boîtier
          </button>
          <button
            type="button"
            onClick={() => void pole.book.change(journey.id, (now) => ({ ...now, unit: null, claim: null }))}
          >
            En lire un autre
          </button>
        </div>
      </>
    )
  }
  if (isTyping || (journey.claim !== null && journey.unit === null)) {
    return (
      <TypedLabel
        claim={journey.claim}
        onLabel={(label) => void take(label, 'typed')}
        onScan={() => setTyping(false)}
      />
    )
  }
  return (
    <>
      <Scanner
        onLabel={(label) => {
          if (label.unit === null) void pole.book.change(journey.id, (now) => ({ ...now, claim: label.claim }))
          else void take(label, 'scan')
        }}
      />
      <div class="actions">
        <button type="button" onClick={() => setTyping(true)}>
          Taper le code
        </button>
      </div>
    </>
  )
}

type TypedProps = { claim: string | null; onLabel: (label: Label) => void; onScan: () => void }

function TypedLabel({ claim: known, onLabel, onScan }: TypedProps) {
  const [unit, setUnit] = useState('')
  const [text, setText] = useState(known ?? '')
  const name = unit.trim().toLowerCase()
  const claim = readClaim(text)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (claim !== null && isUnit(name)) onLabel({ unit: name, claim })
      }}
    >
      <label>
        Numéro du boîtier
        <input
          value={unit}
          placeholder="vg-0042"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => setUnit(event.currentTarget.value)}
        />
      </label>
      <label>
        Code de l’étiquette, ou les douze mots
        <textarea
          rows={4}
          value={text}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby="manque"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p id="manque" class="hint" role="status">
        {missingIn(text) ??
          (claim === null
            ? `Les lettres O et I comptent comme 0 et 1${NARROW}; les accents sont facultatifs.`
            : 'Code complet.')}
      </p>
      <div class="actions">
        <button type="submit" class="primary" disabled={claim === null || !isUnit(name)}>
          Continuer
        </button>
        <button type="button" onClick={onScan}>
          Lire l’étiquette
        </button>
      </div>
    </form>
  )
}
