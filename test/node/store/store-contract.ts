/**
 * What every Store must do, whatever it is made of. `open` gives an empty one; `reopen` what the
 * same data look like to the next program, where they are kept at all.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { MAX_PAGE_BYTES, MAX_SLICE_ROWS } from '../../../src/core/limits.ts'
import type { Store } from '../../../src/node/store/store.ts'
import { blockAfter, branch, EASY, payment, textsOf } from '../../helpers/chains.ts'

export interface StoreSubject {
  open(): Store
  /** Closes the store and opens its data again; undefined where nothing is kept. */
  reopen?: (store: Store) => Store
}

export function storeContract(name: string, subject: StoreSubject): void {
  describe(`${name} as a Store`, () => {
    const { genesis } = EASY.rules
    let store: Store

    function write(work: () => void): void {
      store.begin()
      work()
      store.commit()
    }

    function putChain(count: number, salt = 0) {
      const blocks = [genesis, ...branch(genesis, count, salt)]
      write(() => {
        for (const block of blocks) {
          store.putBlock(block, BigInt(block.header.index))
          store.connect(block)
        }
      })
      return blocks
    }

    beforeEach(() => {
      store = subject.open()
    })
    afterEach(() => store.close())

    it('begins empty', () => {
      expect(store.tip()).toBeUndefined()
      expect(store.hashAt(1)).toBeUndefined()
      expect(textsOf(store, 1, 10)).toEqual([])
      expect(store.sideTips(10)).toEqual([])
      expect(store.weakestSideTips(1)).toEqual([])
      expect(store.sideBytes()).toBe(0)
      expect(store.pooled(Number.MIN_SAFE_INTEGER, 10)).toEqual([])
      expect(store.nodes()).toEqual([])
      expect(store.identity()).toBeUndefined()
      expect(store.inTransaction).toBe(false)
    })

    it('gives back a block as it was put, with its work and size', () => {
      const [first, second] = putChain(1)
      const hash = second?.header.hash ?? genesis.header.hash
      expect(store.text(hash)).toBe(second?.text)
      expect(store.header(hash)).toEqual({
        ...second?.header,
        chainwork: 2n,
        sizeBytes: second?.text.length,
        complete: 2,
        condemned: undefined,
      })
      expect(store.header(genesis.header.hash)?.parent).toBeUndefined()
      expect(store.text(genesis.header.hash)).toBe(first?.text)
    })

    it('keeps work of 256 bits exactly and in order', () => {
      const [small, large] = [branch(genesis, 1, 1), branch(genesis, 1, 2)].flat()
      write(() => {
        store.putBlock(genesis, 1n)
        store.connect(genesis)
        if (large !== undefined) store.putBlock(large, 2n ** 256n - 1n)
        if (small !== undefined) store.putBlock(small, 2n ** 53n + 1n)
      })
      expect(store.sideTips(10).map(({ chainwork }) => chainwork)).toEqual([
        2n ** 256n - 1n,
        2n ** 53n + 1n,
      ])
      expect(store.weakestSideTips(1)[0]?.hash).toBe(small?.header.hash)
    })

    it('serves the active chain by index, in pages', () => {
      const blocks = putChain(4)
      expect(store.tip()?.hash).toBe(blocks[4]?.header.hash)
      expect(store.hashAt(3)).toBe(blocks[2]?.header.hash)
      expect(store.hashAt(6)).toBeUndefined()
      expect(textsOf(store, 2, 2)).toEqual(blocks.slice(1, 3).map(({ text }) => text))
      expect(textsOf(store, 5, 10)).toEqual([blocks[4]?.text])
      expect(textsOf(store, 6, 10)).toEqual([])
    })

    it('gives long blocks in smaller pages, but always one', () => {
      const transactions = Array.from({ length: 100 }, () => payment('\u0001'.repeat(1_000), 'x'))
      const first = blockAfter(genesis, { transactions })
      const chain = [genesis, first, blockAfter(first, { transactions })]
      write(() => {
        for (const block of chain) {
          store.putBlock(block, BigInt(block.header.index))
          store.connect(block)
        }
      })
      expect(2 * first.text.length).toBeGreaterThan(MAX_PAGE_BYTES)
      expect(textsOf(store, 1, 10)).toEqual(chain.slice(0, 2).map(({ text }) => text))
      expect(textsOf(store, 2, 10)).toHaveLength(1)
      expect(textsOf(store, 3, 10)).toHaveLength(1)
    })

    it('puts the search of a large block off, and has it when it is committed', () => {
      const transactions = Array.from({ length: 2 * MAX_SLICE_ROWS + 1 }, (_, i) =>
        payment(`party-${i}`, 'x'),
      )
      const block = blockAfter(genesis, { transactions })
      const put = () => {
        store.begin()
        store.putBlock(genesis, 1n)
        store.connect(genesis)
        store.putBlock(block, 2n)
        store.connect(block)
      }
      put()
      let slices = 0
      for (; store.isBehind; slices++) store.writeOn()
      expect(slices).toBeLessThanOrEqual(3)
      store.rollback()
      expect([store.isBehind, store.tip()]).toEqual([false, undefined])
      put()
      store.commit()
      expect(store.isBehind).toBe(false)
      const found = () =>
        ['party-0', `party-${2 * MAX_SLICE_ROWS}`, 'x'].map((party) => indexesWith(store, party))
      expect(found()).toEqual([[2], [2], [2]])
      // Off the chain and on it again within one transaction: what was put off is done in that order.
      write(() => {
        store.disconnect(block)
        expect(store.isBehind).toBe(store.logBytes > 0)
        store.connect(block)
      })
      expect(found()).toEqual([[2], [2], [2]])
      write(() => store.disconnect(block))
      expect(found()).toEqual([[], [], []])
    })

    it('keeps a disconnected block off the active chain', () => {
      const blocks = putChain(2)
      const last = blocks[2] ?? genesis
      write(() => store.disconnect(last))
      expect(store.tip()?.hash).toBe(blocks[1]?.header.hash)
      expect(store.hashAt(3)).toBeUndefined()
      expect(store.sideTips(10).map(({ hash }) => hash)).toEqual([last.header.hash])
      expect(store.sideBytes()).toBe(blocks[2]?.text.length)
      expect(store.text(last.header.hash)).toBe(blocks[2]?.text)
    })

    it('lists only the ends of side branches, the earlier first among equals', () => {
      putChain(3)
      const [a, b] = [branch(genesis, 2, 1), branch(genesis, 2, 2)]
      write(() => {
        for (const block of [...a, ...b]) store.putBlock(block, BigInt(block.header.index))
      })
      const ends = [a[1]?.header.hash, b[1]?.header.hash]
      expect(store.sideTips(10).map(({ hash }) => hash)).toEqual(ends)
      expect(store.sideTips(1).map(({ hash }) => hash)).toEqual(ends.slice(0, 1))
      expect(store.weakestSideTips(1)[0]?.hash).toBe(ends[1])
    })

    it('knows which blocks have others after them, on the chain and beside it', () => {
      const [, second, third] = putChain(2)
      const side = branch(genesis, 2, 3)
      write(() => {
        for (const block of side) store.putBlock(block, BigInt(block.header.index))
      })
      const hashes = [genesis, second, third, ...side].flatMap((b) => (b ? [b.header.hash] : []))
      expect(hashes.map((hash) => store.hasChildren(hash))).toEqual([
        true,
        true,
        false,
        true,
        false,
      ])
    })

    it('forgets a side block whole', () => {
      putChain(1)
      const side = blockAfter(genesis, { transactions: [payment('a', 'b')], salt: 7 })
      write(() => store.putBlock(side, 2n))
      write(() => store.deleteBlock(side.header.hash))
      expect(store.header(side.header.hash)).toBeUndefined()
      expect(store.text(side.header.hash)).toBeUndefined()
      expect(store.sideBytes()).toBe(0)
      write(() => store.putBlock(side, 2n))
      expect(store.text(side.header.hash)).toBe(side.text)
    })

    describe('finds the blocks with a party', () => {
      const paying = (parent: Block, ...pairs: [string, string][]) =>
        blockAfter(parent, { transactions: pairs.map(([from, to]) => payment(from, to)) })
      const second = paying(genesis, ['Lea', 'Mark'], ['Mark', 'Lea'], ['Lea', 'Lea'])
      const third = paying(second, ['Mark', 'Zoë'])
      const fourth = paying(third, ['Zoë', 'Lea'])
      const rival = paying(third, ['Lea', 'rival'], ['rival', 'Mark'])
      const rival2 = paying(rival, ['x', 'Lea'])
      const trunk = [genesis, second, third, fourth]

      beforeEach(() => {
        write(() => {
          for (const block of [...trunk, rival]) store.putBlock(block, BigInt(block.header.index))
          for (const block of trunk) store.connect(block)
        })
      })

      it('as sender or recipient, to the letter, last first, each once', () => {
        expect(indexesWith(store, 'Lea')).toEqual([4, 2])
        expect(indexesWith(store, 'Mark')).toEqual([3, 2])
        expect(indexesWith(store, 'Zoë')).toEqual([4, 3])
        for (const nobody of ['lea', 'Le', 'Lea ', '', 'rival', '%', "'"]) {
          expect(indexesWith(store, nobody), nobody).toEqual([])
        }
        const [header] = store.blocksWith('Zoë', 9)
        expect(header).toEqual(store.header(fourth.header.hash))
      })

      it('below an index, which need not be there', () => {
        const below = [0, 1, 2, 3, 4, 5, 6, Number.MAX_SAFE_INTEGER]
        const found = below.map((index) => indexesWith(store, 'Lea', index))
        expect(found).toEqual([[], [], [], [2], [2], [4, 2], [4, 2], [4, 2]])
      })

      it('on the active chain only, after a reorganisation on the other one', () => {
        write(() => {
          store.disconnect(fourth)
          store.connect(rival)
          store.putBlock(rival2, 5n)
          store.connect(rival2)
        })
        expect(indexesWith(store, 'Lea')).toEqual([5, 4, 2])
        expect(indexesWith(store, 'rival')).toEqual([4])
        expect(indexesWith(store, 'Zoë')).toEqual([3])
        expect(indexesWith(store, 'Lea', 5)).toEqual([4, 2])
        write(() => {
          store.disconnect(rival2)
          store.disconnect(rival)
          store.connect(fourth)
          store.deleteBlock(rival2.header.hash)
        })
        expect(indexesWith(store, 'Lea')).toEqual([4, 2])
        expect(indexesWith(store, 'rival')).toEqual([])
      })

      it('in a snapshot as they were, also while a transaction is open', () => {
        const snapshot = store.snapshot()
        store.begin()
        store.disconnect(fourth)
        store.connect(rival)
        const later = store.snapshot()
        for (const each of [snapshot, later]) {
          expect(indexesWith(each, 'Lea')).toEqual([4, 2])
          expect(indexesWith(each, 'rival')).toEqual([])
        }
        expect(indexesWith(store, 'rival')).toEqual([4])
        store.commit()
        expect(indexesWith(snapshot, 'rival')).toEqual([])
        snapshot.close()
        later.close()
      })

      it('where half of a surrogate pair is, as the sign that stands for it', () => {
        const fifth = paying(fourth, ['\ud800x', 'a\u0000b'])
        write(() => {
          store.putBlock(fifth, 5n)
          store.connect(fifth)
        })
        for (const name of ['\ud800x', '\udfffx', '\ufffdx', 'a\u0000b']) {
          expect(indexesWith(store, name)).toEqual([5])
        }
        for (const name of ['x', 'a', 'a\u0000']) expect(indexesWith(store, name)).toEqual([])
      })
    })

    it('keeps current transactions by place, negative ones too, and their text to the letter', () => {
      const texts = ['1e-7', '10.0', '9007199254740993'].map((n) => payment('\ud800é', 'b', n))
      write(() => {
        for (const [i, transaction] of texts.entries()) store.putPooled(i - 1, transaction)
      })
      const all = store.pooled(Number.MIN_SAFE_INTEGER, 10)
      expect(all).toEqual(texts.map(({ text }, i) => ({ place: i - 1, text })))
      expect(store.pooled(-1, 1)).toEqual(all.slice(1, 2))
      write(() => store.deletePooled([-1, 1]))
      expect(store.pooled(Number.MIN_SAFE_INTEGER, 10)).toEqual(all.slice(1, 2))
    })

    it('keeps each node once, in order of names', () => {
      write(() => {
        for (const address of ['b:2', 'a:1', 'b:2']) store.putNode(address)
      })
      expect(store.nodes()).toEqual(['a:1', 'b:2'])
      write(() => store.deleteNode('a:1'))
      expect(store.nodes()).toEqual(['b:2'])
    })

    it('does not mind being told to forget what it does not have', () => {
      putChain(1)
      const before = everything(store)
      write(() => {
        store.deletePooled([7])
        store.deleteNode('nobody:1')
      })
      expect(everything(store)).toEqual(before)
    })

    it('takes a whole transaction back', () => {
      const blocks = putChain(2)
      const last = blocks[2] ?? genesis
      const [, side] = branch(genesis, 2, 5)
      write(() => {
        store.putPooled(1, payment('a', 'b'))
        store.putNode('a:1')
        if (side !== undefined) store.putBlock(side, 3n)
      })
      const before = everything(store)
      store.begin()
      expect(store.inTransaction).toBe(true)
      store.disconnect(last)
      const other = branch(blocks[1] ?? genesis, 1, 9)[0] ?? genesis
      store.putBlock(other, 3n)
      store.connect(other)
      if (side !== undefined) store.deleteBlock(side.header.hash)
      store.putPooled(2, payment('c', 'd'))
      store.deletePooled([1])
      store.putNode('b:2')
      store.deleteNode('a:1')
      store.setIdentity('0'.repeat(32))
      expect(everything(store)).not.toEqual(before)
      store.rollback()
      expect(everything(store)).toEqual(before)
      expect(store.inTransaction).toBe(false)
    })

    it('rolls back where nothing is open as well: a failed commit may have closed it', () => {
      store.rollback()
      expect(store.inTransaction).toBe(false)
    })

    it('shows a snapshot as it was, whatever is written meanwhile', () => {
      const blocks = putChain(2)
      write(() => {
        store.putPooled(1, payment('a', 'b'))
        store.setIdentity('1'.repeat(32))
      })
      const snapshot = store.snapshot()
      const before = everything(snapshot)
      const last = blocks[2] ?? genesis
      write(() => {
        store.disconnect(last)
        store.deletePooled([1])
        store.putNode('a:1')
      })
      expect(everything(snapshot)).toEqual(before)
      expect(before.identity).toBe('1'.repeat(32))
      snapshot.close()
      snapshot.close()
      const later = store.snapshot()
      expect(later.tip()?.hash).toBe(blocks[1]?.header.hash)
      later.close()
    })

    it('shows in a snapshot what is committed, in the middle of a transaction', () => {
      const blocks = putChain(2)
      write(() => {
        store.putPooled(1, payment('a', 'b'))
        store.putNode('a:1')
      })
      const before = everything(store)
      const last = blocks[2] ?? genesis
      store.begin()
      store.disconnect(last)
      store.deletePooled([1])
      store.putNode('b:1')
      store.deleteNode('a:1')
      store.setIdentity('2'.repeat(32))
      const written = everything(store)
      const snapshot = store.snapshot()
      expect(everything(snapshot)).toEqual(before)
      expect(everything(store)).toEqual(written)
      snapshot.close()
      store.commit()
      expect(everything(store)).toEqual(written)
    })

    it('opens many snapshots at once', () => {
      putChain(1)
      const snapshots = Array.from({ length: 8 }, () => store.snapshot())
      for (const snapshot of snapshots) expect(snapshot.tip()?.index).toBe(2)
      for (const snapshot of snapshots) snapshot.close()
    })

    const { reopen } = subject
    if (reopen === undefined) return

    it('gives everything back to the next program', () => {
      putChain(3)
      write(() => {
        for (const block of branch(genesis, 2, 4)) store.putBlock(block, BigInt(block.header.index))
        store.putPooled(1, payment('Zoë', '李雷', '10.0'))
        store.putNode('a:1')
        store.setIdentity('2'.repeat(32))
      })
      const before = everything(store)
      store = reopen(store)
      expect(everything(store)).toEqual(before)
    })
  })
}

/** Indexes of the blocks that a store names, whatever it looks at on the way. */
function indexesWith(
  store: Pick<Store, 'blocksWith'>,
  party: string,
  below = Number.MAX_SAFE_INTEGER,
): number[] {
  const headers = [...store.blocksWith(party, below)]
  return headers.flatMap((header) => (header === undefined ? [] : [header.index]))
}

function everything(
  store: Pick<Store, 'tip' | 'texts' | 'sideTips' | 'sideBytes' | 'pooled' | 'nodes' | 'identity'>,
) {
  return {
    tip: store.tip(),
    texts: textsOf(store, 1, 100),
    sideTips: store.sideTips(100),
    sideBytes: store.sideBytes(),
    pooled: store.pooled(Number.MIN_SAFE_INTEGER, 100),
    nodes: store.nodes(),
    identity: store.identity(),
  }
}
