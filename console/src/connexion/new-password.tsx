import { useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { PASSWORD_HINT } from '../office/password-hint.ts'
import { useSending } from '../office/use-sending.ts'

type Props = { account: AccountApi; secret: string; displayName: string }

/** A new password, by a link of an administrator. */
export function NewPassword({ account, secret, displayName }: Props) {
  const [password, setPassword] = useState('')
  const [isDone, setDone] = useState(false)
  const sending = useSending()
  const send = async () => {
    await account.renewPassword(secret, password)
    setDone(true)
  }
  if (isDone) {
    return (
      <>
        <h1>Mot de passe changé</h1>
        <p>Toutes les sessions ouvertes avec l’ancien sont fermées.</p>
        <p>
          <a class="way-out" href="/connexion">
            Se connecter
          </a>
        </p>
      </>
    )
  }
  return (
    <>
      <h1>Nouveau mot de passe</h1>
      <p>Pour le compte de {displayName}. Le second facteur, s’il y en a un, reste le même.</p>
      <Form sending={sending} onSend={send} action="Changer le mot de passe">
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
    </>
  )
}
