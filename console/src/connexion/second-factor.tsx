import { useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import type { PasskeysApi } from '../api/passkeys.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { useSending } from '../office/use-sending.ts'
import { PasskeyButton } from './passkey-button.tsx'

type Props = { account: AccountApi; passkeys: PasskeysApi; onIn: () => void; onBack: () => void }

/** The code of the authenticator, or one of those on paper. */
export function SecondFactor({ account, passkeys, onIn, onBack }: Props) {
  const [code, setCode] = useState('')
  const [isOnPaper, setOnPaper] = useState(false)
  const sending = useSending()
  const send = async () => {
    await account.giveCode(code)
    onIn()
  }
  return (
    <>
      <h1>Second facteur</h1>
      <Form sending={sending} onSend={send} action="Valider">
        <Field
          key={String(isOnPaper)}
          label={isOnPaper ? 'Code de secours' : 'Code à six chiffres'}
          value={code}
          onValue={setCode}
          autocomplete="one-time-code"
          inputMode={isOnPaper ? 'text' : 'numeric'}
          maxLength={32}
          hint={
            isOnPaper
              ? 'Un des codes notés quand vous avez activé le second facteur. Chacun ne sert qu’une fois.'
              : 'Il est affiché par l’application d’authentification de votre téléphone.'
          }
          hasFocus
        />
      </Form>
      <PasskeyButton passkeys={passkeys} onIn={onIn} />
      <p class="ways">
        <button
          type="button"
          class="quiet-button"
          onClick={() => {
            setOnPaper(!isOnPaper)
            setCode('')
          }}
        >
          {isOnPaper ? 'Utiliser l’application' : 'Utiliser un code de secours'}
        </button>
        <button type="button" class="quiet-button" onClick={onBack}>
          Recommencer
        </button>
      </p>
    </>
  )
}
