import { Worker } from 'node:worker_threads'
import { createGarbageCollector } from './picture-garbage.ts'
import type { Marks, Studio, Subject } from './studio.ts'

export type StudioOrder = { id: number; subject: Subject; at: number; marks: Marks; quality: number }
export type StudioDelivery = { id: number; jpeg: Uint8Array } | { id: number; problem: string }

/** Waiting pictures beyond this are refused: the cameras ask for more than the machine can draw. */
const WAITING_MAX = 200

/** A drawing thread makes little that lives long; small nurseries keep a fleet's memory down. */
const NURSERY_MB = 4

export type StudioThread = Studio & { close(): Promise<void> }

/**
 * A studio in a thread of its own: the first picture of a place takes a second of a core, in which the cameras of a fleet
 * must still answer. Needs the built worker beside it; the sources alone have none.
 */
export function createStudioThread(): StudioThread {
  const worker = new Worker(new URL('./studio-worker.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
  })
  const waiting = new Map<number, { resolve(jpeg: Buffer): void; reject(problem: Error): void }>()
  const collectGarbage = createGarbageCollector()
  let orders = 0
  worker.on('message', (delivery: StudioDelivery) => {
    const order = waiting.get(delivery.id)
    waiting.delete(delivery.id)
    if ('jpeg' in delivery) {
      const { buffer, byteOffset, byteLength } = delivery.jpeg
      order?.resolve(Buffer.from(buffer, byteOffset, byteLength))
    } else order?.reject(new Error(delivery.problem))
    collectGarbage()
  })
  return {
    photograph(subject, at, marks, quality) {
      if (waiting.size >= WAITING_MAX) return Promise.reject(new Error(`${waiting.size} pictures wait to be drawn`))
      const id = ++orders
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, subject, at, marks, quality } satisfies StudioOrder)
      })
    },
    async close() {
      await worker.terminate()
      for (const { reject } of waiting.values()) reject(new Error('the studio has closed'))
      waiting.clear()
    },
  }
}
