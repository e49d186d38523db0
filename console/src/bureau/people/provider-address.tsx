import { useState } from 'preact/hooks'
import { NARROW } from '../../look/wording.ts'
import { Field } from '../../office/field.tsx'

type Props = { email: string | null; onSave: (email: string | null) => void }

/** The mail address by which somebody who comes from the identity provider of the house is known the first time. */
export function ProviderAddress({ email, onSave }: Props) {
  const [typed, setTyped] = useState(email ?? '')
  const wanted = typed.trim().toLowerCase()
  return (
    <form
      class="provider-address"
      onSubmit={(event) => {
        event.preventDefault()
        onSave(wanted === '' ? null : wanted)
      }}
    >
      <Field
        label="Adresse électronique"
        value={typed}
        onValue={setTyped}
        isEmail
        autocomplete="off"
        isRequired={false}
        maxLength={254}
        hint={`Celle de son compte dans la collectivité${NARROW}: sa première connexion par là relie les deux comptes.`}
      />
      <button type="submit" class="side-button" disabled={wanted === (email ?? '')}>
        Enregistrer l’adresse
      </button>
    </form>
  )
}
