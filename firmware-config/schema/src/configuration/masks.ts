import Type from 'typebox'
import { closed } from '../closed.ts'
import { CameraIdText, MaskDocument, PresetIdText } from '../site-document.ts'

export const MasksDocument = closed(
  {
    views: Type.Array(closed({ camera: CameraIdText, preset: PresetIdText, masks: MaskDocument }), {
      maxItems: 128,
      description: 'A view that is not here sends nothing',
    }),
  },
  'What is hidden in each view',
)
export type MasksDocument = Type.Static<typeof MasksDocument>
