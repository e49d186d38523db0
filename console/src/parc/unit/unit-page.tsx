import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { Me } from '../../api/account.ts'
import type { FleetApi } from '../../api/fleet.ts'
import type { FleetUnit } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { inPrint } from '../../look/wording.ts'
import { standingOf } from '../standing.ts'
import { type Answer, useAnswer } from '../use-answer.ts'
import type { Fleet } from '../use-fleet.ts'
import { partInWords, STANDING_WORDS } from '../words.ts'
import { Certificates } from './certificates.tsx'
import { Claims } from './claims.tsx'
import { claimsOf } from './claims-of.ts'
import { Identity } from './identity.tsx'
import { LastCommands } from './last-commands.tsx'
import { Replacement } from './replacement.tsx'
import { Revocation } from './revocation.tsx'
import { TestTicket } from './test-ticket.tsx'

type Props = {
  name: string
  fleet: Extract<Fleet, { reading: 'ready' }>
  api: FleetApi
  me: Me | null
  onBack: () => void
  /** Something was done to the unit: the list is read anew. */
  onChange: () => void
}

/** One unit: what it is, by which certificates, and what can be done about it. */
export function UnitPage({ name, fleet: { units, now }, onBack, ...more }: Props) {
  const unit = units.find((one) => one.unit === name)
  if (unit === undefined) return <Unknown name={name} onBack={onBack} />
  return <Known unit={unit} now={now} onBack={onBack} {...more} />
}

function Known({
  unit,
  now,
  api,
  me,
  onBack,
  onChange,
}: Omit<Props, 'name' | 'fleet'> & { unit: FleetUnit; now: number }) {
  const { unit: name, site } = unit
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const certified = useAnswer(useCallback((signal: AbortSignal) => api.certified(name, signal), [api, name]))
  const claims = useAnswer(api.claims)
  const commands = useAnswer(
    useCallback(
      (signal: AbortSignal) => (site === null ? Promise.resolve([]) : api.commands(site, signal)),
      [api, site],
    ),
  )
  const standing = standingOf(unit, now)
  const { one, glyph } = STANDING_WORDS[standing]
  const place = unit.siteName === null ? (site ?? name) : inPrint(unit.siteName)
  const part = partInWords(unit)
  const mayRevoke = me?.actions.includes('unit.revoke') === true && unit.revokedAt === null
  const mayTry = me?.actions.includes('ticket.try') === true && unit.isAtMuseum && unit.isPlanned
  const mayReplace = me?.actions.includes('site.commission') === true && unit.isPlanned

  async function revoke(reason: Parameters<FleetApi['revoke']>[1]) {
    await api.revoke(name, reason)
    certified.again()
    claims.again()
    onChange()
  }

  return (
    <article class="unit" data-standing={standing}>
      <Back onBack={onBack} />
      <h1 ref={title} tabIndex={-1}>
        {place}
      </h1>
      <p class="unit-place">
        {unit.road !== null && <span class="road">{unit.road}</span>} {part !== null && `${part}, `}
        {name}
        <span class="standing">
          <Glyph name={glyph} /> {one}
        </span>
      </p>
      <Identity unit={unit} now={now} mayReadSettings={me?.actions.includes('configuration.read') === true} />
      <Part title="Certificats" answer={certified.answer}>
        {(value) => <Certificates certificates={value?.certificates ?? []} now={now} />}
      </Part>
      <Part title="Codes d’installation" answer={claims.answer}>
        {(value) => (
          <Claims
            claims={claimsOf(value, unit)}
            onWithdraw={async (id) => {
              await api.withdraw(id)
              claims.again()
            }}
          />
        )}
      </Part>
      {site !== null && (
        <Part title="Dernières demandes" answer={commands.answer}>
          {(value) => (
            <LastCommands
              commands={value.filter((command) => command.unit === name)}
              {...{ site, now }}
              isAtMuseum={unit.isAtMuseum}
            />
          )}
        </Part>
      )}
      {mayTry && site !== null && <TestTicket site={site} onMake={() => api.makeTestTicket(site)} />}
      {mayReplace && site !== null && (
        <Replacement unit={name} place={place} now={now} onReplace={(wish) => api.replace(site, wish)} />
      )}
      {mayRevoke && certified.answer.state === 'ready' && certified.answer.value !== null && (
        <Revocation unit={name} place={place} onRevoke={revoke} />
      )}
    </article>
  )
}

type PartProps<Value> = { title: string; answer: Answer<Value>; children: (value: Value) => ComponentChildren }

/** A part of the page that has its own answer; what the reader's role does not open is not there. */
function Part<Value>({ title, answer, children }: PartProps<Value>) {
  if (answer.state === 'not-allowed') return null
  if (answer.state === 'ready') return <>{children(answer.value)}</>
  return (
    <section>
      <h2>{title}</h2>
      <p class="unit-note">
        {answer.state === 'loading' ? 'Lecture…' : 'Ne peut pas être lu pour le moment. Nouvel essai bientôt.'}
      </p>
    </section>
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
