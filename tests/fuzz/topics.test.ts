import { readFileSync } from 'node:fs'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic, mayPublish, mayRetain, maySubscribe, type Principal, parseTopic } from '@vigie/contract/topics'
import { expect, test } from 'vitest'
import { fuzz, pick } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'

const samples = readFileSync(new URL('../../gateway-broker/contract/samples/topics.txt', import.meta.url), 'utf8')
const SOUND = samples.trim().split('\n')
const LEVELS = [
  '',
  '+',
  '#',
  '..',
  '$share',
  '$SYS',
  'vigie',
  '1',
  '2',
  'constructor',
  '__proto__',
  'é',
  '\u0000',
  '\ud800',
]

test('no text gets a unit beyond its own topics, and nothing but a topic that could be built is one', async () => {
  const allowed = { publish: 0, subscribe: 0, retain: 0 }
  await fuzz((random) => {
    const [first = '', second = ''] = [pick(random, SOUND), pick(random, SOUND)]
    const parsed = parseTopic(first)
    if (!parsed.ok) throw new Error(`the sample ${first} does not parse`)
    const { site, unit } = parsed.value
    const text = mutated(random() < 0.3 ? mixed(first, second, random) : first, random)

    const again = parseTopic(text)
    if (again.ok) expect(buildTopic(again.value)).toBe(text)
    const own: Principal = { role: 'unit', site, unit }
    const stranger: Principal = { role: 'unit', site: 'ailleurs' as SiteId, unit: 'vg-9999' as UnitId }
    for (const party of [own, stranger]) {
      const isOwn = text.startsWith(`vigie/1/${party.site}/${party.unit}/`)
      if (mayPublish(party, text)) {
        expect(again.ok && isOwn).toBe(true)
        allowed.publish += 1
      }
      if (maySubscribe(party, text)) {
        expect(isOwn).toBe(true)
        allowed.subscribe += 1
      }
    }
    expect(mayPublish(own, text) && mayPublish({ role: 'cloud' }, text)).toBe(false)
    if (mayRetain(text)) {
      expect(again.ok && ['presence', 'desired'].includes(again.value.what)).toBe(true)
      allowed.retain += 1
    }
  })
  console.log(allowed)
})

const mixed = (one: string, other: string, random: () => number) => {
  const levels = other.split('/')
  return one
    .split('/')
    .map((level, index) => (random() < 0.5 ? level : (levels[index] ?? level)))
    .join('/')
}

function mutated(topic: string, random: () => number): string {
  const way = random()
  if (way < 0.1) return topic
  if (way < 0.5) return mutateBytes(Buffer.from(topic), random).toString()
  const levels = topic.split('/')
  return levels.with(Math.floor(random() * levels.length), pick(random, LEVELS)).join('/')
}
