import { expect, test } from 'vitest'
import { cancellable, withinDeadline } from './deadline.ts'

const never = new AbortController().signal
const hangs = () => new Promise<never>(() => undefined)

test('work that never ends is late, and its own signal says so', async () => {
  const late = new Error('late')
  let seen: AbortSignal | undefined
  const work = (signal: AbortSignal) => {
    seen = signal
    return hangs()
  }
  await expect(withinDeadline(10, never, () => late, work)).rejects.toBe(late)
  expect(seen?.reason).toBe(late)
})

test('work that is cancelled ends with the reason, not as late', async () => {
  const cancelling = new AbortController()
  const ended = withinDeadline(60_000, cancelling.signal, () => new Error('late'), hangs)
  const reason = new Error('stop')
  cancelling.abort(reason)
  await expect(ended).rejects.toBe(reason)
})

test('work does not begin under a signal that is aborted already', async () => {
  let begun = false
  const ended = cancellable([never, AbortSignal.abort()], async () => {
    begun = true
  })
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' })
  expect(begun).toBe(false)
})

test('any of several signals cancels', async () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const ended = cancellable([one.signal, other.signal], hangs)
  other.abort(new Error('other'))
  await expect(ended).rejects.toThrow('other')
})

test('what is done in time comes through, and so does its error', async () => {
  expect(
    await withinDeadline(
      60_000,
      never,
      () => new Error('late'),
      async () => 7,
    ),
  ).toBe(7)
  const failing = withinDeadline(
    60_000,
    never,
    () => new Error('late'),
    async () => Promise.reject(new Error('own')),
  )
  await expect(failing).rejects.toThrow('own')
})
