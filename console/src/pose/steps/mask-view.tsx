import { useEffect, useReducer, useState } from 'preact/hooks'
import { NARROW } from '../../look/wording.ts'
import { drawingOf, polygonChosen, step, zoneChosen } from '../drawing/drawing.ts'
import type { Tool } from '../drawing/gesture.ts'
import type { Polygon } from '../drawing/polygon.ts'
import { ZoneCanvas } from '../drawing/zone-canvas.tsx'
import { DensityVerdict, densitiesIn } from './density-verdict.tsx'
import { type DrawnView, FIRST_MEASURES, redrawn, sheetOf, whyNotYet } from './mask-views.ts'

type Stage = 'road' | 'masks' | 'scale'
const STAGES: { stage: Stage; word: string; task: string }[] = [
  { stage: 'road', word: 'Route', task: 'Entourez la route avec le doigt.' },
  {
    stage: 'masks',
    word: 'Masques',
    task: 'Entourez ce qui ne doit pas être vu : maisons, jardins, trottoirs, premier plan.',
  },
  {
    stage: 'scale',
    word: 'Échelle',
    task: 'Tirez chaque ligne d’un bord à l’autre de la route, et donnez sa largeur.',
  },
]
/** What stands beside a road most often; a label can be anything. */
const LABELS = ['maison', 'jardin', 'trottoir', 'parking', 'premier plan']

type Props = {
  picture: string
  aspect: number
  label: string
  view: DrawnView
  onView: (view: DrawnView) => void
  onApprove: (view: DrawnView) => void
}

