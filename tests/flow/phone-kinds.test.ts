import { TONES } from '@vigie/console/portillon/sound/tones'
import { APPEARANCES, type Look } from '@vigie/contract/gate/words'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { button, FILMED, type GatePage, openGatePage, SOON, typeCode, verdict } from './gate-page.ts'

/** What phones differ in: what they sound like, and whether their browser reads codes itself. */
let gate: GatePage
beforeAll(async () => {
  gate = await openGatePage()
})
afterAll(() => gate?.close())

/** What a phone gave out, as its browser was told to. */
type Heard = { hz: number; atS: number; forS: number }
type Listening = Window & { heard: Heard[]; shakes: string[]; contexts: AudioContext[]; loudest: number }

/** Listens to what the page really plays: the nodes that it starts, and the level that comes out of them. */
const listen = (context: BrowserContext) =>
  context.addInitScript(() => {
    const own: Pick<Listening, 'heard' | 'shakes' | 'contexts' | 'loudest'> = {
      ...{ heard: [], shakes: [], contexts: [], loudest: 0 },
    }
    const listening = Object.assign(window, own)
    const { start, stop } = AudioScheduledSourceNode.prototype
    const begun = new Map<AudioScheduledSourceNode, Heard>()
    OscillatorNode.prototype.start = function (at = 0) {
      const note = { hz: this.frequency.value, atS: at, forS: 0 }
      begun.set(this, note)
      listening.heard.push(note)
      start.call(this, at)
    }
    OscillatorNode.prototype.stop = function (at = 0) {
      const note = begun.get(this)
      if (note !== undefined) note.forS = at - note.atS
      stop.call(this, at)
    }
    const connect = AudioNode.prototype.connect as (to: AudioNode) => AudioNode
    AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
      const { context: played } = this
      if (to === played.destination && played instanceof AudioContext) {
        if (!listening.contexts.includes(played)) listening.contexts.push(played)
        const meter = played.createAnalyser()
        // A third of a second: a tone is seen although the page is slow to look.
        meter.fftSize = 16_384
        connect.call(this, meter)
        const level = new Float32Array(meter.fftSize)
        const every = setInterval(() => {
          meter.getFloatTimeDomainData(level)
          listening.loudest = Math.max(listening.loudest, ...level)
        }, 100)
        setTimeout(() => clearInterval(every), 2_000)
      }
      return connect.call(this, to)
    } as typeof AudioNode.prototype.connect
    navigator.vibrate = (pattern) => {
      listening.shakes.push(String(pattern))
      return true
    }
  })

