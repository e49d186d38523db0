import { useState } from 'preact/hooks'
import type { Lane } from '../../api/museum.ts'
import { HARD } from '../../look/wording.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { laneInWords, MODE_WORDS } from './lane-words.ts'

type Wish = 'open' | 'free' | 'close' | 'again'

const REASONS: Record<Wish, readonly string[]> = {
  open: ['Billet illisible', 'Poussette ou fauteuil', 'Groupe', 'Personnel ou livraison'],
  free: ['Groupe scolaire', 'Vernissage', 'Journée gratuite', 'Panne du lecteur'],
  close: ['En panne', 'Nettoyage', 'Travaux'],
  again: ['Réparé', 'Fin du nettoyage', 'Fin des travaux'],
}
const WISHES: Record<Wish, { title: string; action: string }> = {
  open: { title: 'Ouvrir une fois', action: 'Ouvrir' },
  free: { title: 'Rotation libre', action: 'Libérer le passage' },
  close: { title: 'Mettre hors service', action: 'Mettre hors service' },
  again: { title: 'Remettre en service', action: 'Remettre en service' },
}
const FREE_FOR = [15, 30, 60, 120]

/** One lane: how it stands, and what the staff may do with it. The lane itself says whether it did. */
export function LaneCard({ lane, gate }: { lane: Lane; gate: Gate }) {
  const [wish, setWish] = useState<Wish | null>(null)
  const [minutes, setMinutes] = useState(30)
  const [refusal, setRefusal] = useState<string | null>(null)
  const { word, need } = MODE_WORDS[lane.mode]
  const { api } = gate
  const canAct = lane.isHere && gate.link.value === 'up'

  async function send(reason: string): Promise<void> {
    if (wish === 'open') await api.openLane(lane.lane, reason, 'in')
    if (wish === 'free') {
      const until = new Date(gate.now() + minutes * 60_000).toISOString()
      await api.freeLane(lane.lane, { on: true, reason, until })
    }
    if (wish === 'close') await api.closeLane(lane.lane, true, reason)
    if (wish === 'again') await api.closeLane(lane.lane, false, reason)
  }

  function endFree(): void {
    setRefusal(null)
    api.freeLane(lane.lane, { on: false }).catch((problem: unknown) => setRefusal(refusalInFrench(problem)))
  }

  return (
    <li class="lane" data-need={lane.isHere ? need : 'now'}>
      <h2>{lane.label}</h2>
      <p class="lane-mode">{lane.isHere ? word : 'Sans liaison'}</p>
      <p class="hint">{laneInWords(lane, gate.now())}</p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div class="lane-ways">
        {lane.mode === 'free' ? (
          <button type="button" class="primary" disabled={!canAct} onClick={endFree}>
            Finir la rotation libre
          </button>
        ) : lane.mode === 'out-of-service' ? (
          <button type="button" class="primary" disabled={!canAct} onClick={() => setWish('again')}>
            Remettre en service
          </button>
        ) : (
          lane.mode !== 'fire' && (
            <>
              <button type="button" class="primary" disabled={!canAct} onClick={() => setWish('open')}>
                Ouvrir une fois
              </button>
              <button type="button" disabled={!canAct} onClick={() => setWish('free')}>
                Rotation libre
              </button>
              <button type="button" disabled={!canAct} onClick={() => setWish('close')}>
                Hors service
              </button>
            </>
          )
        )}
      </div>
      {wish !== null && (
        <ReasonSheet
          {...WISHES[wish]}
          title={`${WISHES[wish].title}${HARD}– ${lane.label}`}
          reasons={REASONS[wish]}
          onSend={send}
          inWords={refusalInFrench}
          onClose={() => setWish(null)}
        >
          {wish === 'free' && (
            <fieldset class="choices">
              <legend>Durée</legend>
              {FREE_FOR.map((one) => (
                <button key={one} type="button" aria-pressed={minutes === one} onClick={() => setMinutes(one)}>
                  {one < 60 ? `${one}${HARD}min` : `${one / 60}${HARD}h`}
                </button>
              ))}
            </fieldset>
          )}
        </ReasonSheet>
      )}
    </li>
  )
}
