import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Direction } from '../../api/museum.ts'
import { NARROW } from '../../look/wording.ts'
import { createPresentations } from '../../scan/presentation.ts'
import { type Seeing, watchCamera } from '../../scan/watch-camera.ts'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { createTones, type Tones } from '../sound/tones.ts'
import { askDecision, type Wish } from './ask-decision.ts'
import { OverrideButton, OverrideSheet } from './override.tsx'
import { TypedCode } from './typed-code.tsx'
import { UndoButton } from './undo-button.tsx'
import type { Verdict } from './verdict.ts'
import { VerdictPanel } from './verdict-panel.tsx'

type Props = { gate: Gate; placeOf: (lane: string | null) => string; hasBegun: boolean; onBegun: () => void }

const SEEING: Record<Seeing, string> = {
  asking: 'Autorisez la caméra pour lire les billets.',
  looking: 'Présentez un billet.',
  refused: 'La caméra est bloquée dans les réglages du navigateur. Tapez le code, ou ouvrez un passage.',
  absent: 'Cet appareil n’a pas de caméra. Tapez le code, ou ouvrez un passage.',
}
const OVERRIDE_REASONS = ['Billet vérifié par l’accueil', 'Erreur de lecture', 'Sorti un instant', 'Geste commercial']

/** The phone as a reader: what the camera sees is asked about at once, and the answer fills the screen. */
export function ScanScreen({ gate, placeOf, hasBegun, onBegun }: Props) {
  const screen = useRef<HTMLVideoElement>(null)
  const [tones, setTones] = useState<Tones | null>(null)
  const [seeing, setSeeing] = useState<Seeing>('asking')
  const [direction, setDirection] = useState<Direction>('in')
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** What a reason is being chosen for. Nobody is read behind the sheet, and the answer to an earlier question may come. */
  const [forcing, setForcing] = useState<Verdict | null>(null)
  const presentations = useMemo(() => createPresentations(() => performance.now()), [])
  const way = useRef(direction)
  way.current = direction
  const isHeld = useRef(false)
  isHeld.current = forcing !== null
  const onScreen = useRef(verdict)
  onScreen.current = verdict
  /** The code whose answer is awaited. */
  const asked = useRef<string | null>(null)
  /** Codes that were typed meanwhile: a handheld reader does not wait. */
  const typed = useRef<string[]>([])

  function show(next: Verdict): void {
    setVerdict(next)
    setRefusal(null)
    tones?.play(next.answer.tone)
  }
  async function ask(wish: Wish): Promise<void> {
    if (asked.current !== null) return
    asked.current = wish.code
    try {
      show(await askDecision(gate, wish))
    } catch (problem) {
      setVerdict(null)
      setRefusal(refusalInFrench(problem))
      tones?.play('even')
    } finally {
      asked.current = null
      readNext()
    }
  }
  const override = async ({ code, direction: asked }: Verdict, reason: string) =>
    show(await askDecision(gate, { code, direction: asked, overrideReason: reason }))

  const read = (code: string) => void ask({ code, direction: way.current })
  /** Whoever presses twice shows one ticket once, and is not told that it was used already. */
  function readTyped(code: string): void {
    if (asked.current === null) read(code)
    else if (asked.current !== code && !typed.current.includes(code)) typed.current.push(code)
  }
  function readNext(): void {
    const next = asked.current !== null || isHeld.current ? undefined : typed.current.shift()
    if (next !== undefined) read(next)
  }
  useEffect(readNext, [forcing])

  useEffect(() => {
    if (tones === null || screen.current === null) return
    const gone = new AbortController()
    const onCodes = (texts: string[]) => {
      const text = presentations.next(texts, asked.current !== null || isHeld.current)
      if (text !== null) read(text)
    }
    watchCamera(screen.current, { onSeeing: setSeeing, onCodes }, gone.signal).catch(() => setSeeing('absent'))
    return () => {
      gone.abort()
      tones.close()
    }
  }, [tones])

  // Somebody has touched the page before, and comes back from another screen.
  useEffect(() => {
    if (hasBegun) begin()
  }, [])

  function begin(): void {
    onBegun()
    setTones(createTones(new AudioContext(), (pattern) => navigator.vibrate?.(pattern)))
  }

  return (
    <main class="scan" data-running={tones !== null}>
      <h1 class="visually-hidden">Scanner les billets</h1>
      <div class="answer">
        {verdict !== null ? (
          <VerdictPanel {...{ verdict, placeOf }} now={gate.now()} />
        ) : (
          <section class="verdict" data-look={refusal === null ? 'none' : 'wait'} role="status">
            <p class={refusal === null ? 'verdict-ready' : ''}>
              {refusal ?? (tones === null ? 'Ce téléphone lit les billets.' : SEEING[seeing])}
            </p>
          </section>
        )}
        {verdict !== null && !verdict.isUndone && (
          <div class="verdict-ways">
            {verdict.undoUntil !== null && (
              <UndoButton
                {...{ gate, verdict }}
                until={verdict.undoUntil}
                onUndone={() => {
                  setRefusal(null)
                  setVerdict((shown) => (shown === verdict ? { ...verdict, isUndone: true } : shown))
                }}
                onRefused={(why) =>
                  setRefusal(
                    onScreen.current === verdict ? why : `L’entrée précédente n’a pas pu être annulée${NARROW}: ${why}`,
                  )
                }
              />
            )}
            {verdict.canEnterUnpaid ? (
              <button
                type="button"
                onClick={() => void ask({ code: verdict.code, direction: verdict.direction, ignoreUnpaid: true })}
              >
                Laisser entrer, à payer ensuite
              </button>
            ) : (
              verdict.canBeForced && <OverrideButton left={verdict.overridesLeft} onPress={() => setForcing(verdict)} />
            )}
          </div>
        )}
        {verdict !== null && (
          <p class="refusal" role="alert">
            {refusal}
          </p>
        )}
      </div>
      <div class="camera" hidden={tones === null}>
        <video ref={screen} muted playsInline aria-label="Ce que voit la caméra" />
        <span class="camera-frame" aria-hidden="true" />
      </div>
      {tones === null && (
        <button type="button" class="primary" onClick={begin}>
          Commencer à scanner
        </button>
      )}
      <fieldset class="ways">
        <legend class="visually-hidden">Sens</legend>
        {WAYS.map(({ way: one, label }) => (
          <button key={one} type="button" aria-pressed={direction === one} onClick={() => setDirection(one)}>
            {label}
          </button>
        ))}
      </fieldset>
      <TypedCode onCode={readTyped} />
      {forcing !== null && (
        <OverrideSheet
          left={forcing.overridesLeft}
          reasons={OVERRIDE_REASONS}
          onSend={(reason) => override(forcing, reason)}
          onClose={() => setForcing(null)}
        />
      )}
    </main>
  )
}

const WAYS = [
  { way: 'in', label: 'Entrée' },
  { way: 'out', label: 'Sortie' },
] as const
