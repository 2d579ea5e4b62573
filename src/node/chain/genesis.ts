/** The first block of a chain that has none yet. */
import type { Consensus } from '../../core/consensus.ts'
import { atomically } from '../store/atomically.ts'
import { type Store, StoreError } from '../store/store.ts'

/** Begins a chain in a store that has none. @throws StoreError `store-damaged` */
export function plantGenesis(store: Store, { genesis, work }: Consensus): void {
  if (store.tip() !== undefined) return
  if (store.sideBytes() > 0) {
    throw new StoreError('store-damaged', 'the store has blocks, but none of them is on a chain')
  }
  atomically(store, () => {
    store.putBlock(genesis, work(genesis.header))
    store.connect(genesis.header.hash)
  })
}
