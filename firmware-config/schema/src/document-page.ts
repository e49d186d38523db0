import type { TSchema } from 'typebox'
import { CameraProfile } from './camera-profile.ts'
import { CONFIGURATION_DOCUMENTS, DOCUMENT_SCHEMAS } from './configuration/configuration.ts'
import { BoardProfile, ReaderProfile } from './lane-profiles.ts'
import { SiteDocument } from './site-document.ts'

/** What stands in one place of a document; `path` as problems name it, with [] for each of a list. */
export type DocumentField = { path: string; isOptional: boolean; value: string; meaning: string }

/** A schema as it is written: JSON Schema, of which documents use no more than this. */
type Written = {
  type?: string
  description?: string
  properties?: Record<string, Written>
  required?: string[]
  items?: Written | Written[]
  anyOf?: Written[]
  const?: unknown
  pattern?: string
} & Partial<Record<'minimum' | 'maximum' | 'minLength' | 'maxLength' | 'minItems' | 'maxItems', number>>

const written = (schema: TSchema) => schema as Written // typebox's own form is JSON Schema

/** All fields of a document, in its order, those of an object behind it. */
export function fieldsOf(schema: TSchema): DocumentField[] {
  return membersOf(written(schema), '')
}

function membersOf({ properties = {}, required = [] }: Written, above: string): DocumentField[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const each = field.type === 'array' && !Array.isArray(field.items) ? field.items : undefined
    const path = `${above}${name}${each === undefined ? '' : '[]'}`
    const meaning = field.description ?? each?.description ?? ''
    const own = { path, isOptional: !required.includes(name), value: valueInWords(name, field), meaning }
    return [own, ...membersOf(each ?? field, `${path}.`)]
  })
}

/** Units stand at the end of a name. */
const UNITS: [RegExp, string][] = [
  [/Ms$/, 'ms'],
  [/S$/, 's'],
  [/Px$/, 'px'],
  [/M$/, 'm'],
  [/BytesPerHour$/, 'bytes an hour'],
]

function valueInWords(name: string, field: Written): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``
  if (field.anyOf !== undefined) return field.anyOf.map((one) => valueInWords(name, one)).join(', ')
  switch (field.type) {
    case 'object':
      return 'object'
    case 'array': {
      if (Array.isArray(field.items))
        return `${field.items.length} values, each a ${valueInWords('', field.items[0] ?? {})}`
      const items = field.items?.type === 'object' ? '' : `; in each place ${valueInWords('', field.items ?? {})}`
      return `list${range(field.minItems, field.maxItems, '')}${items}`
    }
    case 'string':
      return field.pattern === undefined
        ? `text${range(field.minLength, field.maxLength, 'characters')}`
        : `text matching \`${field.pattern}\``
    case 'integer':
    case 'number': {
      const unit = UNITS.find(([end]) => end.test(name))?.[1] ?? ''
      return `${field.type === 'integer' ? 'whole number' : 'number'}${range(field.minimum, field.maximum, unit)}`
    }
    default:
      return field.type === 'boolean' ? '`true`, `false`' : ''
  }
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return ''
  const bounds =
    least === undefined ? `at most ${most}` : most === undefined ? `at least ${least}` : `${least} to ${most}`
  return `, ${bounds} ${unit}`.trimEnd()
}

const CHAPTERS: { title: string; schema: TSchema; lead?: string }[] = [
  {
    title: 'Site document',
    schema: SiteDocument,
    lead: 'Everything that is planned for one site. One file in `sites/` or `museums/`, named `<id>.json`.',
  },
  ...CONFIGURATION_DOCUMENTS.map((name) => ({ title: `Told to a unit: ${name}`, schema: DOCUMENT_SCHEMAS[name] })),
  { title: 'Camera profile', schema: CameraProfile },
  { title: 'Reader profile', schema: ReaderProfile },
  { title: 'Board profile', schema: BoardProfile },
]

/** The page firmware-config/DOCUMENTS.md. */
export function describeDocuments(): string {
  const chapters = CHAPTERS.map(({ title, schema, lead }) => {
    const about = lead ?? `${written(schema).description ?? ''}.`
    const rows = fieldsOf(schema).map(
      ({ path, isOptional, value, meaning }) =>
        `| \`${path}\` | ${isOptional ? '' : 'yes'} | ${cell(value)} | ${cell(meaning)} |`,
    )
    const head = ['| field | must be | value | meaning |', '|---|---|---|---|']
    return [`## ${title}`, '', about, '', ...head, ...rows, ''].join('\n')
  })
  return [HEAD, ...chapters].join('\n')
}

const HEAD = `# The documents, field by field

Made from the schemas in \`schema/src/\` by \`npm run generate -w @vigie/config-schema\`; not edited by hand. A field that is not
listed is a mistake; so is a value outside its bounds. Checks that go over several fields or documents stand in
\`schema/src/documents.ts\` and \`schema/src/configuration/configuration.ts\`.
`

/** A bar would end a cell. */
const cell = (text: string) => text.replaceAll('|', '\\|')
