import { between, pick } from './fuzz.ts'

const ODD = [
  '',
  ' ',
  '-1',
  '99999999999999999999',
  'NaN',
  'true',
  '&lt;x&gt;',
  '&#0;',
  '\u202e',
  '\'"',
  'http://[',
  'rtsp://',
  'x'.repeat(5_000),
]
const NAMES = ['__proto__', 'constructor', 'toString', 'Envelope', 'Body', 'Fault', 'Text', 'Uri', 'XAddr', 'xmlns']

type Mutation = (xml: string, random: () => number) => string

const MUTATIONS: readonly Mutation[] = [
  /* a text is odd */
  (xml, random) => replaced(xml, />[^<>]+</g, random, () => `>${pick(random, ODD)}<`),
  /* an attribute is odd */
  (xml, random) => replaced(xml, /="[^"]*"/g, random, () => `="${pick(random, ODD).replaceAll('"', '&quot;')}"`),
  /* a tag is missing */
  (xml, random) => replaced(xml, /<[^<>]+>/g, random, () => ''),
  /* a tag stands often */
  (xml, random) => replaced(xml, /<[^<>]+>/g, random, (tag) => tag.repeat(between(random, 2, 200))),
  /* an element without children is missing, or stands twice */
  (xml, random) =>
    replaced(xml, /<([\w:.-]+)(?:\s[^<>]*)?>[^<>]*<\/\1>/g, random, (one) => (random() < 0.5 ? '' : one + one)),
  /* a name is another */
  (xml, random) => replaced(xml, /(?<=<\/?[\w.-]+:)[\w.-]+/g, random, () => pick(random, NAMES)),
  /* something that no answer has */
  (xml, random) =>
    replaced(
      xml,
      /></g,
      random,
      () => `>${pick(random, ['<!DOCTYPE a [<!ENTITY b "c">]>', '<![CDATA[', '<!--', '<?x', '&b;', '\0'])}<`,
    ),
]

/** An XML text made wrong in one to three places: as a text that a parser may still take, of another shape. */
export function mutateXml(xml: string, random: () => number): string {
  let mutated = xml
  for (let count = between(random, 1, 3); count > 0; count -= 1) mutated = pick(random, MUTATIONS)(mutated, random)
  return mutated
}

/** One of the places that fit, changed. */
function replaced(xml: string, fits: RegExp, random: () => number, change: (found: string) => string): string {
  const places = [...xml.matchAll(fits)]
  if (places.length === 0) return xml
  const { 0: found, index } = pick(random, places)
  return xml.slice(0, index) + change(found) + xml.slice(index + found.length)
}
