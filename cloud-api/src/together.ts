/** Part of a process: runs until its signal aborts. */
export type Part = (signal: AbortSignal) => Promise<void>

/**
 * Runs parts that need each other. When one fails, the others are stopped and its error is thrown once all have ended;
 * being stopped is no failure.
 */
export async function together(signal: AbortSignal, parts: readonly Part[]): Promise<void> {
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const errors: unknown[] = []
  await Promise.all(
    parts.map(async (part) => {
      try {
        await part(stop)
      } catch (error) {
        if (stop.aborted && isCancellation(error, stop)) return
        errors.push(error)
        failed.abort()
      }
    }),
  )
  if (errors.length > 0) throw errors[0]
}

const isCancellation = (error: unknown, signal: AbortSignal): boolean =>
  error === signal.reason || (error instanceof Error && error.name === 'AbortError')
