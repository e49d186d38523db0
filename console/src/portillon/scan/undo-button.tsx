import { useEffect, useState } from 'preact/hooks'
import { HARD } from '../../look/wording.ts'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { takeBack } from './ask-decision.ts'
import type { Verdict } from './verdict.ts'

type Props = {
  gate: Gate
  verdict: Pick<Verdict, 'made'>
  until: number
  onUndone: () => void
  onRefused: (why: string) => void
}

/** Takes an entry back while that is still true: within 30 s, by whoever let it in. */
export function UndoButton({ gate, verdict, until, onUndone, onRefused }: Props) {
  const left = () => Math.max(0, Math.ceil((until - gate.now()) / 1000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    setSeconds(left())
    const every = setInterval(() => setSeconds(left()), 500)
    return () => clearInterval(every)
  }, [until])
  if (seconds === 0) return null
  return (
    <button
      type="button"
      onClick={() => takeBack(gate, verdict).then(onUndone, (problem: unknown) => onRefused(refusalInFrench(problem)))}
    >
      Annuler cette entrée ({seconds}
      {HARD}s)
    </button>
  )
}
