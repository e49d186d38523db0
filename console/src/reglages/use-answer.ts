import { useCallback, useEffect, useState } from 'preact/hooks'
import { refusalInWords } from '../office/refusal-words.ts'

export type Answer<Value> = { value: Value | null; refusal: string | null; again: () => void }

/** Asks when it is first shown, and again when it is told to; what stands there stays until the next answer. */
export function useAnswer<Value>(ask: () => Promise<Value>, on: readonly unknown[]): Answer<Value> {
  const [value, setValue] = useState<Value | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isWanted = true
    ask().then(
      (answer) => {
        if (!isWanted) return
        setValue(answer)
        setRefusal(null)
      },
      (problem: unknown) => {
        if (isWanted) setRefusal(refusalInWords(problem))
      },
    )
    return () => {
      isWanted = false
    }
  }, [...on, turn])
  return { value, refusal, again: useCallback(() => setTurn((before) => before + 1), []) }
}
