import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { discoverCameras } from './discover-cameras.ts'
import type { DiscoveredCamera } from './discovery-answer.ts'

const never = new AbortController().signal
let uuids = 0
const newUuid = () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`

const match = (id: string, addresses: string, scopes = '') =>
  `<d:ProbeMatch><a:EndpointReference><a:Address>${id}</a:Address></a:EndpointReference>` +
  `<d:Scopes>${scopes}</d:Scopes><d:XAddrs>${addresses}</d:XAddrs></d:ProbeMatch>`
const answerTo = (question: string, matches: string) => {
  const id = /MessageID>([^<]*)</.exec(question)?.[1] ?? ''
  return (
    `<s:Envelope xmlns:s="s" xmlns:a="a" xmlns:d="d"><s:Header><a:RelatesTo>${id}</a:RelatesTo></s:Header>` +
    `<s:Body><d:ProbeMatches>${matches}</d:ProbeMatches></s:Body></s:Envelope>`
  )
}
const LAST = match('urn:last', 'http://127.0.0.1/last')

/**
 * Devices on loopback give these answers to each question, and one more at last; datagrams of one socket arrive in order,
 * so the wait is over when that one is found. Loopback needs no multicast, and nobody else's network is asked.
 */
async function discoverThose(answers: (question: string) => (string | Buffer)[]) {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  const questions: string[] = []
  socket.on('message', (message, { port, address }) => {
    const question = message.toString()
    questions.push(question)
    for (const answer of [...answers(question), answerTo(question, LAST)]) socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const found: DiscoveredCamera[] = []
  let ready: () => void = () => undefined
  const lastFound = new Promise<void>((resolve) => {
    ready = resolve
  })
  const onFound = (camera: DiscoveredCamera) => {
    found.push(camera)
    if (camera.url.endsWith('/last')) ready()
  }
  const time = { now: () => 0, monotonicMs: () => 0, wait: () => lastFound }
  const options = {
    from: ['127.0.0.1'],
    withinMs: 1,
    onFound,
    group: { address: '127.0.0.1', port: socket.address().port },
  }
  const list = await discoverCameras(options, { time, newUuid }, never)
  expect(list).toEqual(found)
  return { found: found.slice(0, -1), questions }
}

describe('discoverCameras', () => {
  test('lists each camera once, with the name and the model it gives', async () => {
    const scopes =
      'onvif://www.onvif.org/type/video onvif://www.onvif.org/name/Col%20d%27Allos onvif://www.onvif.org/Hardware/X-1'
    const { found } = await discoverThose((question) =>
      [1, 2].map(() => answerTo(question, match('urn:1', 'http://127.0.0.1:81/onvif/device_service', scopes))),
    )
    expect(found).toEqual([
      { url: 'http://127.0.0.1:81/onvif/device_service', name: "Col d'Allos", model: 'X-1', endpoint: 'urn:1' },
    ])
  })

  test('takes the address on the host that answered, and brings any other back to it', async () => {
    const { found } = await discoverThose((question) => [
      answerTo(question, match('urn:1', 'http://198.51.100.1/a http://127.0.0.1:82/b https://[2001:db8::1]/c')),
      answerTo(question, match('urn:2', 'http://evil.example:81/device')),
    ])
    expect(found.map(({ url }) => url)).toEqual(['http://127.0.0.1:82/b', 'http://127.0.0.1/device'])
  })

  test('reads several devices in one answer', async () => {
    const { found } = await discoverThose((question) => [
      answerTo(question, match('urn:1', 'http://127.0.0.1/1') + match('urn:2', 'http://127.0.0.1/2')),
    ])
    expect(found).toHaveLength(2)
  })

  test('leaves out what is broken, hostile, or answers another question', async () => {
    const { found } = await discoverThose((question) => [
      '',
      '<',
      Buffer.from([0xff, 0xfe, 0]),
      '<s:Envelope><s:Body/></s:Envelope>',
      answerTo('', match('urn:1', 'http://127.0.0.1/not-ours')),
      answerTo(question, match('urn:2', 'javascript:alert(1) file:///etc/passwd')),
      answerTo(question, match('urn:3', '')),
      answerTo(question, '<d:ProbeMatch/>'),
      answerTo(question, match('urn:4', 'http://127.0.0.1/long', 'x'.repeat(20_000))),
      answerTo(question, '<a xmlns'.repeat(1_500)),
    ])
    expect(found).toEqual([])
  })

  test('makes names harmless and short', async () => {
    const scopes = `onvif://www.onvif.org/name/${encodeURIComponent(`\u001b[31m${'a'.repeat(500)}`)} onvif://www.onvif.org/hardware/%E0%A4`
    const { found } = await discoverThose((question) => [
      answerTo(question, match('urn:1', 'http://127.0.0.1/', scopes)),
    ])
    expect(found[0]?.name).toBe(`[31m${'a'.repeat(116)}`)
    expect(found[0]?.model).toBe('%E0%A4')
  })

  test('lists no more than 64, whoever answers', async () => {
    const many = Array.from({ length: 80 }, (_, index) => match(`urn:${index}`, `http://127.0.0.1/${index}`)).join('')
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    socket.on('message', (message, { port, address }) => socket.send(answerTo(message.toString(), many), port, address))
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    let seen: () => void = () => undefined
    const answered = new Promise<void>((resolve) => {
      seen = resolve
    })
    const options = { from: ['127.0.0.1'], withinMs: 1, group: { address: '127.0.0.1', port: socket.address().port } }
    const time = { now: () => 0, monotonicMs: () => 0, wait: () => answered }
    expect(await discoverCameras({ ...options, onFound: seen }, { time, newUuid }, never)).toHaveLength(64)
  })

  test('asks for video devices and for devices of any kind, each under its own id', async () => {
    const { questions } = await discoverThose(() => [])
    const ids = questions.map((question) => /MessageID>([^<]*)</.exec(question)?.[1])
    expect(questions[0]).toContain('NetworkVideoTransmitter')
    expect(questions[0]).toContain('schemas-xmlsoap-org:ws:2005:04:discovery')
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('an interface that is not there is said to be so', async () => {
    const time = { now: () => 0, monotonicMs: () => 0, wait: async () => undefined }
    const options = { from: ['192.0.2.1'], withinMs: 1 }
    await expect(discoverCameras(options, { time, newUuid }, never)).rejects.toMatchObject({ code: 'discovery-failed' })
    await expect(discoverCameras({ ...options, from: [] }, { time, newUuid }, never)).rejects.toMatchObject({
      code: 'discovery-failed',
    })
  })

  test('is cancelled at once', async () => {
    const cancelling = new AbortController()
    const reason = new Error('enough')
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        cancelling.abort(reason)
      })
    const options = { from: ['127.0.0.1'], withinMs: 60_000, group: { address: '127.0.0.1', port: 9 } }
    const time = { now: () => 0, monotonicMs: () => 0, wait }
    await expect(discoverCameras(options, { time, newUuid }, cancelling.signal)).rejects.toBe(reason)
  })
})
