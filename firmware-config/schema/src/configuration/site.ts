import type Type from 'typebox'
import { closed } from '../closed.ts'
import { siteParts } from '../site-document.ts'

export const SiteFacts = closed(siteParts, 'The place itself')
export type SiteFacts = Type.Static<typeof SiteFacts>
