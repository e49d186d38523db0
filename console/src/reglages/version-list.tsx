import { useState } from 'preact/hooks'
import type { ConfigurationApi, VersionSummary } from '../api/configuration.ts'
import { momentInWords, NARROW } from '../look/wording.ts'
import { useSending } from '../office/use-sending.ts'
import { DifferenceTable } from './difference-table.tsx'
import { useAnswer } from './use-answer.ts'
import { whoInWords } from './words.ts'

type Props = {
  api: ConfigurationApi
  site: string
  newest: number
  mayChange: boolean
  onRestored: () => void
}

/** Who changed what, and the way back. */
export function VersionList({ api, site, newest, mayChange, onRestored }: Props) {
  const { value: versions, refusal } = useAnswer(() => api.versions(site), [api, site, newest])
  const [open, setOpen] = useState<number | null>(null)
  return (
    <>
      {refusal !== null && <p class="refusal">{refusal}</p>}
      <ol class="versions">
        {versions?.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              class="version"
              aria-expanded={open === version.version}
              onClick={() => setOpen(open === version.version ? null : version.version)}
            >
              <strong>version {version.version}</strong> {momentInWords(Date.parse(version.at), Date.now())}, par{' '}
              {whoInWords(version.who)}
              {version.note !== '' && ` — «${NARROW}${version.note}${NARROW}»`}
            </button>
            {open === version.version && (
              <Opened
                {...{ api, site, version, newest, onRestored }}
                mayRestore={mayChange && version.version < newest}
              />
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

type OpenedProps = Omit<Props, 'mayChange'> & { version: VersionSummary; mayRestore: boolean }

function Opened({ api, site, version: { version }, newest, mayRestore, onRestored }: OpenedProps) {
  const { value, refusal } = useAnswer(() => api.version(site, version), [api, site, version])
  const sending = useSending()
  const restore = () =>
    sending.send(async () => {
      await api.restore(site, { version, basedOn: newest, note: `retour à la version ${version}` })
      onRestored()
    })
  return (
    <div class="version-opened">
      {refusal !== null && <p class="refusal">{refusal}</p>}
      {value !== null && version === 1 && <p class="quiet">La première version de ce site.</p>}
      {value !== null && version > 1 && (
        <DifferenceTable differences={value.differences} before="Avant" after="Après" />
      )}
      {mayRestore && (
        <button type="button" class="main-button" aria-busy={sending.isSending} onClick={restore}>
          Revenir à la version {version}
        </button>
      )}
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
    </div>
  )
}
