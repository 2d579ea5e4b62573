/** The cache of cards, against a chain that is only numbers: `hash` of block n is `n`, unless rewritten. */
import { describe, expect, it } from 'vitest'
import type { Card } from '../../web/src/chain/reading.ts'
import { CardCache, MAX_PAGES, PAGE } from '../../web/src/views/chain/card-cache.ts'

interface TestChain {
  length: number
  hashOf: (index: number) => string
  /** What a block says of the one before, if that is not its hash. */
  linkOf?: (index: number) => string
}

interface Asked {
  readonly from: number
  answer(): Promise<void>
  fail(error: unknown): Promise<void>
}

/** A node that answers when it is told to, with what its chain is then. */
function scripted(length: number) {
  const chain: TestChain = { length, hashOf: String }
  const asked: Asked[] = []
  let draws = 0
  const cache = new CardCache(
    ({ from, limit }) => {
      const { promise, resolve, reject } = Promise.withResolvers<{ cards: readonly Card[] }>()
      asked.push({
        from,
        answer: async () => {
          const count = Math.max(0, Math.min(limit, chain.length - from + 1))
          const cards = Array.from({ length: count }, (_, i) => card(from + i, chain))
          resolve({ cards })
          await promise
        },
        fail: async (error) => {
          reject(error)
          await promise.catch(() => undefined)
        },
      })
      return promise
    },
    () => draws++,
  )
  const at = { length, rewrites: 0 }
  return { cache, asked, chain, at, draws: () => draws }
}

function card(index: number, { hashOf, linkOf = hashOf }: TestChain): Card {
  return {
    index,
    hash: hashOf(index),
    previousHash: linkOf(index - 1),
    timestamp: '0.0',
    proof: 0,
    payments: [],
    count: 0,
    sizeBytes: 0,
  }
}

/** Answers everything until nothing more is asked for. */
async function answerAll(asked: readonly Asked[], from = 0): Promise<void> {
  for (let i = from; i < asked.length; i++) await asked[i]?.answer()
}

