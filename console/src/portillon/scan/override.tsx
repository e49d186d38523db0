import { countInWords } from '../../look/wording.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import { refusalInFrench } from '../refusal-words.ts'

/** @param left how many this person may still make today */
export const OverrideButton = ({ left, onPress }: { left: number; onPress: () => void }) => (
  <button type="button" disabled={left === 0} onClick={onPress}>
    {left === 0 ? 'Plus de dérogation aujourd’hui' : 'Laisser entrer quand même'}
  </button>
)

type Props = {
  left: number
  reasons: readonly string[]
  onSend: (reason: string) => Promise<void>
  onClose: () => void
}

/** Why somebody is let in against the word of the gate. */
export const OverrideSheet = ({ left, ...sheet }: Props) => (
  <ReasonSheet
    title="Laisser entrer quand même"
    hint={`Il vous reste ${countInWords(left, 'dérogation', 'dérogations')} aujourd’hui. Le motif est gardé.`}
    action="Laisser entrer"
    inWords={refusalInFrench}
    {...sheet}
  />
)
