/**
 * A store, and the snapshots that it opens, of which any call can be made to fail: the nth of all,
 * whichever method it is, before it does anything or after it has done it.
 */
import { type Store, StoreError } from '../../src/node/store/store.ts'

export type Fault =
  /** The call does nothing and throws. */
  | 'refuses'
  /** The call, but for `begin`, does its work and throws, as where a disk loses the answer. */
  | 'forgets'
  /** This and all calls after it throw, until the store is repaired. */
  | 'is gone'
  /** The call throws, and so does the rollback after it. */
  | 'cannot roll back'
  /** The call throws what no store throws: our own code is wrong. */
  | 'is wrong'

export class Fuse {
  calls = 0
  /** The methods that were called, in order. */
  readonly names: string[] = []
  readonly failure: Error
  #fault: Fault = 'refuses'
  #at = Number.POSITIVE_INFINITY

  constructor(fault: Fault = 'refuses') {
    this.#fault = fault
    this.failure =
      fault === 'is wrong'
        ? new TypeError('a bug')
        : new StoreError('store-failed', '/home/lea/chain.sqlite: disk I/O error. Nothing kept.')
  }

  /** Burns at the nth call from now. */
  arm(call: number): void {
    this.calls = 0
    this.names.length = 0
    this.#at = call
  }

  repair(): void {
    this.#at = Number.POSITIVE_INFINITY
  }

  get hasBurnt(): boolean {
    return this.calls >= this.#at
  }

  pass<T>(name: string, work: () => T): T {
    this.calls++
    this.names.push(name)
    if (!this.#burns(name)) return work()
    const isDone = this.#fault === 'forgets' && name !== 'begin'
    if (isDone || name === 'close') work()
    throw this.failure
  }

  #burns(name: string): boolean {
    if (this.calls === this.#at) return true
    if (this.calls < this.#at) return false
    // To roll back takes no disk.
    if (this.#fault === 'is gone') return name !== 'rollback'
    return this.#fault === 'cannot roll back' && name === 'rollback'
  }
}

export function fused(store: Store, fuse: Fuse): Store {
  return watched(store, fuse, new Set(['close']))
}

/** @param spared methods that never fail */
function watched<T extends object>(target: T, fuse: Fuse, spared: ReadonlySet<string>): T {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || spared.has(String(name))) {
        return typeof value === 'function' ? value.bind(target) : value
      }
      return (...given: unknown[]) =>
        fuse.pass(String(name), () => {
          const result: unknown = Reflect.apply(value, target, given)
          const isSnapshot = name === 'snapshot' && typeof result === 'object' && result !== null
          return isSnapshot ? watched(result, fuse, new Set()) : result
        })
    },
  })
}
