import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { TicketFound } from '../../api/museum.ts'
import type { Gate } from '../gate.ts'
import { OverrideButton, OverrideSheet } from '../scan/override.tsx'
import { UndoButton } from '../scan/undo-button.tsx'
import { type Answered, answeredOf } from '../scan/verdict.ts'
import { VerdictPanel } from '../scan/verdict-panel.tsx'

const REASONS = ['Billet illisible', 'Téléphone déchargé', 'Sorti un instant', 'Billet vérifié par l’accueil']

type Props = {
  found: TicketFound
  gate: Gate
  placeOf: (lane: string | null) => string
  onChanged: () => void
  /** What is known of the ticket. An answer stands above it: that is what one looks for then. */
  children: ComponentChildren
}

/** Lets in on a ticket that nobody can show, and takes its last entry back: by the gateway's rules for one that was scanned. */
export function FoundEntry({ found, gate, placeOf, onChanged, children }: Props) {
  const [answer, setAnswer] = useState<Answered | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** Of the question whose reason is being chosen: asked again after its answer was lost, it is the same. */
  const [nonce, setNonce] = useState<string | null>(null)
  const { ticket, undo, canBeForced, overridesLeft } = found
  const isJustIn = answer?.outcome === 'ok' && !answer.isUndone

  async function letIn(asked: string, reason: string): Promise<void> {
    const site = gate.me.value?.site ?? ''
    setAnswer(answeredOf(await gate.api.overrideTicket(ticket, { site, nonce: asked, reason })))
    setRefusal(null)
    onChanged()
  }
  function undone(): void {
    setAnswer((last) => last && { ...last, isUndone: true })
    setRefusal(null)
    onChanged()
  }

  return (
    <>
      {answer !== null && <VerdictPanel {...{ placeOf }} verdict={answer} now={gate.now()} />}
      {children}
      <div class="verdict-ways">
        {undo !== null && (
          <UndoButton
            gate={gate}
            verdict={{ made: { by: 'gateway', id: undo.decision } }}
            until={Date.parse(undo.until)}
            onUndone={undone}
            onRefused={setRefusal}
          />
        )}
        {canBeForced && !isJustIn && <OverrideButton left={overridesLeft} onPress={() => setNonce(gate.newId())} />}
      </div>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      {nonce !== null && (
        <OverrideSheet
          left={overridesLeft}
          reasons={REASONS}
          onSend={(reason) => letIn(nonce, reason)}
          onClose={() => setNonce(null)}
        />
      )}
    </>
  )
}
