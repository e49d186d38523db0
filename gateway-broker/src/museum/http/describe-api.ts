import type { SiteId } from '@vigie/contract/ids'
import { pino } from 'pino'
import { createHttp, type HttpDeps } from './http.ts'

/** The description of the API, as text: what gateway-broker/openapi.json must be. */
export async function describeApi(): Promise<string> {
  const clock = { now: () => 0, monotonicMs: () => 0 }
  // No route is asked, so none of the parts is used.
  const nothing = {
    log: pino({ enabled: false }),
    site: 'none' as SiteId,
    clock,
    stream: { hangUp: () => undefined },
  } as HttpDeps
  const app = createHttp(nothing, { consoleFolder: import.meta.dirname, tls: null })
  await app.ready()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}
