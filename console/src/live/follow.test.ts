import { describe, expect, test } from 'vitest'
import { presetOf, webcamOf } from '../veille/wall.fixture.ts'
import { followWebcams, type Source } from './follow.ts'

/** A stream that says what the test has it say. */
class TrialSource extends EventTarget implements Source {
  readyState = 1
  close() {
    this.readyState = 2
  }
  say(type: string, data: unknown = {}) {
    this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }))
  }
}

/** Runs the follower with everything it does written down; `answers` are what the cloud gives to each reading. */
function follow(answers: (string | Error)[]) {
  const done: string[] = []
  const sources: TrialSource[] = []
  const stop = new AbortController()
  const changed = new EventTarget()
  const note = (what: string) => {
    done.push(what)
    changed.dispatchEvent(new Event('note'))
  }
  const ended = followWebcams(
    {
      read: async () => {
        const answer = answers.shift() ?? 'again'
        note('read')
        if (answer instanceof Error) throw answer
        return answer
      },
      take: (list) => list,
      onWebcam: ({ id }, cause) => note(`${id} ${cause}`),
      onLink: (isUp) => note(isUp ? 'up' : 'down'),
    },
    {
      open: (lastEventId) => {
        const source = new TrialSource()
        sources.push(source)
        note(`open ${lastEventId}`)
        return source
      },
      pause: async () => note('pause'),
      random: () => 0.5,
    },
    stop.signal,
  )
  /** Resolves once so many things were done. */
  const until = async (count: number) => {
    while (done.length < count) await new Promise((next) => changed.addEventListener('note', next, { once: true }))
    return done.slice(0, count)
  }
  return { until, sources, stop: () => stop.abort(), ended }
}

const event = { cause: 'frame', webcam: webcamOf('vars', [presetOf('fresh')]) }

describe('following the webcams', () => {
  test('reads the list, then listens from there', async () => {
    const { until, sources, stop, ended } = follow(['41'])
    await until(3)
    sources[0]?.say('webcam', event)
    expect(await until(4)).toEqual(['read', 'up', 'open 41', 'vars-cam1 frame'])
    stop()
    await ended
    expect(sources[0]?.readyState).toBe(2)
  })

  test('says when it is cut, and again when the browser has resumed by itself', async () => {
    const { until, sources, stop } = follow(['41'])
    await until(3)
    const [source] = sources
    if (source === undefined) throw new Error('the stream was opened')
    source.readyState = 0
    source.say('error')
    source.say('open')
    expect((await until(5)).slice(3)).toEqual(['down', 'up'])
    stop()
  })

  test('begins again with the list when the browser gives up, after a pause of its own', async () => {
    const { until, sources, stop } = follow(['41', '55'])
    await until(3)
    sources[0]?.close()
    sources[0]?.say('error')
    expect((await until(9)).slice(3)).toEqual(['down', 'down', 'pause', 'read', 'up', 'open 55'])
    stop()
  })

  test('reads the list at once when the cloud says that there is a gap', async () => {
    const { until, sources, stop } = follow(['41', '90'])
    await until(3)
    sources[0]?.say('reset')
    expect((await until(6)).slice(3)).toEqual(['read', 'up', 'open 90'])
    stop()
  })

  test('keeps asking while the cloud does not answer, with a pause each time', async () => {
    const { until, stop } = follow([new Error('refused'), new Error('refused'), '7'])
    expect(await until(9)).toEqual(['read', 'down', 'pause', 'read', 'down', 'pause', 'read', 'up', 'open 7'])
    stop()
  })
})
