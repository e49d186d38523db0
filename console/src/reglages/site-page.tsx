import { useEffect, useState } from 'preact/hooks'
import type { ConfigurationApi, SiteConfiguration } from '../api/configuration.ts'
import { inPrint, momentInWords, NARROW } from '../look/wording.ts'
import { useSending } from '../office/use-sending.ts'
import { FAULT_WORDS, faultWords } from '../veille/fault-words.ts'
import { DifferenceTable } from './difference-table.tsx'
import { EditForm } from './edit-form.tsx'
import { MuseumLanes } from './museum-lanes.tsx'
import { useAnswer } from './use-answer.ts'
import { VersionList } from './version-list.tsx'
import { CONDITION_WORDS, placeInWords, whoInWords } from './words.ts'

type Props = { api: ConfigurationApi; site: string; mayChange: boolean }

/** While a unit tries, the page follows. */
const LOOK_EVERY_MS = 5_000

/** Desired against reported: one site. */
export function SitePage({ api, site, mayChange }: Props) {
  const { value, refusal, again } = useAnswer(() => api.read(site), [api, site])
  const [isEditing, setEditing] = useState(false)
  useEffect(() => {
    const timer = setInterval(again, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [again])
  if (value === null)
    return (
      <div class="page-state">
        <h1 class="page-state-title">Réglages</h1>
        <p>{refusal ?? 'Chargement…'}</p>
        {refusal !== null && (
          <a class="way-out" href="/reglages">
            Voir tous les sites
          </a>
        )}
      </div>
    )
  const { desired, reported, differences } = value
  const turnedAway = reported?.turnedAway ?? null
  const changed = () => {
    setEditing(false)
    again()
  }
  return (
    <article class="site" data-condition={value.condition}>
      <header>
        <p>
          <a href="/reglages">Réglages</a> › {value.unit}
        </p>
        <h1>{inPrint(value.name)}</h1>
        <Standing value={value} />
        {turnedAway !== null && <TurnedAway reason={turnedAway.reason} />}
        {mayChange && (value.condition === 'refused' || turnedAway !== null) && (
          <TryAgain
            {...{ api, site, onAsked: again }}
            label={value.condition === 'refused' ? 'Essayer de nouveau' : 'Renvoyer les réglages'}
          />
        )}
      </header>
      {refusal !== null && <p class="refusal">{refusal}</p>}

      <section class="sides" aria-label="Souhaité et constaté">
        <div>
          <h2>Souhaité</h2>
          <p class="version-number">version {desired.version}</p>
          <p class="quiet">
            par {whoInWords(desired.who)}, {momentInWords(Date.parse(desired.at), Date.now())}
          </p>
          {desired.note !== '' && (
            <p>
              «{NARROW}
              {desired.note}
              {NARROW}»
            </p>
          )}
        </div>
        <div>
          <h2>Constaté</h2>
          {reported === null ? (
            <p class="version-number">rien encore</p>
          ) : (
            <>
              <p class="version-number">
                {reported.version === 0 ? 'réglages de départ du boîtier' : `version ${reported.version}`}
              </p>
              <p class="quiet">depuis {momentInWords(Date.parse(reported.since), Date.now())}</p>
            </>
          )}
        </div>
      </section>

      {value.condition !== 'runs' && reported !== null && reported.version > 0 && (
        <section>
          <h2>Ce qui changera pour le boîtier</h2>
          <DifferenceTable differences={differences} before="En service" after="Souhaité" />
        </section>
      )}

      <MuseumLanes planned={desired.documents.lane} unit={value.unit} />

      <section>
        <h2>Modifier</h2>
        {!mayChange ? (
          <p class="quiet">Votre rôle permet de lire les réglages de ce site, pas de les changer.</p>
        ) : isEditing ? (
          <EditForm api={api} value={value} onDone={changed} onCancel={() => setEditing(false)} />
        ) : (
          <button type="button" class="main-button" onClick={() => setEditing(true)}>
            Modifier les réglages
          </button>
        )}
      </section>

      <section>
        <h2>Versions</h2>
        <VersionList api={api} site={site} newest={desired.version} mayChange={mayChange} onRestored={changed} />
      </section>
    </article>
  )
}

/** The answer first: how it stands, and what to do. */
function Standing({ value }: { value: SiteConfiguration }) {
  const { title, advice } = CONDITION_WORDS[value.condition]
  const refused = value.condition === 'refused' ? (value.reported?.refused ?? null) : null
  const why = refused && FAULT_WORDS[refused.reason]
  return (
    <div class="standing" role="status">
      <p class="standing-title">{title}</p>
      {refused !== null && (
        <p class="standing-why">
          {why?.title ?? refused.reason}
          {refused.about !== null && ` (${aboutInWords(refused.about)})`}
        </p>
      )}
      <p>
        {advice} {why?.advice}
      </p>
    </div>
  )
}

/** A camera's id, or a place with what is wrong there. */
function aboutInWords(about: string): string {
  const [place = '', ...message] = about.split(': ')
  if (!place.includes('.')) return about
  return [placeInWords(place), ...message].join(`${NARROW}: `)
}

/** What somebody gave the unit that was not ours; it runs what it ran, and the alarm stays until it confirms again. */
function TurnedAway({ reason }: { reason: string }) {
  const { title, advice } = faultWords(reason)
  return (
    <p class="standing-why" role="status">
      Le boîtier a écarté un envoi{NARROW}: {title}. {advice}
    </p>
  )
}

type AgainProps = { api: ConfigurationApi; site: string; label: string; onAsked: () => void }

function TryAgain({ api, site, label, onAsked }: AgainProps) {
  const { isSending, refusal, send } = useSending()
  const ask = () =>
    send(async () => {
      await api.tryAgain(site)
      onAsked()
    })
  return (
    <>
      <button type="button" class="main-button" aria-busy={isSending} onClick={ask}>
        {label}
      </button>
      <p class="refusal" role="alert">
        {refusal}
      </p>
    </>
  )
}
