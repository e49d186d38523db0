import { useState } from 'preact/hooks'
import type { PlannedSite, RoleAtSites } from '../../api/people.ts'
import { Field } from '../../office/field.tsx'
import { Form } from '../../office/form.tsx'
import { useSending } from '../../office/use-sending.ts'
import { RoleChoice } from './role-choice.tsx'

type Props = {
  sites: PlannedSite[]
  onInvite: (displayName: string, roles: RoleAtSites[]) => Promise<void>
  onGiveUp: () => void
}

/** Who is invited, and what they will be able to do. */
export function Invite({ sites, onInvite, onGiveUp }: Props) {
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<RoleAtSites[]>([{ role: 'viewer', sites: 'all' }])
  const sending = useSending()
  return (
    <section class="card" aria-labelledby="inviter">
      <h2 id="inviter">Inviter quelqu’un</h2>
      <Form sending={sending} onSend={() => onInvite(name, roles)} action="Créer le lien d’invitation">
        <Field label="Prénom et nom" value={name} onValue={setName} autocomplete="off" maxLength={80} hasFocus />
        <RoleChoice roles={roles} sites={sites} onRoles={setRoles} />
      </Form>
      <button type="button" class="quiet-button" onClick={onGiveUp}>
        Annuler
      </button>
    </section>
  )
}
