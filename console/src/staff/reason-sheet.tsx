import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

type Props = {
  title: string
  hint?: string
  /** What is said most often: one touch. */
  reasons: readonly string[]
  action: string
  /** Rejects when it was refused; the sheet stays, and says why. */
  onSend: (reason: string) => Promise<void>
  onClose: () => void
  /** What a refusal means, on this page. */
  inWords: (problem: unknown) => string
  children?: ComponentChildren
}

/** Asks why, since it is kept; a reason is one touch, or typed. */
export function ReasonSheet({ title, hint, reasons, action, onSend, onClose, inWords, children }: Props) {
  const sheet = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  useEffect(() => sheet.current?.showModal(), [])
  function send(event: Event): void {
    event.preventDefault()
    if (isSending) return
    setSending(true)
    onSend(reason.trim())
      .then(onClose, (problem: unknown) => setRefusal(inWords(problem)))
      .finally(() => setSending(false))
  }
  return (
    <dialog class="sheet" ref={sheet} aria-labelledby="feuille" onClose={onClose}>
      <form onSubmit={send}>
        <h2 id="feuille">{title}</h2>
        {hint !== undefined && <p class="hint">{hint}</p>}
        {children}
        <fieldset class="choices">
          <legend>Motif</legend>
          {reasons.map((one) => (
            <button key={one} type="button" aria-pressed={reason === one} onClick={() => setReason(one)}>
              {one}
            </button>
          ))}
        </fieldset>
        <label for="motif">Autre motif</label>
        <input
          id="motif"
          value={reasons.includes(reason) ? '' : reason}
          maxLength={200}
          autocomplete="off"
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <div class="sheet-ways">
          <button type="button" onClick={() => sheet.current?.close()}>
            Renoncer
          </button>
          <button type="submit" class="primary" disabled={reason.trim().length < 3} aria-busy={isSending}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}
