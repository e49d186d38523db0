import { useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { useSending } from '../office/use-sending.ts'
import { SecondFactor } from './second-factor.tsx'

/** Name and password, then the second factor where there is one. */
export function SignIn({ account, onIn }: { account: AccountApi; onIn: () => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isSecond, setSecond] = useState(false)
  const sending = useSending()
  const send = async () => {
    const { state } = await account.signIn(name, password)
    if (state === 'signed-in') onIn()
    else setSecond(true)
  }
  if (isSecond) {
    const again = () => {
      setPassword('')
      setSecond(false)
    }
    return <SecondFactor account={account} onIn={onIn} onBack={again} />
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
