import './guichet.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createTicketsApi } from '../api/tickets.ts'
import { App } from './app.tsx'

const place = document.getElementById('guichet')
if (place !== null) {
  place.replaceChildren()
  const { origin } = location
  const newId = () => crypto.randomUUID()
  render(<App account={createAccountApi(origin)} api={createTicketsApi(origin)} newId={newId} />, place)
}
