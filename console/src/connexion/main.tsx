import './connexion.css'
import { render } from 'preact'
import { createAccountApi } from '../api/account.ts'
import { createPasskeysApi } from '../api/passkeys.ts'
import { SignIn } from './sign-in.tsx'
import { wayBack } from './way-back.ts'
import { Welcome } from './welcome.tsx'

const SENT_BACK: Record<string, string> = {
  compte: 'Ce compte n’est relié à personne ici. Un administrateur de Vigie peut y inscrire votre adresse.',
  fournisseur: 'Le service de connexion ne répond pas. Utilisez votre mot de passe, ou réessayez plus tard.',
}

const place = document.getElementById('connexion')
if (place !== null) {
  const account = createAccountApi(location.origin)
  const query = new URLSearchParams(location.search)
  const back = wayBack(location.search, location.origin)
  const goIn = () => location.replace(back)
  place.replaceChildren()
  render(
    location.pathname === '/bienvenue' ? (
      <Welcome account={account} secret={location.hash.slice(1)} onIn={goIn} />
    ) : (
      <SignIn
        account={account}
        passkeys={createPasskeysApi(location.origin)}
        isSecondNext={query.get('etape') === 'second-facteur'}
        refusal={SENT_BACK[query.get('refus') ?? ''] ?? null}
        providerAddress={`/api/v1/session/oidc?retour=${encodeURIComponent(back)}`}
        onIn={goIn}
      />
    ),
    place,
  )
}
