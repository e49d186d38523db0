import { writeFileSync } from 'node:fs'
import { describeDocuments } from './document-page.ts'

/** Writes firmware-config/DOCUMENTS.md anew: `npm run generate -w @vigie/config-schema`. */
writeFileSync(new URL('../../DOCUMENTS.md', import.meta.url), describeDocuments())
