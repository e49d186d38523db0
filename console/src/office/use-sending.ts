import { useCallback, useState } from 'preact/hooks'
import { refusalInWords } from './refusal-words.ts'

export type Sending = {
  isSending: boolean
  /** What went wrong with the last one, in French; null: nothing. */
  refusal: string | null
  /** Does it, unless one is under way; what it throws becomes `refusal`. */
  send: (work: () => Promise<void>) => void
}

/** For a form: one request at a time, and a sentence when it fails. */
export function useSending(): Sending {
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const send = useCallback(
    (work: () => Promise<void>) => {
      if (isSending) return
      setSending(true)
      setRefusal(null)
      work()
        .catch((problem: unknown) => setRefusal(refusalInWords(problem)))
        .finally(() => setSending(false))
    },
    [isSending],
  )
  return { isSending, refusal, send }
}