/** One view: the road, the masks, the scale, then what a metre shows, and the approval of a person. */
export function MaskView({ picture, aspect, label, view, onView, onApprove }: Props) {
  const [drawing, dispatch] = useReducer(step, drawingOf(sheetOf(view)))
  const [stage, setStage] = useState<Stage>(view.roadZone === undefined ? 'road' : 'masks')
  const [isHand, setHand] = useState(false)
  const measures = view.measures ?? FIRST_MEASURES
  const tool: Tool = isHand ? 'hand' : stage === 'road' ? 'road' : 'mask'
  const { sheet } = drawing
  // What is drawn is kept with every change, so that a reload loses no more than the finger on the glass.
  useEffect(() => {
    if (sheet !== sheetOf(view) && JSON.stringify(sheet) !== JSON.stringify(sheetOf(view))) onView(redrawn(view, sheet))
  }, [sheet])
  const drawn = redrawn(view, sheet)
  const densities = view.measures === undefined ? null : densitiesIn(view.measures, sheet, aspect)
  const zone = zoneChosen(drawing)
  return (
    <>
      <nav class="tabs" aria-label="Ce que l’on dessine">
        {STAGES.map(({ stage: one, word }) => (
          <button type="button" key={one} aria-pressed={one === stage} onClick={() => setStage(one)}>
            {word}
          </button>
        ))}
      </nav>
      <p class="sub">{STAGES.find((one) => one.stage === stage)?.task.replaceAll(' :', `${NARROW}:`)}</p>
      <ZoneCanvas
        picture={picture}
        aspect={aspect}
        alt={`Image de la vue ${label}, sur laquelle on dessine`}
        drawing={drawing}
        tool={tool}
        onEvent={dispatch}
        measures={stage === 'scale' ? measures : null}
        onMeasure={(index, measure) =>
          onView({ ...drawn, measures: measures.map((one, at) => (at === index ? measure : one)) })
        }
      />
      <div class="tools">
        <button type="button" disabled={drawing.past.length === 0} onClick={() => dispatch({ type: 'undo' })}>
          Annuler
        </button>
        <button type="button" disabled={drawing.undone.length === 0} onClick={() => dispatch({ type: 'redo' })}>
          Rétablir
        </button>
        <button type="button" aria-pressed={isHand} onClick={() => setHand(!isHand)}>
          Déplacer
        </button>
        {stage !== 'scale' && (
          <button
            type="button"
            onClick={() => dispatch({ type: stage === 'road' ? 'road-drawn' : 'mask-drawn', polygon: MIDDLE })}
          >
            Rectangle
          </button>
        )}
        {polygonChosen(drawing) !== null && stage !== 'scale' && (
          <button type="button" onClick={() => dispatch({ type: 'removed' })}>
            Effacer
          </button>
        )}
      </div>
      {stage === 'masks' && sheet.zones.length > 0 && (
        <ul class="zones" aria-label="Masques">
          {sheet.zones.map(({ label: name, fill }, index) => (
            <li key={`${index} ${name}`}>
              <button
                type="button"
                aria-pressed={drawing.chosen === index}
                onClick={() => dispatch({ type: 'chosen', what: index })}
              >
                {name || 'sans nom'}
                <small>{fill === 'solid' ? 'gris uni' : 'gros carreaux'}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      {stage === 'masks' && zone !== null && (
        <div class="form">
          <label>
            Ce qui est caché
            <input
              value={zone.label}
              maxLength={80}
              list="cachettes"
              onInput={(event) => dispatch({ type: 'labelled', label: event.currentTarget.value })}
            />
          </label>
          <datalist id="cachettes">
            {LABELS.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <fieldset class="tabs" aria-label="Comment c’est caché">
            <button
              type="button"
              aria-pressed={zone.fill === 'solid'}
              onClick={() => dispatch({ type: 'filled', fill: 'solid' })}
            >
              Gris uni
            </button>
            <button
              type="button"
              aria-pressed={zone.fill === 'pixelated'}
              onClick={() => dispatch({ type: 'filled', fill: 'pixelated' })}
            >
              Gros carreaux
            </button>
          </fieldset>
          <button type="button" onClick={() => dispatch({ type: 'chosen', what: null })}>
            Masque suivant
          </button>
        </div>
      )}
      {stage === 'scale' && <Widths measures={measures} onMeasures={(next) => onView({ ...drawn, measures: next })} />}
      {view.measures !== undefined && (
        <DensityVerdict
          densities={densities}
          onHide={(below) => dispatch({ type: 'mask-drawn', polygon: foreground(below), label: 'premier plan' })}
        />
      )}
      <div class="actions">
        <Next
          stage={stage}
          drawn={drawn}
          isRight={densities?.hideBelow === null}
          onStage={setStage}
          onApprove={onApprove}
        />
      </div>
    </>
  )
}

/** Where a rectangle begins that is made without a finger, to be moved by its corners. */
const MIDDLE = [
  [0.35, 0.4],
  [0.65, 0.4],
  [0.65, 0.65],
  [0.35, 0.65],
] as const

/** A mask from one height of the picture down; a little more than what is needed, since a finger cannot see it. */
function foreground(below: number): Polygon {
  const top = Math.max(0, below - 0.02)
  return [
    [0, top],
    [1, top],
    [1, 1],
    [0, 1],
  ]
}

type NextProps = {
  stage: Stage
  drawn: DrawnView
  /** Whether what stands outside the masks is coarse enough. */
  isRight: boolean
  onStage: (stage: Stage) => void
  onApprove: (view: DrawnView) => void
}

/** The next thing to do, or why it cannot be done yet. */
function Next({ stage, drawn, isRight, onStage, onApprove }: NextProps) {
  const why = whyNotYet(drawn)
  if (why !== null) {
    return (
      <button type="button" class="primary" disabled>
        {why}
      </button>
    )
  }
  const next = stage === 'road' ? 'masks' : drawn.measures === undefined ? 'scale' : null
  if (next !== null && !(stage === 'scale')) {
    return (
      <button type="button" class="primary" onClick={() => onStage(next)}>
        {next === 'masks' ? `Continuer${NARROW}: les masques` : `Continuer${NARROW}: l’échelle`}
      </button>
    )
  }
  if (drawn.measures === undefined) {
    return (
      <button type="button" class="primary" disabled>
        Placez les deux lignes
      </button>
    )
  }
  return (
    <>
      <button type="button" class="primary" disabled={!isRight} onClick={() => onApprove(drawn)}>
        {isRight ? 'J’approuve ces masques' : 'Masquez encore le premier plan'}
      </button>
      {!isRight && (
        <button type="button" onClick={() => onApprove(drawn)}>
          Approuver avec une réserve
        </button>
      )}
    </>
  )
}

type WidthsProps = {
  measures: readonly { metres: number; y: number; from: number; to: number }[]
  onMeasures: (next: WidthsProps['measures']) => void
}

/** The usual widths of a departmental road from edge to edge of its asphalt. */
const WIDTHS = [4, 5, 5.5, 6, 7]

function Widths({ measures, onMeasures }: WidthsProps) {
  const metres = measures[0]?.metres ?? 6
  return (
    <div class="form">
      <label>
        Largeur de la route, en mètres
        <input
          type="number"
          min={2}
          max={40}
          step={0.5}
          value={metres}
          list="largeurs"
          onChange={(event) => {
            const wide = event.currentTarget.valueAsNumber
            if (wide > 0 && wide <= 200) onMeasures(measures.map((one) => ({ ...one, metres: wide })))
          }}
        />
      </label>
      <datalist id="largeurs">
        {WIDTHS.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="button" onClick={() => onMeasures([...measures])}>
        Les deux lignes sont en place
      </button>
    </div>
  )
}
