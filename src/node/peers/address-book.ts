/** The addresses of other nodes that this one keeps: in the store, bounded, all of a list or none. */
import { RuleError } from '../../core/errors.ts'
import { MAX_NODES } from '../../core/limits.ts'
import { atomically, type Store } from '../store/store.ts'
import { parseAddress, parseAddresses, sameAddress } from './address.ts'

export class AddressBook {
  readonly #store: Store
  /** As the store has them; undefined where they may have changed. */
  #addresses: readonly string[] | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /** In order of their names; the same list until one is added or removed. */
  get addresses(): readonly string[] {
    this.#addresses ??= this.#store.nodes()
    return this.#addresses
  }

  /**
   * Adds addresses, all or none; known ones change nothing.
   * @returns those that are new
   * @throws RuleError `bad-address` (see `parseAddresses`), `too-many-nodes`
   */
  register(texts: readonly string[]): readonly string[] {
    const known = new Set(this.addresses)
    const added = [...new Set(parseAddresses(texts))].filter((address) => !known.has(address))
    if (known.size + added.length > MAX_NODES) {
      throw new RuleError('too-many-nodes', { limit: MAX_NODES })
    }
    if (added.length === 0) return added
    this.#change(() => {
      for (const address of added) this.#store.putNode(address)
    })
    return added
  }

  /** Forgets an address; false if it was not known. @throws RuleError `bad-address` */
  remove(text: string): boolean {
    const wanted = parseAddress(text)
    // One that was kept in an older spelling is known by that; a port that is left out is HTTP's.
    const isIt = (known: string) => known === text || sameAddress(known, wanted)
    const address = this.addresses.find(isIt)
    if (address === undefined) return false
    this.#change(() => this.#store.deleteNode(address))
    return true
  }

  /** A store that fails may have done it all the same. */
  #change(write: () => void): void {
    this.#addresses = undefined
    atomically(this.#store, write)
  }
}
