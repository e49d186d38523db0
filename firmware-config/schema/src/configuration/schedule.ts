import Type from 'typebox'
import { closed } from '../closed.ts'
import { CameraIdText, ScheduleDocument } from '../site-document.ts'

export const SchedulesDocument = closed(
  {
    cameras: Type.Array(closed({ camera: CameraIdText, schedule: ScheduleDocument }), {
      maxItems: 8,
      description: 'One for each camera',
    }),
  },
  'How often each camera is asked for a picture',
)
export type SchedulesDocument = Type.Static<typeof SchedulesDocument>
