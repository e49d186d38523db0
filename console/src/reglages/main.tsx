import './reglages.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createConfigurationApi } from '../api/configuration.ts'
import { App } from './app.tsx'

const place = document.getElementById('reglages')
if (place !== null) {
  const { origin, pathname } = location
  const site = pathname.split('/')[2] ?? ''
  place.replaceChildren()
  render(<App account={createAccountApi(origin)} api={createConfigurationApi(origin)} site={site} />, place)
}
