import type { ReadonlySignal } from '@preact/signals'
import type { PoseCloud } from './cloud/pose-cloud.ts'
import type { Book } from './journey/book.ts'
import { entered, type Journey, withOutgoing } from './journey/journey.ts'
import type { Kept } from './journey/kept.ts'
import type { Link } from './journey/send-outgoing.ts'
import type { Secrets } from './steps/chosen-cameras.ts'
import type { Step } from './steps/steps.ts'

/** What every screen at the pole has at hand. */
export type Pole = {
  cloud: PoseCloud
  book: Book
  kept: Kept
  link: ReadonlySignal<Link>
  secrets: Secrets
  now: () => number
  newId: () => string
}

export type StepProps = { pole: Pole; journey: Journey; onDone: () => void }

/** Keeps what was entered in a step, and has it sent. */
export const enter = (
  { book, now }: Pole,
  { id }: Journey,
  step: Step,
  what: { entered: Record<string, unknown>; isDone: boolean },
): Promise<void> => book.change(id, (journey) => entered(journey, step, { ...what, at: now() }))

/** Has the site become what was chosen and drawn, as it stands when it is sent. */
export async function configure({ book }: Pole, { id, site }: Journey): Promise<void> {
  if (site === null) return
  await book.change(id, (journey) => withOutgoing(journey, { kind: 'configuration', site: site.id }))
}
