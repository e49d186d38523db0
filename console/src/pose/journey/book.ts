import { type ReadonlySignal, signal } from '@preact/signals'
import type { Journey } from './journey.ts'
import type { Kept } from './kept.ts'

/** Every journey of this phone, as it stands; what changes is shown at once and kept right after. */
export type Book = {
  journeys: ReadonlySignal<readonly Journey[]>
  /** True when the phone could not keep the last change: its disk is full, or its owner forbids it. */
  isForgetful: ReadonlySignal<boolean>
  of(id: string): Journey | undefined
  add(journey: Journey): Promise<void>
  /** Changes a journey by what it is at that moment. Nothing, where there is none any more. */
  change(id: string, change: (journey: Journey) => Journey): Promise<void>
  forget(id: string): Promise<void>
  /** Resolves with the next change of any. */
  changed(signal: AbortSignal): Promise<void>
}

export function createBook(kept: Pick<Kept, 'put' | 'forget'>, known: readonly Journey[]): Book {
  const journeys = signal(known)
  const isForgetful = signal(false)
  const changes = new EventTarget()
  /** Writes of one journey follow one another. */
  let written: Promise<void> = Promise.resolve()

  function write(work: () => Promise<void>): Promise<void> {
    written = written.then(work).then(
      () => {
        isForgetful.value = false
      },
      () => {
        isForgetful.value = true
      },
    )
    changes.dispatchEvent(new Event('change'))
    return written
  }

  return {
    journeys,
    isForgetful,
    of: (id) => journeys.peek().find((journey) => journey.id === id),
    add: (journey) => {
      journeys.value = [...journeys.peek(), journey]
      return write(() => kept.put(journey))
    },
    change: async (id, change) => {
      const before = journeys.peek().find((journey) => journey.id === id)
      if (before === undefined) return
      const after = change(before)
      if (after === before) return
      journeys.value = journeys.peek().map((journey) => (journey.id === id ? after : journey))
      await write(() => kept.put(after))
    },
    forget: (id) => {
      journeys.value = journeys.peek().filter((journey) => journey.id !== id)
      return write(() => kept.forget(id))
    },
    changed: (until) =>
      new Promise((resolve) => {
        const done = () => {
          changes.removeEventListener('change', done)
          until.removeEventListener('abort', done)
          resolve()
        }
        changes.addEventListener('change', done)
        until.addEventListener('abort', done)
        if (until.aborted) done()
      }),
  }
}
