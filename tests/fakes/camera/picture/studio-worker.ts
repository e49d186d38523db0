import { parentPort } from 'node:worker_threads'
import { createGarbageCollector } from './picture-garbage.ts'
import { createStudio } from './studio.ts'
import type { StudioDelivery, StudioOrder } from './studio-thread.ts'

// The thread of createStudioThread: draws what is ordered, one after the other.
const studio = createStudio()
const collectGarbage = createGarbageCollector()

parentPort?.on('message', ({ id, subject, at, marks, quality }: StudioOrder) => {
  studio.photograph(subject, at, marks, quality).then(
    (jpeg) => deliver({ id, jpeg }),
    (problem: unknown) => deliver({ id, problem: problem instanceof Error ? problem.message : 'not drawn' }),
  )
})

function deliver(delivery: StudioDelivery) {
  parentPort?.postMessage(delivery)
  collectGarbage()
}
