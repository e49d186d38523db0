import { useEffect } from 'preact/hooks'
import { left, spent } from './journey/journey.ts'
import type { Pole } from './pole.ts'
import type { Step } from './steps/steps.ts'

/** Time is written down this often: a battery that dies takes no more than that with it. */
const EVERY_MS = 5_000

/** Counts the seconds that a step is in front of somebody: while the page is seen. */
export function useStopwatch({ book }: Pick<Pole, 'book'>, journey: string, step: Step): void {
  useEffect(() => {
    let since = document.visibilityState === 'visible' ? performance.now() : null
    const note = () => {
      if (since === null) return
      const now = performance.now()
      const seconds = (now - since) / 1000
      since = document.visibilityState === 'visible' ? now : null
      void book.change(journey, (last) => spent(last, step, seconds))
    }
    const seen = () => {
      note()
      since = document.visibilityState === 'visible' ? performance.now() : null
    }
    const timer = setInterval(note, EVERY_MS)
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
      note()
      void book.change(journey, (last) => left(last, step))
    }
  }, [book, journey, step])
}
