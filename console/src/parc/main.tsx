import './parc.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createFleetApi } from '../api/fleet.ts'
import { createAddress } from './address.ts'
import { App } from './app.tsx'

const place = document.getElementById('parc')
if (place !== null) {
  const [account, fleet] = [createAccountApi(location.origin), createFleetApi(location.origin)]
  place.replaceChildren()
  render(<App account={account} fleet={fleet} address={createAddress(window)} />, place)
}
