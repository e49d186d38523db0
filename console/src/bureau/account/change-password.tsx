import { useState } from 'preact/hooks'
import type { AccountApi } from '../../api/account.ts'
import { Field } from '../../office/field.tsx'
import { Form } from '../../office/form.tsx'
import { PASSWORD_HINT } from '../../office/password-hint.ts'
import type { Confirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'

type Props = { account: AccountApi; confirmation: Confirmation; onDone: () => Promise<void> }

export function ChangePassword({ account, confirmation, onDone }: Props) {
  const [password, setPassword] = useState('')
  const sending = useSending()
  const send = async () => {
    await confirmation.confirmed(() => account.changePassword(password))
    await onDone()
  }
  return (
    <Form sending={sending} onSend={send} action="Enregistrer">
      <Field
        label="Nouveau mot de passe"
        isPassword
        value={password}
        onValue={setPassword}
        autocomplete="new-password"
        hint={PASSWORD_HINT}
        hasFocus
      />
    </Form>
  )
}
