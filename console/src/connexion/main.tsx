import './connexion.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { SignIn } from './sign-in.tsx'
import { wayBack } from './way-back.ts'
import { Welcome } from './welcome.tsx'

const place = document.getElementById('connexion')
if (place !== null) {
  const account = createAccountApi(location.origin)
  const goIn = () => location.replace(wayBack(location.search, location.origin))
  const secret = location.hash.slice(1)
  place.replaceChildren()
  render(
    location.pathname === '/bienvenue' ? (
      <Welcome account={account} secret={secret} onIn={goIn} />
    ) : (
      <SignIn account={account} onIn={goIn} />
    ),
    place,
  )
}
