import { writeFileSync } from 'node:fs'
import { describeApi } from './describe-api.ts'

/** Writes cloud-api/openapi.json anew: `npm run generate -w @vigie/cloud-api`. */
writeFileSync(new URL('../../openapi.json', import.meta.url), await describeApi())
