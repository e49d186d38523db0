import { writeFileSync } from 'node:fs'
import { describeApi } from './describe-api.ts'

/** Writes gateway-broker/openapi.json anew: `npm run generate -w @vigie/gateway-broker`. */
writeFileSync(new URL('../../../openapi.json', import.meta.url), await describeApi())
