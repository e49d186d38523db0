import Type from 'typebox'
import { closed } from '../closed.ts'

const ProfileIdText = (of: string) =>
  Type.String({ pattern: '^[a-z0-9-]{1,60}$', description: `Which of firmware-config/profiles/${of} describes it` })

export const LaneDocument = closed(
  {
    lanes: Type.Array(
      closed({
        id: Type.String({ pattern: '^[a-z][a-z0-9]{0,15}$', description: 'One passage of the site: passage1' }),
        label: Type.String({ minLength: 1, maxLength: 80, description: 'As visitors know it, in French' }),
        kind: Type.Union([Type.Literal('tripod'), Type.Literal('wide')], {
          description: 'A tripod, or the wide wicket for people with reduced mobility',
        }),
        unit: Type.Optional(
          Type.String({
            pattern: '^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$',
            description: "The box that drives it. Absent: the site's own",
          }),
        ),
        reader: ProfileIdText('readers'),
        board: ProfileIdText('boards'),
      }),
      { maxItems: 8, description: 'Empty at a road site' },
    ),
  },
  'The passages of a museum',
)
export type LaneDocument = Type.Static<typeof LaneDocument>
