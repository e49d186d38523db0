import { useState } from 'preact/hooks'
import type { AccountApi, TotpSetup } from '../../api/account.ts'
import { Field } from '../../office/field.tsx'
import { Form } from '../../office/form.tsx'
import type { Confirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'

type Props = {
  account: AccountApi
  setup: TotpSetup
  confirmation: Confirmation
  onDone: (recoveryCodes: string[]) => Promise<void>
  onGiveUp: () => void
}

/** Light around the code: a reader needs four of its squares. */
const QUIET = 4

/** The code to be read by the phone, then what the phone shows. */
export function SetUpTotp({ account, setup, confirmation, onDone, onGiveUp }: Props) {
  const [code, setCode] = useState('')
  const sending = useSending()
  const { size, path } = setup.code
  const send = async () => onDone(await confirmation.confirmed(() => account.endTotp(setup.setup, code)))
  return (
    <div class="totp">
      <svg
        class="totp-code"
        viewBox={`${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`}
        role="img"
        aria-label="Code à lire avec l’application d’authentification"
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <div>
        <ol class="steps">
          <li>Ouvrez l’application d’authentification de votre téléphone et ajoutez un compte.</li>
          <li>
            Visez le code, ou tapez la clé <code class="key">{setup.secret.match(/.{1,4}/g)?.join(' ')}</code>
          </li>
          <li>Recopiez le code à six chiffres qu’elle affiche.</li>
        </ol>
        <Form sending={sending} onSend={send} action="Activer">
          <Field
            label="Code à six chiffres"
            value={code}
            onValue={setCode}
            autocomplete="one-time-code"
            inputMode="numeric"
            maxLength={7}
            hasFocus
          />
        </Form>
        <button type="button" class="quiet-button" onClick={onGiveUp}>
          Annuler
        </button>
      </div>
    </div>
  )
}
