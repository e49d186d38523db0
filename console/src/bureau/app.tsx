import { useCallback, useEffect, useState } from 'preact/hooks'
import type { AccountApi, Me } from '../api/account.ts'
import type { AuditApi } from '../api/audit.ts'
import type { PasskeysApi } from '../api/passkeys.ts'
import type { PeopleApi } from '../api/people.ts'
import { Refused } from '../api/refused.ts'
import { Navigation } from '../office/navigation.tsx'
import { refusalInWords } from '../office/refusal-words.ts'
import { AccountPage } from './account/account-page.tsx'
import { AuditPage } from './audit/audit-page.tsx'
import { PeoplePage } from './people/people-page.tsx'

type Props = { account: AccountApi; passkeys: PasskeysApi; people: PeopleApi; audit: AuditApi; here: string }

/** The office: one's own account, the people, the trail. */
export function App({ account, passkeys, people, audit, here }: Props) {
  const [me, setMe] = useState<Me | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const read = useCallback(async () => {
    try {
      setMe(await account.me())
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 401) location.assign(`/connexion?retour=${here}`)
      else setRefusal(refusalInWords(problem))
    }
  }, [account, here])
  useEffect(() => {
    void read()
  }, [read])
  return (
    <>
      <Navigation me={me} here={here} />
      <main class="bureau-page">
        {refusal !== null && <p class="refusal">{refusal}</p>}
        {me !== null && here === '/compte' && (
          <AccountPage account={account} passkeys={passkeys} me={me} onChange={read} />
        )}
        {me !== null && here === '/personnes' && <PeoplePage account={account} people={people} me={me} />}
        {me !== null && here === '/journal' && <AuditPage audit={audit} />}
      </main>
    </>
  )
}