describe('the cache of cards', () => {
  it('asks for the pages that are wanted, whole, and for no more than two at once', async () => {
    const { cache, asked, at } = scripted(10 * PAGE)
    cache.want({ newest: 5 * PAGE, oldest: 2 * PAGE }, at)
    expect(asked.map(({ from }) => from)).toEqual([4 * PAGE + 1, 3 * PAGE + 1])
    await asked[0]?.answer()
    expect(asked.map(({ from }) => from)).toEqual([4, 3, 2].map((page) => page * PAGE + 1))
    await answerAll(asked, 1)
    expect(asked.map(({ from }) => from)).toEqual([4, 3, 2, 1].map((page) => page * PAGE + 1))
    expect(cache.card(5 * PAGE)?.hash).toBe(String(5 * PAGE))
    expect(cache.card(5 * PAGE + 1)).toBeUndefined()
    cache.want({ newest: 4 * PAGE, oldest: 3 * PAGE }, at)
    expect(asked).toHaveLength(4)
  })

  it('never asks for pages that were scrolled past while it waited', async () => {
    const { cache, asked, at } = scripted(1_000 * PAGE)
    for (let page = 900; page > 100; page--) {
      cache.want({ newest: page * PAGE, oldest: page * PAGE - 10 }, at)
    }
    expect(asked).toHaveLength(2)
    await answerAll(asked)
    expect(asked.slice(2).map(({ from }) => from)).toEqual([100 * PAGE + 1])
  })

  it('holds a bounded number of pages, and forgets those first that nobody has wanted for longest', async () => {
    const { cache, asked, at } = scripted(1_000 * PAGE)
    const last = MAX_PAGES + 20
    for (let page = 1; page <= last; page++) {
      cache.want({ newest: page * PAGE, oldest: page * PAGE }, at)
      await asked.at(-1)?.answer()
      // The first page is looked at again and again.
      cache.want({ newest: 1, oldest: 1 }, at)
    }
    expect(cache.size).toBe(MAX_PAGES)
    expect(cache.card(1)).toBeDefined()
    expect(cache.card(2 * PAGE)).toBeUndefined()
    expect(cache.card(last * PAGE)).toBeDefined()
  })

  it('fills the last page when the chain has grown, and keeps it until then', async () => {
    const { cache, asked, chain, at } = scripted(PAGE + 3)
    cache.want({ newest: PAGE + 3, oldest: PAGE + 1 }, at)
    await answerAll(asked)
    cache.want({ newest: PAGE + 3, oldest: PAGE + 1 }, at)
    expect(asked).toHaveLength(1)
    chain.length++
    cache.want({ newest: PAGE + 4, oldest: PAGE + 1 }, { ...at, length: chain.length })
    expect(asked).toHaveLength(2)
    expect(cache.card(PAGE + 3)).toBeDefined()
    expect(cache.card(PAGE + 4)).toBeUndefined()
    await asked[1]?.answer()
    expect(cache.card(PAGE + 4)).toBeDefined()
  })

  it('asks a node once only that has fewer blocks than it said', async () => {
    const { cache, asked, chain, at } = scripted(PAGE)
    chain.length = 5
    cache.want({ newest: PAGE, oldest: 1 }, at)
    await answerAll(asked)
    expect(asked).toHaveLength(1)
  })

  it('throws everything away when the chain is rewritten, also what is under way', async () => {
    const { cache, asked, chain, at } = scripted(2 * PAGE)
    cache.want({ newest: PAGE, oldest: 1 }, at)
    await answerAll(asked)
    cache.want({ newest: 2 * PAGE, oldest: 2 * PAGE }, at)
    cache.want({ newest: 2 * PAGE, oldest: 2 * PAGE }, { ...at, rewrites: 1 })
    expect(cache.size).toBe(0)
    await asked[1]?.answer()
    expect(cache.size).toBe(0)
    chain.hashOf = (index) => `new ${index}`
    await asked[2]?.answer()
    expect(cache.card(2 * PAGE)?.hash).toBe(`new ${2 * PAGE}`)
  })

  it('throws everything else away when a page does not link to it, and reads it again', async () => {
    const { cache, asked, chain, at } = scripted(2 * PAGE)
    cache.want({ newest: PAGE, oldest: PAGE }, at)
    await answerAll(asked)
    chain.hashOf = (index) => `new ${index}`
    cache.want({ newest: PAGE + 1, oldest: PAGE }, at)
    await asked[1]?.answer()
    expect(cache.card(PAGE)).toBeUndefined()
    await answerAll(asked, 2)
    expect(cache.card(PAGE)?.hash).toBe(`new ${PAGE}`)
    expect(asked).toHaveLength(3)
  })

  it('shows a link that is broken after both its ends have been read again', async () => {
    const { cache, asked, chain, at } = scripted(2 * PAGE)
    chain.linkOf = String
    chain.hashOf = (index) => (index === PAGE ? 'another' : String(index))
    cache.want({ newest: PAGE + 1, oldest: PAGE }, at)
    await answerAll(asked)
    expect(asked).toHaveLength(3)
    expect(cache.card(PAGE)?.hash).toBe('another')
    expect(cache.card(PAGE + 1)?.previousHash).toBe(String(PAGE))
  })

  it('stops at an error until it is asked to try again', async () => {
    const { cache, asked, at, draws } = scripted(PAGE)
    cache.want({ newest: PAGE, oldest: 1 }, at)
    await asked[0]?.fail('gone')
    expect(cache.error).toBe('gone')
    expect(draws()).toBe(1)
    cache.want({ newest: PAGE, oldest: 2 }, at)
    expect(asked).toHaveLength(1)
    cache.retry()
    await asked[1]?.answer()
    expect(cache.error).toBeUndefined()
    expect(cache.card(1)).toBeDefined()
  })
})
