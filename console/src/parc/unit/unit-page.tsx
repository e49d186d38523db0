import { useEffect, useRef } from 'preact/hooks'
import { Glyph } from '../../look/glyph.tsx'
import { inPrint } from '../../look/wording.ts'
import { standingOf } from '../standing.ts'
import type { Fleet } from '../use-fleet.ts'
import { STANDING_WORDS } from '../words.ts'
import { Identity } from './identity.tsx'

type Props = { name: string; fleet: Extract<Fleet, { reading: 'ready' }>; onBack: () => void }

/** One unit: what it is, by which certificates, and what can be done about it. */
export function UnitPage({ name, fleet: { units, now }, onBack }: Props) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const unit = units.find((one) => one.unit === name)
  if (unit === undefined) return <Unknown name={name} onBack={onBack} />
  const standing = standingOf(unit, now)
  const { one, glyph } = STANDING_WORDS[standing]
  return (
    <article class="unit" data-standing={standing}>
      <Back onBack={onBack} />
      <h1 ref={title} tabIndex={-1}>
        {unit.siteName === null ? unit.unit : inPrint(unit.siteName)}
      </h1>
      <p class="unit-place">
        {unit.road !== null && <span class="road">{unit.road}</span>} {unit.unit}
        <span class="standing">
          <Glyph name={glyph} /> {one}
        </span>
      </p>
      <Identity unit={unit} now={now} />
    </article>
  )
}

function Unknown({ name, onBack }: { name: string; onBack: () => void }) {
  return (
    <>
      <Back onBack={onBack} />
      <div class="page-state">
        <h1 class="page-state-title">Aucun boîtier ne s’appelle {name}</h1>
        <p>Il n’est prévu pour aucun site, et ne s’est jamais présenté.</p>
      </div>
    </>
  )
}

function Back({ onBack }: { onBack: () => void }) {
  return (
    <a
      class="back"
      href="/parc"
      onClick={(event) => {
        event.preventDefault()
        onBack()
      }}
    >
      Tout le parc
    </a>
  )
}
