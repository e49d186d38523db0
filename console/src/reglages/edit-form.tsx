import { useId, useState } from 'preact/hooks'
import type { ConfigurationApi, Documents, SiteConfiguration } from '../api/configuration.ts'
import { Refused } from '../api/refused.ts'
import { NARROW } from '../look/wording.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { useSending } from '../office/use-sending.ts'
import { CameraFields } from './camera-fields.tsx'
import { messageInWords } from './message-words.ts'
import { DOCUMENT_WORDS, type DocumentName, placeInWords } from './words.ts'

type Props = { api: ConfigurationApi; value: SiteConfiguration; onDone: () => void; onCancel: () => void }
type Mistake = { name: string; message: string }

/** Pictures and how often they are taken, as a form; everything else as it is written. Each mistake stands at its place. */
export function EditForm({ api, value, onDone, onCancel }: Props) {
  const [documents, setDocuments] = useState<Documents>(value.desired.documents)
  const [basedOn] = useState(value.desired.version)
  const [note, setNote] = useState('')
  const [mistakes, setMistakes] = useState<Mistake[]>([])
  const sending = useSending()

  async function save(): Promise<void> {
    setMistakes([])
    try {
      await api.change(value.site, { basedOn, note, documents })
      onDone()
    } catch (problem) {
      if (problem instanceof Refused && Array.isArray(problem.members['parameters'])) {
        setMistakes(problem.members['parameters'] as Mistake[]) // as the description of the API says
      }
      throw problem
    }
  }

  return (
    <div class="edit">
      <Form sending={sending} onSend={save} action="Publier une nouvelle version">
        <CameraFields documents={documents} onDocuments={setDocuments} />
        <Written documents={documents} onDocuments={setDocuments} />
        <Field
          label="Pourquoi ce changement"
          value={note}
          onValue={setNote}
          autocomplete="off"
          isRequired={false}
          maxLength={400}
          hint="Une phrase pour ceux qui liront l’historique."
        />
        {mistakes.length > 0 && (
          <ul class="mistakes">
            {mistakes.map(({ name, message }) => (
              <li key={name + message}>
                <strong>{placeInWords(name)}</strong>
                {NARROW}: {messageInWords(message) ?? <span lang="en">{message}</span>}
              </li>
            ))}
          </ul>
        )}
      </Form>
      <button type="button" class="plain-button" onClick={onCancel}>
        Abandonner
      </button>
    </div>
  )
}

/** One document as it is written, for whatever has no form. It is taken over when it can be read. */
function Written({ documents, onDocuments }: { documents: Documents; onDocuments: (changed: Documents) => void }) {
  const id = useId()
  const [name, setName] = useState<DocumentName>('masks')
  const [text, setText] = useState<string | null>(null)
  const [isReadable, setReadable] = useState(true)
  const choose = (chosen: string) => {
    setName(chosen as DocumentName) // one of the options below
    setText(null)
    setReadable(true)
  }
  const write = (written: string) => {
    setText(written)
    try {
      onDocuments({ ...documents, [name]: JSON.parse(written) })
      setReadable(true)
    } catch {
      setReadable(false)
    }
  }
  return (
    <details class="written">
      <summary>Écrire un document entier</summary>
      <p class="field">
        <label for={`${id}-nom`}>Document</label>
        <select id={`${id}-nom`} value={name} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {Object.entries(DOCUMENT_WORDS).map(([key, word]) => (
            <option key={key} value={key}>
              {word}
            </option>
          ))}
        </select>
      </p>
      <p class="field">
        <label for={`${id}-texte`}>Son contenu, en JSON</label>
        <textarea
          id={`${id}-texte`}
          rows={16}
          spellcheck={false}
          aria-invalid={!isReadable}
          aria-describedby={`${id}-aide`}
          value={text ?? JSON.stringify(documents[name], null, 2)}
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
        <span class="hint" id={`${id}-aide`}>
          {isReadable
            ? 'Un mot de passe déjà enregistré s’écrit true\u202f; il n’est montré à personne.'
            : 'Ce n’est pas du JSON\u202f: ce document reste comme il était.'}
        </span>
      </p>
    </details>
  )
}
