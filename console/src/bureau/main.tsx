import './bureau.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { App } from './app.tsx'

const place = document.getElementById('bureau')
if (place !== null) {
  const here = location.pathname.replace(/(?<=.)\/.*$/, '')
  place.replaceChildren()
  render(<App account={createAccountApi(location.origin)} here={here} />, place)
}