describe('what a phone of the staff gives out', () => {
  test('G23: a word, a sign, a tone and a shake of its own for each kind of answer, sounded once somebody has touched it', async () => {
    const { context, page } = await gate.openPhone('p-1', listen)
    const { signer } = gate.museum
    const given = () =>
      page.evaluate(() => {
        const { heard, shakes, loudest, contexts } = window as unknown as Listening
        return { heard, shakes, loudest, states: contexts.map(({ state }) => state) }
      })
    await typeCode(page, signer.ticket('00000000000000d0'))
    await page.locator('.verdict[data-look="go"]').waitFor(SOON)
    expect((await given()).heard).toEqual([])
    await button(page, 'Commencer à scanner').click()
    await expect.poll(async () => (await given()).heard.length, SOON).toBeGreaterThan(0)

    const flags = { reentry: false, perDay: false, companion: false, soldAtTill: false, proof: true }
    const tomorrow = Math.floor((gate.museum.now() - Date.UTC(2020, 0, 1)) / 86_400_000) + 1
    const codes: Record<Look, string> = {
      go: signer.ticket('00000000000000d1'),
      attention: signer.ticket('00000000000000d2', { flags }),
      wait: signer.ticket('00000000000000d3', { firstDay: tomorrow }),
      stop: signer.ticket('00000000000000d1'),
    }
    const shown: {
      look: Look
      words: string | null
      sign: string | null
      notes: Heard[]
      shake: string | undefined
    }[] = []
    for (const look of ['go', 'attention', 'wait', 'stop'] as const) {
      const before = (await given()).heard.length
      await typeCode(page, codes[look])
      // The answer before may look the same: it has sounded already.
      await expect.poll(async () => (await given()).heard.length, SOON).toBeGreaterThan(before)
      await page.locator(`.verdict[data-look="${look}"]`).waitFor(SOON)
      const { heard, shakes } = await given()
      shown.push({
        ...{ look, notes: heard.slice(before), shake: shakes.at(-1) },
        words: await verdict(page).textContent(),
        sign: await page.locator('.verdict .sign path').getAttribute('d'),
      })
    }
    for (const { look, notes } of shown) {
      const written = TONES[APPEARANCES[look].tone]
      expect(notes.map(({ hz }) => hz)).toEqual(written.map(({ hz }) => hz))
      for (const [index, note] of notes.entries()) {
        expect(note.atS - (notes[0]?.atS ?? 0), look).toBeCloseTo(written[index]?.fromS ?? -1, 2)
        expect(note.forS, look).toBeCloseTo(written[index]?.forS ?? -1, 2)
      }
    }
    for (const part of ['words', 'sign', 'shake'] as const) {
      expect(new Set(shown.map((one) => one[part])).size, part).toBe(shown.length)
    }
    expect((await given()).states).toEqual(['running'])
    await expect.poll(async () => (await given()).loudest, SOON).toBeGreaterThan(0.05)
    await context.close()
  })
})

describe('a phone whose browser', () => {
  /** Chromium has no reader of codes on Linux: an object of that interface stands in, and the page must choose it itself. */
  const withReader = (context: BrowserContext, code: string | null) =>
    context.addInitScript((text) => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code', 'ean_13']
        readonly formats: readonly string[]
        constructor({ formats }: { formats: readonly string[] }) {
          if (formats.length === 0) throw new TypeError('no formats')
          this.formats = formats
        }
        async detect(from: unknown) {
          if (text === null) throw new DOMException('Barcode detection service unavailable.', 'NotSupportedError')
          if (!(from instanceof HTMLVideoElement) || from.videoWidth === 0) throw new TypeError('no picture')
          if (this.formats.join() !== 'qr_code') throw new TypeError('asked for what it does not know')
          return [{ rawValue: text, format: 'qr_code', boundingBox: new DOMRect(), cornerPoints: [] }]
        }
      }
      Object.assign(window, { BarcodeDetector })
    }, code)

  test('reads codes itself: that reader is taken, and the page loads none of its own', async () => {
    const code = gate.museum.signer.ticket('00000000000000e1')
    const { context, page } = await gate.openPhone('p-2', (made) => withReader(made, code))
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(request.url()))
    await button(page, 'Commencer à scanner').click()
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Bienvenue')
    expect(ticketsLetIn()).toEqual(expect.arrayContaining(['00000000000000e1']))
    expect(loaded.filter((url) => url.endsWith('.wasm'))).toEqual([])
    await context.close()
  })

  test('only says that it reads codes: the page’s own reader takes over, and the ticket is read', async () => {
    const { context, page } = await gate.openPhone('p-3', (made) => withReader(made, null))
    await button(page, 'Commencer à scanner').click()
    await expect.poll(() => verdict(page).textContent(), SOON).toMatch(/Bienvenue|Déjà utilisé/)
    expect(ticketsLetIn()).toContain(FILMED)
    await context.close()
  })

  test('has complained of nothing', () => {
    expect(gate.complaints).toEqual([])
  })
})

const ticketsLetIn = () =>
  gate.museum
    .museum()
    .ledger.after(0, null, 1_000)
    .flatMap(({ row: { body } }) => (body.kind === 'decision' && body.outcome === 'ok' ? [body.ticket] : []))
