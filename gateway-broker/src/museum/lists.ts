import { createSignedLists, type SignedListDeps, type SignedLists } from '@vigie/contract/signed-lists'
import { createIssuedList, type IssuedList } from './issued-list.ts'
import type { ListStore } from './store/list-store.ts'

/** What the cloud signed for the gates, with what the staff looks for in it. */
export type Lists = SignedLists & IssuedList & Pick<ListStore, 'entriesAfter' | 'bySerial'>

export function createLists({ store, ...deps }: SignedListDeps & { store: ListStore }): Lists {
  const { entriesAfter, bySerial } = store
  return {
    ...createSignedLists({ store, ...deps }),
    ...createIssuedList({ store, ...deps }),
    ...{ entriesAfter, bySerial },
  }
}
