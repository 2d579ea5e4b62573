/** One store transaction around some writes: all of them, or none. */
import type { Store } from './store.ts'

/** Runs writes in the transaction that is open, or in one of their own. */
export function atomically<T>(store: Store, write: () => T): T {
  if (store.inTransaction) return write()
  store.begin()
  try {
    const result = write()
    store.commit()
    return result
  } catch (error) {
    store.rollback()
    throw error
  }
}
