import { useCallback, useEffect, useState } from 'preact/hooks'
import type { AccountApi, Session } from '../../api/account.ts'
import { inPrint, sinceInWords } from '../../look/wording.ts'
import { useSending } from '../../office/use-sending.ts'
import { deviceInWords, methodInWords } from './session-words.ts'

/** Where one is signed in, with a way to end each. */
export function Sessions({ account }: { account: AccountApi }) {
  const [sessions, setSessions] = useState<Session[] | null>(null)
  const sending = useSending()
  const read = useCallback(async () => setSessions(await account.sessions()), [account])
  useEffect(() => sending.send(read), [read])
  const end = (work: () => Promise<void>) =>
    sending.send(async () => {
      await work()
      await read()
    })
  const now = Date.now()
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">Où je suis connecté</h2>
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <ul class="rows">
        {sessions?.map((session) => (
          <li key={session.id} class="row">
            <span class="row-main">
              <strong>{deviceInWords(session.device)}</strong>
              {session.isThis && <span class="mark">cette session</span>}
              <span class="hint">
                {methodInWords(session.method)} · {session.address} · depuis{' '}
                {inPrint(sinceInWords(Date.parse(session.startedAt), now))}
              </span>
            </span>
            {!session.isThis && (
              <button type="button" class="side-button" onClick={() => end(() => account.endSession(session.id))}>
                Fermer
              </button>
            )}
          </li>
        ))}
      </ul>
      {sessions !== null && sessions.length > 1 && (
        <p>
          <button type="button" class="side-button" onClick={() => end(() => account.endOtherSessions())}>
            Fermer toutes les autres
          </button>
        </p>
      )}
    </section>
  )
}
