import { useEffect, useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import type { PasskeysApi } from '../api/passkeys.ts'
import { NARROW } from '../look/wording.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { useSending } from '../office/use-sending.ts'
import { PasskeyButton } from './passkey-button.tsx'
import { SecondFactor } from './second-factor.tsx'

type Props = {
  account: AccountApi
  passkeys: PasskeysApi
  /** The first factor was given elsewhere: at the identity provider. */
  isSecondNext: boolean
  /** Why somebody was sent back, in French; null: nobody was. */
  refusal: string | null
  /** Where the identity provider is asked. */
  providerAddress: string
  onIn: () => void
}

/** Name and password, then the second factor where there is one; or one of the other ways. */
export function SignIn({ account, passkeys, isSecondNext, refusal, providerAddress, onIn }: Props) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isSecond, setSecond] = useState(isSecondNext)
  const [provider, setProvider] = useState<string | null>(null)
  const sending = useSending()
  useEffect(() => {
    // Without an answer there is the password, which says by itself what is wrong.
    account.ways().then(
      ({ oidc }) => setProvider(oidc),
      () => undefined,
    )
  }, [account])
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
    return <SecondFactor account={account} passkeys={passkeys} onIn={onIn} onBack={again} />
  }
  return (
    <>
      <h1>Se connecter</h1>
      {refusal !== null && <p class="refusal sent-back">{refusal}</p>}
      <Form sending={sending} onSend={send} action="Se connecter">
        <Field label="Identifiant" value={name} onValue={setName} autocomplete="username" maxLength={64} hasFocus />
        <Field label="Mot de passe" isPassword value={password} onValue={setPassword} autocomplete="current-password" />
      </Form>
      <PasskeyButton passkeys={passkeys} onIn={onIn} />
      {provider !== null && (
        <a class="other-button" href={providerAddress}>
          {provider}
        </a>
      )}
      <p class="aside">
        Mot de passe perdu{NARROW}: un administrateur de Vigie vous donne un lien pour en choisir un nouveau.
      </p>
    </>
  )
}
