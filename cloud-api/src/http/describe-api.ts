import { pino } from 'pino'
import { createHttp, type HttpDeps } from './http.ts'

/** The description of the API, as text: what cloud-api/openapi.json must be. */
export async function describeApi(): Promise<string> {
  const log = pino({ enabled: false })
  const nothing = { log, store: {} } as HttpDeps // no route is asked, so none of the parts is used
  const app = createHttp(nothing, { publicOrigin: null, consoleFolder: 'no-console' })
  await app.ready()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}
