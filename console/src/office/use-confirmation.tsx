import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import { Refused } from '../api/refused.ts'
import { Field } from './field.tsx'
import { Form } from './form.tsx'
import { useSending } from './use-sending.ts'

type Waiting = { confirmed: () => void; given: (reason: unknown) => void }

export type Confirmation = {
  /** Does it; where the cloud wants to know first that the person is there, asks, and does it again. */
  confirmed: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** To be shown somewhere on the page. */
  dialog: ComponentChildren
}

/** Asks for the password when something sensitive is done long after the sign-in. */
export function useConfirmation(account: Pick<AccountApi, 'confirm'>): Confirmation {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const confirmed = useCallback(async <Result,>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (problem) {
      if (!(problem instanceof Refused) || problem.problem !== 'confirmation-needed') throw problem
      try {
        await new Promise<void>((resolve, reject) => setWaiting({ confirmed: resolve, given: () => reject(problem) }))
      } finally {
        setWaiting(null)
      }
      return work()
    }
  }, [])
  return { confirmed, dialog: waiting && <ConfirmationDialog account={account} {...waiting} /> }
}

function ConfirmationDialog({ account, confirmed, given }: Waiting & { account: Pick<AccountApi, 'confirm'> }) {
  const [proof, setProof] = useState('')
  const [isCode, setIsCode] = useState(false)
  const dialog = useRef<HTMLDialogElement>(null)
  const sending = useSending()
  useEffect(() => dialog.current?.showModal(), [])
  const send = async () => {
    await account.confirm(isCode ? { code: proof } : { password: proof })
    confirmed()
  }
  return (
    <dialog class="confirmation" ref={dialog} aria-labelledby="confirmation" onClose={given}>
      <h2 id="confirmation">Confirmez que c’est bien vous</h2>
      <Form sending={sending} onSend={send} action="Confirmer">
        <Field
          key={String(isCode)}
          label={isCode ? 'Code de l’application' : 'Mot de passe'}
          isPassword={!isCode}
          value={proof}
          onValue={setProof}
          autocomplete={isCode ? 'one-time-code' : 'current-password'}
          hasFocus
        />
      </Form>
      <p class="confirmation-ways">
        <button
          type="button"
          class="quiet-button"
          onClick={() => {
            setIsCode(!isCode)
            setProof('')
          }}
        >
          {isCode ? 'Avec le mot de passe' : 'Avec un code'}
        </button>
        <button type="button" class="quiet-button" onClick={() => dialog.current?.close()}>
          Annuler
        </button>
      </p>
    </dialog>
  )
}
