import { useState } from 'preact/hooks'
import type { AccountApi, Me, TotpSetup } from '../../api/account.ts'
import { countInWords, NARROW } from '../../look/wording.ts'
import type { Confirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SetUpTotp } from './set-up-totp.tsx'

type Props = { account: AccountApi; me: Me; confirmation: Confirmation; onChange: () => Promise<void> }

/** The authenticator on the phone, and the codes on paper for when the phone is lost. */
export function SecondFactors({ account, me, confirmation, onChange }: Props) {
  const [setup, setSetup] = useState<TotpSetup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const sending = useSending()
  const { totp, recoveryCodes } = me.secondFactor
  const confirmed = <Result,>(work: () => Promise<Result>, then: (result: Result) => void) =>
    sending.send(async () => {
      then(await confirmation.confirmed(work))
      await onChange()
    })
  return (
    <section class="card" aria-labelledby="second-facteur">
      <h2 id="second-facteur">Second facteur</h2>
      <p>
        Avec lui, un mot de passe volé n’ouvre rien{NARROW}: un code de votre téléphone est demandé à chaque connexion.{' '}
        <strong>
          {totp
            ? `Application d’authentification${NARROW}: active.`
            : `Application d’authentification${NARROW}: aucune.`}
        </strong>
      </p>
      {codes !== null && <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />}
      {setup !== null && (
        <SetUpTotp
          account={account}
          setup={setup}
          confirmation={confirmation}
          onDone={async (given) => {
            setSetup(null)
            setCodes(given)
            await onChange()
          }}
          onGiveUp={() => setSetup(null)}
        />
      )}
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      {setup === null && codes === null && (
        <p class="buttons">
          <button type="button" class="side-button" onClick={() => confirmed(() => account.beginTotp(), setSetup)}>
            {totp ? 'Changer de téléphone' : 'Activer l’application'}
          </button>
          {totp && (
            <>
              <button
                type="button"
                class="side-button"
                onClick={() => confirmed(() => account.renewRecoveryCodes(), setCodes)}
              >
                Nouveaux codes de secours
              </button>
              <button
                type="button"
                class="side-button danger"
                onClick={() =>
                  confirmed(
                    () => account.removeTotp(),
                    () => undefined,
                  )
                }
              >
                Retirer l’application
              </button>
            </>
          )}
        </p>
      )}
      {totp && codes === null && (
        <p class="hint">Il vous reste {countInWords(recoveryCodes, 'code de secours', 'codes de secours')}.</p>
      )}
    </section>
  )
}
