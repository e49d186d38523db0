import type { ReaderProfile } from '@vigie/config-schema/lane-profiles'

/** What tells a reader to begin or to end a reading; null: this model takes no such order, and none is sent. */
export const triggerBytes = ({ trigger }: Pick<ReaderProfile, 'trigger'>, order: 'on' | 'off'): Uint8Array | null =>
  trigger === undefined ? null : Buffer.from(trigger[order], 'hex')
