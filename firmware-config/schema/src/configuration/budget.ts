import Type from 'typebox'
import { closed } from '../closed.ts'

export const BudgetDocument = closed(
  {
    historyBytesPerHour: Type.Optional(
      Type.Integer({
        minimum: 100_000,
        maximum: 10_000_000_000,
        description:
          'After an outage: bytes of frames older than the newest of their view that may leave in an hour. Absent: as many as there are',
      }),
    ),
  },
  'What the unit may spend of its SIM',
)
export type BudgetDocument = Type.Static<typeof BudgetDocument>
