import type { ComponentChildren } from 'preact'
import type { Sending } from './use-sending.ts'

type Props = {
  sending: Sending
  onSend: () => Promise<void>
  /** What the button says. */
  action: string
  children: ComponentChildren
}

/** A form with one button. What went wrong stands above the button and is read aloud. */
export function Form({ sending, onSend, action, children }: Props) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        sending.send(onSend)
      }}
    >
      {children}
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <button type="submit" class="main-button" aria-busy={sending.isSending}>
        {action}
      </button>
    </form>
  )
}
