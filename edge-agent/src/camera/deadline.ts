/**
 * Runs `work` with a signal that is aborted when one of `signals` is. What it returns ends at the latest then, with that
 * signal's reason, even if the work itself never ends.
 *
 * Not AbortSignal.any: on Node 20 a signal that lives as long as the process keeps every one that was made from it.
 */
export async function cancellable<Value>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  for (const signal of signals) signal.throwIfAborted()
  const controller = new AbortController()
  const cancel = (event: Event) => controller.abort((event.target as AbortSignal).reason) // only added to signals
  for (const signal of signals) signal.addEventListener('abort', cancel, { once: true })
  const cancelled = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  try {
    return await Promise.race([work(controller.signal), cancelled])
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', cancel)
  }
}

/**
 * Runs `work` under one deadline over all it waits for.
 * @param late makes the error that it then rejects with
 */
export async function withinDeadline<Value>(
  deadlineMs: number,
  signal: AbortSignal,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(late()), deadlineMs)
  try {
    return await cancellable([signal, deadline.signal], work)
  } finally {
    clearTimeout(timer)
  }
}
