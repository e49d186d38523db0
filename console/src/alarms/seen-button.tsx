import { useSending } from '../office/use-sending.ts'

type Props = { title: string; onSeen: () => Promise<void> }

/** Somebody takes note of an alarm; the trail keeps it, with who it was. */
export function SeenButton({ title, onSeen }: Props) {
  const { isSending, refusal, send } = useSending()
  return (
    <p class="alarm-seen">
      <button type="button" disabled={isSending} onClick={() => send(onSeen)}>
        Vu<span class="visually-hidden"> : {title}</span>
      </button>
      <span role={refusal === null ? undefined : 'alert'}>
        {refusal ?? 'Quitte le mur de tous, et reste au journal avec votre nom.'}
      </span>
    </p>
  )
}
