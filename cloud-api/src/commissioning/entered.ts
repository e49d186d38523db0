import { RelativePoint } from '@vigie/config-schema/site-document'
import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { CommissioningStep } from '../store/commissionings.ts'
import type { StepName } from './steps.ts'

/*
 * What the checks read of what was entered. A step may hold anything else beside it, for whoever fills it in; what does
 * not have these shapes is as if nobody had entered it.
 */

const Polygon = Type.Array(RelativePoint, { minItems: 3, maxItems: 64 })

/** A known length across the picture at one height: the width of the road from edge to edge. */
export const Measure = Type.Object({
  /** Height in the picture, 0 at its top, 1 at its bottom. */
  y: Type.Number({ minimum: 0, maximum: 1 }),
  /** Where the length begins and ends, 0 at the left, 1 at the right. */
  from: Type.Number({ minimum: 0, maximum: 1 }),
  to: Type.Number({ minimum: 0, maximum: 1 }),
  metres: Type.Number({ exclusiveMinimum: 0, maximum: 200 }),
})
export type Measure = Static<typeof Measure>

/** `masks`: of each view, by `<camera>/<preset>`. */
const EnteredMasks = Type.Object({
  views: Type.Record(
    Type.String(),
    Type.Object({
      roadZone: Type.Optional(Polygon),
      /** Two of them at different heights give the scale of the road in the whole picture. */
      measures: Type.Optional(Type.Array(Measure, { maxItems: 8 })),
      zones: Type.Optional(Type.Array(Type.Object({ label: Type.String(), polygon: Polygon }), { maxItems: 32 })),
    }),
  ),
})

/** `site`: where the phone says that it is. */
const EnteredSite = Type.Object({
  position: Type.Optional(
    Type.Object({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
      accuracyM: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
})

/** What the checks know of the steps. */
export type Entered = {
  masks: Static<typeof EnteredMasks> | null
  site: Static<typeof EnteredSite> | null
}

export function enteredIn(steps: readonly CommissioningStep[]): Entered {
  return { masks: read(steps, 'masks', EnteredMasks), site: read(steps, 'site', EnteredSite) }
}

function read<Schema extends TSchema>(
  steps: readonly CommissioningStep[],
  name: StepName,
  schema: Schema,
): Static<Schema> | null {
  const step = steps.find((one) => one.step === name)
  if (step === undefined) return null
  const value: unknown = JSON.parse(step.entered)
  return Value.Check(schema, value) ? value : null
}
