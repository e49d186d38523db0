import type { AccountApi } from '../api/account.ts'
import { Navigation, useMe } from '../office/navigation.tsx'

/** The office: one's own account, the people, the trail. */
export function App({ account, here }: { account: AccountApi; here: string }) {
  const me = useMe(account)
  const leave = () => {
    void account.signOut().then(() => location.assign('/connexion'))
  }
  return (
    <>
      <Navigation me={me} here={here} />
      <main class="bureau-page">
        <h1>Mon compte</h1>
        {me !== null && (
          <>
            <p>{me.displayName}</p>
            <button type="button" class="main-button" onClick={leave}>
              Se déconnecter
            </button>
          </>
        )}
      </main>
    </>
  )
}
