/** Going through all that waits for a block without holding it in memory at once. */
import type { PooledTransaction, StoreReader } from './store.ts'

/** The current transactions in order, at most `limit` at a time; no page is empty. */
export function* pooledPages(
  reader: Pick<StoreReader, 'pooled'>,
  limit: number,
): Generator<readonly PooledTransaction[]> {
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const page = reader.pooled(after, limit)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.place
  }
}
