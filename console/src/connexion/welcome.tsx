import { useEffect, useState } from 'preact/hooks'
import type { AccountApi, Link } from '../api/account.ts'
import { NARROW } from '../look/wording.ts'
import { Field } from '../office/field.tsx'
import { Form } from '../office/form.tsx'
import { PASSWORD_HINT } from '../office/password-hint.ts'
import { refusalInWords } from '../office/refusal-words.ts'
import { useSending } from '../office/use-sending.ts'
import { NewPassword } from './new-password.tsx'

type Props = { account: AccountApi; secret: string; onIn: () => void }

/** What a one-time link opens. */
export function Welcome({ account, secret, onIn }: Props) {
  const [link, setLink] = useState<Link | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  useEffect(() => {
    account.readLink(secret).then(setLink, (problem: unknown) => setRefusal(refusalInWords(problem)))
  }, [account, secret])
  if (refusal !== null) {
    return (
      <>
        <h1>Ce lien ne s’ouvre pas</h1>
        <p>{refusal}</p>
        <p>
          <a class="way-out" href="/connexion">
            Se connecter
          </a>
        </p>
      </>
    )
  }
  if (link === null) return <p class="page-state">Lecture du lien…</p>
  if (link.kind === 'new-password')
    return <NewPassword account={account} secret={secret} displayName={link.displayName} />
  return <OpenAccount account={account} secret={secret} link={link} onIn={onIn} />
}

function OpenAccount({ account, secret, link, onIn }: Props & { link: Link }) {
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState(link.displayName)
  const [password, setPassword] = useState('')
  const sending = useSending()
  const send = async () => {
    await account.openAccount({ secret, name, displayName, password })
    onIn()
  }
  const isFirst = link.kind === 'first-administrator'
  return (
    <>
      <h1>{isFirst ? 'Premier administrateur' : 'Bienvenue'}</h1>
      <p>
        {isFirst
          ? 'Personne n’a encore de compte sur ce serveur. Le vôtre sera celui d’un administrateur.'
          : 'Choisissez un identifiant et un mot de passe pour ouvrir votre compte.'}
      </p>
      <Form sending={sending} onSend={send} action="Ouvrir le compte">
        <Field label="Prénom et nom" value={displayName} onValue={setDisplayName} autocomplete="name" maxLength={80} />
        <Field
          label="Identifiant"
          value={name}
          onValue={setName}
          autocomplete="username"
          maxLength={64}
          hint={`Lettres sans accent, chiffres, point ou tiret${NARROW}: marie.blanc. Il ne changera plus.`}
        />
        <Field
          label="Mot de passe"
          isPassword
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
          hint={PASSWORD_HINT}
        />
      </Form>
    </>
  )
}
