import { describe, expect, it } from 'vitest'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'

/** Fails the nth call of one method, once. */
class FailingStore extends MemoryStore {
  #fuse: { method: string; calls: number } | undefined

  failAt(method: string, calls: number): void {
    this.#fuse = { method, calls }
  }

  #burn(method: string): void {
    if (this.#fuse?.method !== method || --this.#fuse.calls > 0) return
    this.#fuse = undefined
    throw new StoreError('store-failed', `${method} failed`)
  }

  override putBlock(...args: Parameters<MemoryStore['putBlock']>) {
    this.#burn('putBlock')
    return super.putBlock(...args)
  }
  override connect(...args: Parameters<MemoryStore['connect']>) {
    this.#burn('connect')
    super.connect(...args)
  }
  override disconnect(...args: Parameters<MemoryStore['disconnect']>) {
    this.#burn('disconnect')
    super.disconnect(...args)
  }
  override deletePooled(...args: Parameters<MemoryStore['deletePooled']>) {
    this.#burn('deletePooled')
    super.deletePooled(...args)
  }
  override putPooled(...args: Parameters<MemoryStore['putPooled']>) {
    this.#burn('putPooled')
    super.putPooled(...args)
  }
  override commit() {
    this.#burn('commit')
    super.commit()
  }
}

/** Gives other texts than it was given. */
class DamagedStore extends MemoryStore {
  readonly damaged = new Map<string, string>()

  override text(...args: Parameters<MemoryStore['text']>) {
    return this.damaged.get(args[0]) ?? super.text(...args)
  }
}

/** Each call of a reorganisation from two blocks of ours to three of theirs. */
const POINTS: [string, number][] = [
  ['putBlock', 1],
  ['putBlock', 3],
  ['disconnect', 1],
  ['disconnect', 2],
  ['connect', 1],
  ['connect', 2],
  ['connect', 3],
  ['deletePooled', 1],
  ['putPooled', 1],
  ['commit', 1],
]

describe('a store that fails in the middle of a reorganisation', () => {
  it.each(POINTS)('leaves everything as it was: %s call %i', (method, calls) => {
    const store = new FailingStore()
    const chain = new BlockChain({ spec: EASY, store })
    for (let i = 0; i < 2; i++) {
      chain.addTransaction({ sender: `${i}`, recipient: 'x', amount: 1 })
      chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 0, rewardTo: 'me' })
    }
    for (const sender of ['waiting', 'paid'])
      chain.addTransaction({ sender, recipient: 'x', amount: 1 })
    const before = { tip: chain.tip, waiting: chain.currentTransactions }
    const { genesis } = EASY.rules
    const two = branch(genesis, 2, 4)
    const last = blockAfter(two[1] ?? genesis, { transactions: [payment('paid', 'x')] })
    const theirs = [genesis, ...two, last]

    store.failAt(method, calls)
    expect(() => chain.resolveConflicts([theirs])).toThrow(StoreError)
    expect({ tip: chain.tip, waiting: chain.currentTransactions }).toEqual(before)
    expect(store.sideBytes()).toBe(0)
    expect(new BlockChain({ spec: EASY, store }).tip).toEqual(before.tip)

    expect(chain.resolveConflicts([theirs]).replaced).toBe(true)
    expect(chain.currentTransactions.map(({ sender }) => sender)).toEqual(['0', '1', 'waiting'])
  })

  it('takes text that it did not write for damage, and leaves everything as it was', () => {
    for (const damage of ['{"index": 2}', '{', '']) {
      const store = new DamagedStore()
      const chain = new BlockChain({ spec: EASY, store })
      for (let i = 0; i < 3; i++) chain.newBlock({ proof: chain.proofOfWork(), timestampMs: i })
      store.damaged.set(chain.block(2)?.header.hash ?? '', damage)
      const before = chain.tip
      const theirs = [EASY.rules.genesis, ...branch(EASY.rules.genesis, 4, 4)]
      expect(() => chain.resolveConflicts([theirs])).toThrow(
        expect.objectContaining({ code: 'store-damaged' }),
      )
      expect(chain.tip).toEqual(before)
      expect(store.tip()).toEqual(before)
      expect(store.sideBytes()).toBe(0)
      expect(() => chain.block(2)).toThrow(expect.objectContaining({ code: 'store-damaged' }))
    }
  })

  it('refuses a store whose blocks are on no chain', () => {
    const store = new MemoryStore()
    store.putBlock(EASY.rules.genesis, 1n)
    expect(() => new BlockChain({ spec: EASY, store })).toThrow(
      expect.objectContaining({ code: 'store-damaged' }),
    )
  })

  it('keeps no transaction that could not be written', () => {
    const store = new FailingStore()
    const chain = new BlockChain({ spec: EASY, store })
    store.failAt('commit', 1)
    expect(() => chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })).toThrow(
      StoreError,
    )
    expect(chain.currentTransactions).toEqual([])
    expect(chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 }).transaction).toEqual(
      payment('a', 'b'),
    )
  })
})
