import './bureau.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createAuditApi } from '../api/audit.ts'
import { createPasskeysApi } from '../api/passkeys.ts'
import { createPeopleApi } from '../api/people.ts'
import { App } from './app.tsx'

const TITLES: Record<string, string> = { '/compte': 'Mon compte', '/personnes': 'Personnes', '/journal': 'Journal' }

const place = document.getElementById('bureau')
if (place !== null) {
  const here = location.pathname.replace(/(?<=.)\/.*$/, '')
  document.title = `${TITLES[here] ?? 'Bureau'} – Vigie`
  place.replaceChildren()
  const { origin } = location
  const apis = {
    account: createAccountApi(origin),
    people: createPeopleApi(origin),
    audit: createAuditApi(origin),
    passkeys: createPasskeysApi(origin),
  }
  render(<App {...apis} here={here} />, place)
}
