import { ShownCamerasDocument } from '@vigie/config-schema/configuration/camera'
import { CONFIGURATION_DOCUMENTS, DOCUMENT_SCHEMAS } from '@vigie/config-schema/configuration/configuration'
import Type, { type TSchema } from 'typebox'
import type { ConfigurationStanding, StoredReport, StoredVersion, VersionSummary } from '../store/configurations.ts'
import { differencesOf } from './difference.ts'
import { shownOf } from './entered.ts'

const at = (description: string) => Type.String({ format: 'date-time', description })

const ConfigurationDocuments = Type.Object(
  Object.fromEntries(
    CONFIGURATION_DOCUMENTS.map((name): [string, TSchema] => [
      name,
      name === 'camera' ? ShownCamerasDocument : DOCUMENT_SCHEMAS[name],
    ]),
  ),
  { $id: 'ConfigurationDocuments', description: 'One of each. Of a password only that there is one.' },
)

const ConfigurationDifference = Type.Object(
  {
    place: Type.String({ description: 'schedule.cameras[0].schedule.intervalS' }),
    before: Type.Optional(Type.Unknown()),
    after: Type.Optional(Type.Unknown()),
  },
  { $id: 'ConfigurationDifference', description: 'Without `before` it is new, without `after` it is gone.' },
)

const summary = {
  version: Type.Integer(),
  at: at('When it was made.'),
  who: Type.String({ description: 'A name, or fleet-folder: taken over from the file of the site.' }),
  note: Type.String(),
}

const ConfigurationVersionSummary = Type.Object(summary, { $id: 'ConfigurationVersionSummary' })

const ConfigurationVersionWhole = Type.Object(
  {
    ...summary,
    documents: Type.Ref('ConfigurationDocuments'),
    differences: Type.Array(Type.Ref('ConfigurationDifference'), { description: 'To the version before it.' }),
  },
  { $id: 'ConfigurationVersion' },
)

const ReportedConfiguration = Type.Object(
  {
    version: Type.Integer({ description: '0: what the box was set up with.' }),
    attempt: Type.Integer(),
    since: at("Since when it runs, by the unit's clock."),
    trying: Type.Union([Type.Integer(), Type.Null()]),
    refused: Type.Union([
      Type.Null(),
      Type.Object({
        version: Type.Integer(),
        attempt: Type.Integer(),
        at: at('When.'),
        reason: Type.String({ description: "A code of the agent's fault table." }),
        about: Type.Union([Type.String(), Type.Null()]),
      }),
    ]),
    turnedAway: Type.Union(
      [
        Type.Null(),
        Type.Object({ at: at('When.'), reason: Type.String({ description: "A code of the agent's fault table." }) }),
      ],
      {
        description:
          'What came to the unit as a set without being the word of its fleet to it now: another signer, another unit or site, an older version. Null again once a later set is confirmed.',
      },
    ),
    saidAt: at('When the unit said so, by the clock of the cloud.'),
  },
  { $id: 'ReportedConfiguration' },
)

const CONDITIONS = ['runs', 'tried', 'refused', 'awaited', 'never-heard', 'not-published'] as const
type Condition = (typeof CONDITIONS)[number]

const SiteConfiguration = Type.Object(
  {
    site: Type.String(),
    name: Type.String(),
    unit: Type.String(),
    condition: Type.Union(
      CONDITIONS.map((name) => Type.Literal(name)),
      {
        description:
          'The desired one runs; is being tried; was refused by the unit; waits for the unit; nothing was ever heard of the unit; is kept but not published, since the cloud has no key to sign with, or the password of a camera cannot be sealed yet.',
      },
    ),
    desired: Type.Ref('ConfigurationVersion'),
    reported: Type.Union([Type.Null(), Type.Ref('ReportedConfiguration')]),
    units: Type.Array(
      Type.Object({
        unit: Type.String(),
        condition: Type.Enum([...CONDITIONS]),
        runs: Type.Union([Type.Integer(), Type.Null()], { description: 'The version that it says it runs.' }),
      }),
      { description: 'Every box of the site; the condition of the site is that of the box that is furthest from it.' },
    ),
    differences: Type.Array(Type.Ref('ConfigurationDifference'), {
      description: 'From what the unit runs to what is desired; empty where that is not known.',
    }),
  },
  { $id: 'SiteConfiguration' },
)

export const CONFIGURATION_SCHEMAS = [
  ConfigurationDocuments,
  ConfigurationDifference,
  ConfigurationVersionSummary,
  ConfigurationVersionWhole,
  ReportedConfiguration,
  SiteConfiguration,
]

const utc = (ms: number) => new Date(ms).toISOString()

export const summaryTold = ({ version, at: madeAt, who, note }: VersionSummary) => ({
  version,
  at: utc(madeAt),
  who,
  note,
})

export const versionTold = (version: StoredVersion, before: StoredVersion | undefined) => ({
  ...summaryTold(version),
  documents: shownOf(version.documents),
  differences: before === undefined ? [] : differencesOf(shownOf(before.documents), shownOf(version.documents)),
})

export const reportTold = ({ version, attempt, since, trying, refused, turnedAway, receivedAt }: StoredReport) => ({
  ...{ version, attempt, since: utc(since), trying },
  refused: refused && { ...refused, about: refused.about ?? null },
  turnedAway: turnedAway && { at: turnedAway.at, reason: turnedAway.reason },
  saidAt: utc(receivedAt),
})

/** From bad to good: a site has come as far as the unit of it that has come least far. */
const FROM_BAD_TO_GOOD: readonly Condition[] = ['refused', 'not-published', 'never-heard', 'awaited', 'tried', 'runs']

export const leastOf = (conditions: readonly Condition[]): Condition =>
  FROM_BAD_TO_GOOD.find((one) => conditions.includes(one)) ?? 'never-heard'

/** In one word, how far the desired configuration has come. */
export function conditionOf(
  { version, told }: Pick<ConfigurationStanding, 'version' | 'told'>,
  reported: StoredReport | undefined,
  isSigned: boolean,
): Condition {
  if (reported?.version === version) return 'runs'
  if (!isSigned || told?.version !== version) return 'not-published'
  if (reported === undefined) return 'never-heard'
  if (reported.trying === version) return 'tried'
  const { refused } = reported
  return refused?.version === version && refused.attempt === told.attempt ? 'refused' : 'awaited'
}
