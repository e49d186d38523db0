import { useState } from 'preact/hooks'
import type { AccountApi, Me } from '../../api/account.ts'
import type { PasskeysApi } from '../../api/passkeys.ts'
import { NARROW } from '../../look/wording.ts'
import { roleInWords } from '../../office/role-words.ts'
import { useConfirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'
import { ChangePassword } from './change-password.tsx'
import { Passkeys } from './passkeys.tsx'
import { SecondFactors } from './second-factors.tsx'
import { Sessions } from './sessions.tsx'

type Props = { account: AccountApi; passkeys: PasskeysApi; me: Me; onChange: () => Promise<void> }

/** One's own account: who one is, what opens it, where it is open. */
export function AccountPage({ account, passkeys, me, onChange }: Props) {
  const confirmation = useConfirmation(account)
  const [isChanging, setChanging] = useState(false)
  const sending = useSending()
  const leave = async () => {
    await account.signOut()
    location.assign('/connexion')
  }
  return (
    <>
      <h1>Mon compte</h1>
      <Warning me={me} />
      <section class="card">
        <h2>{me.displayName}</h2>
        <p>
          Identifiant <strong>{me.name}</strong>
        </p>
        <ul class="roles">
          {me.roles.map((role) => (
            <li key={role.role}>{roleInWords(role)}</li>
          ))}
        </ul>
        <p class="refusal" role="alert">
          {sending.refusal}
        </p>
        <p>
          <button type="button" class="side-button" onClick={() => sending.send(leave)}>
            Se déconnecter
          </button>
        </p>
      </section>
      <section class="card">
        <h2>Mot de passe</h2>
        <p>
          {me.passwordSetAt === null
            ? 'Ce compte n’a pas de mot de passe.'
            : `Choisi le ${dateInWords(me.passwordSetAt)}.`}
        </p>
        {isChanging ? (
          <ChangePassword
            account={account}
            confirmation={confirmation}
            onDone={async () => {
              setChanging(false)
              await onChange()
            }}
          />
        ) : (
          <p>
            <button type="button" class="side-button" onClick={() => setChanging(true)}>
              Changer le mot de passe
            </button>
          </p>
        )}
      </section>
      <SecondFactors account={account} me={me} confirmation={confirmation} onChange={onChange} />
      <Passkeys passkeys={passkeys} confirmation={confirmation} onChange={onChange} />
      <Sessions account={account} />
      {confirmation.dialog}
    </>
  )
}

/** Whose role needs a second factor is told so until there is one. */
function Warning({ me }: { me: Me }) {
  const { isNeeded, totp, passkeys, by } = me.secondFactor
  if (!isNeeded || totp || passkeys > 0) return null
  const isLate = by !== null && Date.parse(by) <= Date.now()
  return (
    <p class="warning" role="status">
      {isLate
        ? `Votre rôle demande un second facteur. Activez-le ci-dessous${NARROW}: d’ici là, les autres pages restent fermées.`
        : `Votre rôle demande un second facteur. Activez-le ci-dessous${
            by === null ? '' : ` avant le ${dateInWords(by)}`
          }${NARROW}: ensuite, les autres pages seront fermées sans lui.`}
    </p>
  )
}

const dateInWords = (at: string) =>
  new Date(at).toLocaleDateString('fr-FR', { weekday: 'long', day: 'numeric', month: 'long' })
