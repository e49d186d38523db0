import { createHash } from 'node:crypto'
import type { Sha256Hex } from '@vigie/contract/gate/chain'

export const sha256: Sha256Hex = (text) => createHash('sha256').update(text).digest('hex')
