import { AgentFault } from '../faults.ts'
import type { OutboxEvent } from './outbox.ts'

/** Says once that the disk fails, and once that it works again. */
export type DiskWord = { failed(error: unknown): void; worked(): void; isFailing(): boolean }

export function createDiskWord(tell: (event: OutboxEvent) => void): DiskWord {
  let isFailing = false
  return {
    failed(error) {
      if (isFailing) return
      isFailing = true
      const fault = error instanceof AgentFault ? error : new AgentFault('disk-failing', undefined, { cause: error })
      tell({ kind: 'disk-failing', error: fault })
    },
    worked() {
      if (!isFailing) return
      isFailing = false
      tell({ kind: 'disk-working' })
    },
    isFailing: () => isFailing,
  }
}
