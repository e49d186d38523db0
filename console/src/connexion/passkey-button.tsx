import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import type { PasskeysApi } from '../api/passkeys.ts'
import { useSending } from '../office/use-sending.ts'

/** A way in without a password, where the browser knows it. */
export function PasskeyButton({ passkeys, onIn }: { passkeys: PasskeysApi; onIn: () => void }) {
  const sending = useSending()
  if (!browserSupportsWebAuthn()) return null
  const send = async () => {
    await passkeys.signIn()
    onIn()
  }
  return (
    <div class="other-way">
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <button type="button" class="other-button" aria-busy={sending.isSending} onClick={() => sending.send(send)}>
        Avec une clé d’accès
      </button>
    </div>
  )
}
