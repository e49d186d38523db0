import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Cloud } from '../../api/cloud.ts'
import type { PastFrame, Preset } from '../../api/schemas.ts'
import { useLoaded } from '../../live/use-loaded.ts'
import { captionOf, inPrint } from '../../look/wording.ts'
import type { View } from '../wall/site.ts'
import { pastInWords } from '../words.ts'
import { type Frames, withNewest } from './frames.ts'
import { Track } from './track.tsx'

type Props = { cloud: Pick<Cloud, 'lastDay'>; view: View; place: string; now: number }

type Past = { state: 'loading' | 'failed' } | { state: 'ready'; frames: Frames }

const addressOf = (frame: PastFrame | undefined) => frame?.picture.w640 ?? null

function joined(past: Past, preset: Preset, now: number): Past {
  if (past.state !== 'ready') return past
  const frames = withNewest(past.frames, preset, now)
  return frames === past.frames ? past : { state: 'ready', frames }
}

/** So many pictures on each side of the one that is shown are fetched ahead: a step of the keyboard then shows at once. */
const AHEAD = 3

/** One view of a site: the newest picture, and the way back through the last 24 hours. */
export function Scrubber({ cloud, view: { webcam, preset }, place, now }: Props) {
  const [past, setPast] = useState<Past>({ state: 'loading' })
  /** Null: at the newest, and staying there. */
  const [chosen, setChosen] = useState<string | null>(null)

  useEffect(() => {
    const gone = new AbortController()
    setPast({ state: 'loading' })
    setChosen(null)
    cloud.lastDay(webcam, preset.id, gone.signal).then(
      (frames) => setPast({ state: 'ready', frames }),
      () => {
        if (!gone.signal.aborted) setPast({ state: 'failed' })
      },
    )
    return () => gone.abort()
  }, [cloud, webcam, preset.id])

  // Each new picture joins those that were read, and how long it stayed the same, for as long as the panel is open.
  const newest = `${preset.picture?.full} ${preset.seenAt}`
  useEffect(() => setPast((before) => joined(before, preset, now)), [newest, past.state])
  const frames = useMemo(() => (past.state === 'ready' ? past.frames : withNewest([], preset, now)), [past, newest])
  const found = frames.findIndex(({ id }) => id === chosen)
  const index = found >= 0 ? found : frames.length - 1
  const frame = useLoaded(frames[index], addressOf)
  useAhead(frames, index)

  const isNewest = frame?.id === frames.at(-1)?.id
  const caption = captionOf(preset, now)
  const when =
    isNewest || frame === undefined
      ? [`${caption.word ?? ''} ${caption.when}`.trim(), caption.unchanged, caption.remark].filter(Boolean).join(', ')
      : pastInWords(frame, now)
  return (
    <div class="scrubber">
      <figure class="scrubber-picture" data-freshness={isNewest ? preset.freshness : 'past'}>
        {frame !== undefined && (
          <img
            src={frame.picture.w640}
            width={frame.picture.widthPx}
            height={frame.picture.heightPx}
            alt={`${inPrint(place)}, vue ${inPrint(preset.label)}, ${when}`}
          />
        )}
        <figcaption>{when}</figcaption>
      </figure>
      {past.state === 'failed' && (
        <p class="panel-note">
          Les images des dernières 24 heures ne peuvent pas être lues. Fermer et rouvrir pour réessayer.
        </p>
      )}
      {past.state === 'ready' && frames.length === 0 && (
        <p class="panel-note">Aucune image dans les dernières 24 heures.</p>
      )}
      <div class="scrubber-controls" hidden={frames.length === 0}>
        <Track
          frames={frames}
          index={index}
          intervalMs={preset.intervalSeconds * 1000}
          now={now}
          onIndex={(next) => setChosen(next === frames.length - 1 ? null : (frames[next]?.id ?? null))}
        />
        <button type="button" disabled={index === frames.length - 1} onClick={() => setChosen(null)}>
          Dernière image
        </button>
      </div>
    </div>
  )
}

/** Has the browser fetch the neighbours; their addresses never change, so its cache keeps them. */
function useAhead(frames: Frames, index: number) {
  const near = frames.slice(Math.max(0, index - AHEAD), index + AHEAD + 1).map(({ picture }) => picture.w640)
  const names = near.join(' ')
  useEffect(() => {
    for (const address of names.split(' ')) if (address !== '') new Image().src = address
  }, [names])
}
