import type { Clock } from '@vigie/contract/clock'
import type { CommandNamed } from '@vigie/contract/command'
import type { CameraId } from '@vigie/contract/ids'
import { cancellable } from '../camera/deadline.ts'
import type { AskedFrames } from '../schedule/asked-frames.ts'
import { type Doer, done, type Outcome, refused } from './doer.ts'
import type { Orders } from './orders.ts'

/** What is asked of the cameras' plans. */
export type PlanDeps = {
  clock: Clock
  orders: Orders
  cameras: { get(camera: CameraId): Pick<AskedFrames<unknown>, 'ask'> | undefined }
  /** Told when an order was given: plans may have changed. */
  onOrder(): void
}

/** One frame of every view, done when the last has been tried. */
export function takeFrameNow({ cameras }: Pick<PlanDeps, 'cameras'>): Doer<CommandNamed<'frame-now'>> {
  return {
    refusal: ({ camera }) => (cameras.get(camera) === undefined ? 'camera-unknown' : null),
    run: ({ camera }, { signal }) =>
      cancellable(
        [signal],
        () =>
          new Promise<Outcome>((resolve) => {
            const isAsked = cameras.get(camera)?.ask((why) => resolve(why === null ? done() : refused(why)))
            if (isAsked !== true) resolve(refused('too-many-frames'))
          }),
      ),
  }
}

export function watchClosely({ orders, onOrder }: PlanDeps): Doer<CommandNamed<'watch-closely'>> {
  return {
    run({ minutes }) {
      orders.watchFor(minutes)
      onOrder()
      return done()
    },
  }
}

export function beThrifty({ clock, orders, onOrder }: PlanDeps): Doer<CommandNamed<'thrifty'>> {
  return {
    run({ on, until }) {
      if (!on) orders.beUsual()
      else orders.beThrifty(until === undefined ? null : Math.max(0, Date.parse(until) - clock.now()))
      onOrder()
      return done()
    },
  }
}
