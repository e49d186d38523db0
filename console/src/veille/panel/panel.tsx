import { useEffect, useRef, useState } from 'preact/hooks'
import type { Alarm } from '../../alarms/alarm.ts'
import { AlarmsShown } from '../../alarms/alarms-shown.tsx'
import type { OnSeen } from '../../alarms/use-alarms.ts'
import type { Cloud } from '../../api/cloud.ts'
import type { FleetUnit } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { altitudeInWords, inPrint } from '../../look/wording.ts'
import { needOf, type Standing } from '../wall/need.ts'
import { type View, viewsOf } from '../wall/site.ts'
import { NEED_WORDS } from '../words.ts'
import { Commands } from './commands.tsx'
import { Health } from './health.tsx'
import { Scrubber } from './scrubber.tsx'
import { UnitFacts } from './unit-facts.tsx'
import { useEscape } from './use-escape.ts'
import { Why } from './why.tsx'

type Props = {
  cloud: Cloud
  standing: Standing
  now: number
  /** Those of the site's unit. */
  alarms: readonly Alarm[]
  onSeen: OnSeen
  units: readonly FleetUnit[]
  /** Whether the reader may see what was asked of a unit; the cloud judges each demand again. */
  mayAsk: boolean
  onClose: () => void
}

/** Why one site is as it is: its last day in pictures, the fault and what to do, the unit and its health. */
export function Panel({ cloud, standing, now, alarms, units, onSeen, mayAsk, onClose }: Props) {
  const { site, need } = standing
  const [chosen, setChosen] = useState<string | null>(null)
  const views = viewsOf(site)
  const view = views.find((one) => keyOf(one) === chosen) ?? standing.view
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useEscape(onClose)
  return (
    <aside class="panel" aria-labelledby="panneau" data-need={need}>
      <header class="panel-header">
        <h2 id="panneau" ref={title} tabIndex={-1}>
          {inPrint(site.name)}
        </h2>
        <p class="panel-place">
          <span class="road">{site.road}</span>
          {altitudeInWords(site.altitudeM)}
          <span class="panel-state">
            <Glyph name={need} /> {NEED_WORDS[need]}
          </span>
        </p>
        <button type="button" class="panel-close" onClick={onClose}>
          <Glyph name="close" /> <span class="visually-hidden">Fermer</span>
        </button>
      </header>
      <div class="panel-body">
        <Why standing={standing} now={now} />
        <AlarmsShown {...{ alarms, units, now, onSeen }} />
        {views.length > 1 && <Views views={views} shown={view} onChoose={(one) => setChosen(keyOf(one))} />}
        {view !== null && <Scrubber key={keyOf(view)} cloud={cloud} view={view} place={site.name} now={now} />}
        {mayAsk && <Commands cloud={cloud} site={site.site} cameras={camerasOf(site)} now={now} />}
        <UnitFacts site={site} view={view} now={now} />
        <Health cloud={cloud} site={site.site} />
      </div>
    </aside>
  )
}

/** A webcam is named after its site and its camera. */
const camerasOf = ({ site, webcams }: Standing['site']) => webcams.map(({ id }) => id.slice(site.length + 1))

const keyOf = ({ webcam, preset }: View) => `${webcam}/${preset.id}`

function Views({ views, shown, onChoose }: { views: View[]; shown: View | null; onChoose: (view: View) => void }) {
  return (
    <ul class="views" aria-label="Vues">
      {views.map((view) => (
        <li key={keyOf(view)}>
          <button
            type="button"
            data-need={needOf(view)}
            aria-pressed={shown !== null && keyOf(shown) === keyOf(view)}
            onClick={() => onChoose(view)}
          >
            <Glyph name={needOf(view)} /> {inPrint(view.preset.label)}
          </button>
        </li>
      ))}
    </ul>
  )
}
