import { useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { useSending } from '../office/use-sending.ts'

/** Name and password. */
export function SignIn({ account, onIn }: { account: AccountApi; onIn: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const sending = useSending()
  const send = async () => {
    await account.signIn(name, password)
    onIn()
  }
  return (
    <>
      <h1>Se connecter</h1>
      <Form sending={sending} onSend={send} action="Se connecter">
        <Field label="Identifiant" value={name} onValue={setName} autocomplete="username" maxLength={64} hasFocus />
        <Field label="Mot de passe" isPassword value={password} onValue={setPassword} autocomplete="current-password" />
      </Form>
      <p class="aside">
        Mot de passe perdu : un administrateur de Vigie vous donne un lien pour en choisir un nouveau.
      </p>
    </>
  )
}
