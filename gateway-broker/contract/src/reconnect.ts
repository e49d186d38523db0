/** How long to wait before trying again: the ceiling doubles from `firstMs` with every failure up to `capMs`. */
export type RetryPolicy = { firstMs: number; capMs: number }

/** 41 units that lose one broker together come back spread over a second at first, over two minutes when it stays away. */
export const RECONNECT: RetryPolicy = { firstMs: 1_000, capMs: 120_000 }

/**
 * Full jitter: anything between 0 and the ceiling, so that those who failed together do not come back together.
 * @param failures how many attempts failed in a row, from 1
 * @param random uniform in [0, 1)
 * @returns milliseconds
 */
export function retryDelayMs(failures: number, random: () => number, policy: RetryPolicy = RECONNECT): number {
  const ceiling = Math.min(policy.capMs, policy.firstMs * 2 ** Math.min(failures - 1, 30))
  return Math.round(random() * ceiling)
}
