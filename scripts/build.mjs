import { requireNode } from './node-version.mjs'
import { setUp } from './set-up.mjs'

requireNode()
await setUp()
