/**
 * Runs several loops side by side. When one throws, the others are told to stop, all are waited for, and the first error
 * is thrown: nothing is left running behind. When the signal is aborted, all are told to stop and it returns.
 */
export async function runTogether(
  signal: AbortSignal,
  loops: ReadonlyArray<(signal: AbortSignal) => Promise<void>>,
): Promise<void> {
  const stop = new AbortController()
  const pass = () => stop.abort(signal.reason)
  if (signal.aborted) pass()
  signal.addEventListener('abort', pass, { once: true })
  const failures: Array<{ error: unknown }> = []
  await Promise.all(
    loops.map(async (loop) => {
      try {
        await loop(stop.signal)
      } catch (error) {
        failures.push({ error })
        stop.abort(error)
      }
    }),
  )
  signal.removeEventListener('abort', pass)
  const [first] = failures
  if (first) throw first.error
}
