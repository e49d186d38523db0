import type { AccountApi } from '../api/account.ts'
import type { ConfigurationApi } from '../api/configuration.ts'
import { Navigation, useMe } from '../office/navigation.tsx'
import { SiteList } from './site-list.tsx'
import { SitePage } from './site-page.tsx'

type Props = { account: AccountApi; api: ConfigurationApi; site: string }

/** What each site should be: all of them in a list, or one. */
export function App({ account, api, site }: Props) {
  const me = useMe(account)
  const mayChange = me?.actions.includes('configuration.change') ?? false
  return (
    <>
      <Navigation me={me} here="/reglages" />
      <main class="reglages-page">
        {site === '' ? <SiteList api={api} /> : <SitePage api={api} site={site} mayChange={mayChange} />}
      </main>
    </>
  )
}
