import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Cloud } from '../../api/cloud.ts'
import type { Series } from '../../api/schemas.ts'
import { pause } from '../../live/pause.ts'
import { Chart } from './chart.tsx'
import { measuresOf } from './measures.ts'
import { SimTable } from './sim-table.tsx'

/** Telemetry comes once a minute. */
const AGAIN_MS = 60_000

type Answer = { state: 'loading' | 'failed' } | { state: 'ready'; series: Series }

/** How the box of a site has been over the last day. */
export function Health({ cloud, site }: { cloud: Pick<Cloud, 'series'>; site: string }) {
  const [answer, setAnswer] = useState<Answer>({ state: 'loading' })
  useEffect(() => {
    const gone = new AbortController()
    setAnswer({ state: 'loading' })
    void readEachMinute(cloud, site, setAnswer, gone.signal)
    return () => gone.abort()
  }, [cloud, site])
  const measures = useMemo(() => (answer.state === 'ready' ? measuresOf(answer.series) : []), [answer])
  return (
    <section class="health" aria-labelledby="sante">
      <h3 id="sante">Santé de l’unité, 24 heures</h3>
      {answer.state === 'loading' && <p class="panel-note">Lecture des mesures…</p>}
      {answer.state === 'failed' && (
        <p class="panel-note">Les mesures ne peuvent pas être lues. Nouvel essai dans une minute.</p>
      )}
      {answer.state === 'ready' && measures.length === 0 && (
        <p class="panel-note">Aucune mesure reçue dans les dernières 24 heures.</p>
      )}
      <div class="charts">
        {measures.map((measure) => (
          <Chart key={measure.id} measure={measure} />
        ))}
      </div>
      {answer.state === 'ready' && <SimTable series={answer.series} />}
    </section>
  )
}

async function readEachMinute(
  cloud: Pick<Cloud, 'series'>,
  site: string,
  tell: (answer: (before: Answer) => Answer) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const series = await cloud.series(site, signal)
      if (!signal.aborted) tell(() => ({ state: 'ready', series }))
    } catch {
      // What was read before stays; a panel that never had anything says so.
      if (!signal.aborted) tell((before) => (before.state === 'ready' ? before : { state: 'failed' }))
    }
    await pause(AGAIN_MS, signal)
  }
}
