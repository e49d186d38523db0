import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Passkey, PasskeysApi } from '../../api/passkeys.ts'
import { inPrint, momentInWords, NARROW } from '../../look/wording.ts'
import type { Confirmation } from '../../office/use-confirmation.tsx'
import { useSending } from '../../office/use-sending.ts'
import { deviceInWords } from './session-words.ts'

type Props = { passkeys: PasskeysApi; confirmation: Confirmation; onChange: () => Promise<void> }

/** Keys that open the account without a password: in the phone, the computer, a token. */
export function Passkeys({ passkeys: api, confirmation, onChange }: Props) {
  const [passkeys, setPasskeys] = useState<Passkey[]>([])
  const sending = useSending()
  const read = useCallback(async () => setPasskeys(await api.all()), [api])
  useEffect(() => sending.send(read), [read])
  const act = (work: () => Promise<void>) =>
    sending.send(async () => {
      await confirmation.confirmed(work)
      await read()
      await onChange()
    })
  return (
    <section class="card" aria-labelledby="cles">
      <h2 id="cles">Clés d’accès</h2>
      <p>
        Une clé d’accès reste dans un téléphone, un ordinateur ou une clé USB, et ne s’ouvre qu’avec votre doigt ou
        votre code. Elle remplace le mot de passe et le second facteur{NARROW}; aucune fausse page ne peut la demander.
      </p>
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <ul class="rows">
        {passkeys.map(({ id, label, usedAt }) => (
          <li key={id} class="row">
            <span class="row-main">
              <strong>{label}</strong>
              <span class="hint">
                {usedAt === null
                  ? 'pas encore utilisée'
                  : `utilisée ${inPrint(momentInWords(Date.parse(usedAt), Date.now()))}`}
              </span>
            </span>
            <button type="button" class="side-button danger" onClick={() => act(() => api.remove(id))}>
              Retirer<span class="visually-hidden"> la clé {label}</span>
            </button>
          </li>
        ))}
      </ul>
      <p>
        <button
          type="button"
          class="side-button"
          onClick={() => act(() => api.add(deviceInWords(navigator.userAgent)))}
        >
          Ajouter une clé d’accès
        </button>
      </p>
    </section>
  )
}
