import { describe, expect, test } from 'vitest'
import { Refused } from '../../api/refused.ts'
import { createBook } from './book.ts'
import { entered, type Journey, journeyOf, type Outgoing, withOutgoing } from './journey.ts'
import { type Link, sendOutgoing } from './send-outgoing.ts'

const binding: Outgoing = { kind: 'binding', claim: 'secret', site: 'annot' }
const beginning: Outgoing = { kind: 'beginning', site: 'annot', unit: 'vg-0001' }
const entry = (at: number, text: string) => ({ entered: { text }, isDone: true, at })

/** A cloud that answers as it is told, in order; then always yes. */
function start(journey: Journey, answers: (Error | 'yes')[] = []) {
  const asked: string[] = []
  const links: Link[] = []
  const kept: Journey[] = []
  const stop = new AbortController()
  const book = createBook({ put: async (one) => void kept.push(one), forget: async () => {} }, [journey])
  const answer = async (what: string) => {
    asked.push(what)
    const next = answers.shift() ?? 'yes'
    if (next !== 'yes') throw next
  }
  const cloud = {
    addSite: () => answer('site'),
    replace: ({ oldUnitEnds }: { oldUnitEnds: string }) => answer(`replace ${oldUnitEnds}`),
    bindClaim: () => answer('bind'),
    begin: async () => {
      await answer('begin')
      return { id: 'there', steps: [] }
    },
    configure: () => answer('configure'),
    enterStep: (id: string, step: string, { entered: what }: { entered: Record<string, unknown> }) =>
      answer(`${id} ${step} ${what['text']}`),
    addPhoto: (_id: string, photo: { id: string }) => answer(`photo ${photo.id}`),
  }
  const photo = async (id: string) => ({ id, journey: 'here', caption: '', takenAt: 0, jpeg: new Blob() })
  const pause = async () => {}
  const deps = { book, kept: { photo }, cloud, secrets: new Map(), pause, random: () => 0, now: () => 1e9 }
  const ended = sendOutgoing({ ...deps, onLink: (link) => void links.push(link) }, stop.signal)
  const settled = async () => {
    while ((book.of('here')?.outgoing.length ?? 0) > 0) await book.changed(stop.signal)
    stop.abort()
    await ended
    return book.of('here')
  }
  return { asked, links, kept, book, settled }
}

const here = () => entered(withOutgoing({ ...journeyOf('here', 0), claim: 'secret' }, beginning), 'site', entry(1, 'x'))

describe('what waits on the phone', () => {
  test('is sent in its order, each once, and the claim is forgotten when it is with the authority', async () => {
    const { asked, settled } = start(withOutgoing(here(), binding))
    expect(await settled()).toMatchObject({ commissioning: 'there', claim: null, outgoing: [], refusals: [] })
    expect(asked).toEqual(['bind', 'begin', 'there site x'])
  })

  test('begins with the replacement, without which the site would not let the box in', async () => {
    const wish = { reason: 'Il a été volé', oldUnitEnds: 'at-once' } as const
    const replacement: Outgoing = { kind: 'replacement', site: 'annot', unit: 'vg-0001', ...wish }
    const { asked, settled } = start(withOutgoing(withOutgoing(here(), binding), replacement), [
      new TypeError('network'),
    ])
    await settled()
    expect(asked).toEqual(['replace at-once', 'replace at-once', 'bind', 'begin', 'there site x'])
  })

  test('is sent again while nothing answers, and while the cloud has a fault or too much to do', async () => {
    const answers = [new TypeError('network'), new Refused(503), new Refused(429), 'yes'] as const
    const { asked, links, settled } = start(here(), [...answers])
    await settled()
    expect(asked).toEqual(['begin', 'begin', 'begin', 'begin', 'there site x'])
    expect(links.slice(0, 4)).toEqual(['down', 'down', 'down', 'up'])
  })

  test('waits for somebody to sign in, and loses nothing meanwhile', async () => {
    const { links, settled } = start(here(), [new Refused(401)])
    expect(await settled()).toMatchObject({ outgoing: [], refusals: [] })
    expect(links[0]).toBe('signed-out')
  })

  test('that was refused is told in French, and does not hold up the rest', async () => {
    const no = new Refused(409, 'used', { type: 'urn:vigie:problem:claim-refused', reason: 'second-use' })
    const { asked, settled } = start(withOutgoing(here(), binding), [no])
    const journey = await settled()
    expect(asked).toEqual(['bind', 'begin', 'there site x'])
    expect(journey?.refusals).toMatchObject([{ outgoing: { kind: 'binding' }, status: 409 }])
    expect(journey?.refusals[0]?.detail).toContain('Ce code a déjà servi')
  })

  test('that was chosen anew while the choice before was under way is sent too, be it taken or refused', async () => {
    const masks: Outgoing = { kind: 'configuration', site: 'annot' }
    for (const answer of ['yes', new Refused(422)] as const) {
      const begun = withOutgoing({ ...journeyOf('here', 0), commissioning: 'there' }, masks)
      const { asked, book, settled } = start(begun, [answer])
      await book.change('here', (journey) => withOutgoing(journey, { ...masks }))
      expect(await settled()).toMatchObject({ outgoing: [], refusals: [] })
      expect(asked).toEqual(['configure', 'configure'])
    }
  })

  test('is kept with every change, so that a phone that dies goes on from there', async () => {
    const { kept, settled } = start(here())
    await settled()
    expect(kept.map(({ outgoing }) => outgoing.map(({ kind }) => kind))).toEqual([['step'], []])
  })
})
