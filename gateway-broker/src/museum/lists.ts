import { createSignedLists, type SignedListDeps, type SignedLists } from '@vigie/contract/signed-lists'
import type { ListStore } from './store/list-store.ts'

/** What the cloud signed for the gates, with what the staff looks for in it. */
export type Lists = SignedLists & Pick<ListStore, 'entriesAfter' | 'bySerial'>

export function createLists({ store, ...deps }: SignedListDeps & { store: ListStore }): Lists {
  const { entriesAfter, bySerial } = store
  return { ...createSignedLists({ store, ...deps }), entriesAfter, bySerial }
}
