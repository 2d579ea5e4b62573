/** Who a node is: an id that its data keep, so that it is the same after a restart. */
import type { Store } from '../../node/store/store.ts'

/** The id in the data; made and written if there is none. @throws StoreError */
export function identify(store: Store, newId: () => string): string {
  const known = store.identity()
  if (known !== undefined) return known
  const id = newId()
  store.setIdentity(id)
  return id
}
