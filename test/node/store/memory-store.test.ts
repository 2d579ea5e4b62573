import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { storeContract } from './store-contract.ts'

storeContract('MemoryStore', { open: () => new MemoryStore() })
