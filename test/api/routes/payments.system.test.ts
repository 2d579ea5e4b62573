import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../../../src/core/block.ts'
import {
  MAX_OPEN_SNAPSHOTS,
  MAX_PAGE_BYTES,
  MAX_PARTY_CHARS,
  MAX_PAYMENTS_LISTED,
  PAYMENTS_LISTED,
} from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import {
  type Api,
  addBlocks,
  expectProblem,
  pay,
  sharedApi,
  startApi,
  watchSnapshots,
} from '../../helpers/api.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

const { genesis } = EASY.rules

interface Served {
  readonly index: number
  readonly hash: string
  readonly position: number
  readonly transaction: { readonly sender: string; readonly recipient: string }
}
interface Answer {
  readonly payments: Served[]
  readonly next: { readonly before: number; readonly position: number } | null
}

/** More pages than anything has here. */
const MANY = 100

const addressOf = (query: Record<string, string | number>) => {
  const texts = Object.entries(query).map(([key, value]) => [key, String(value)])
  return `/payments?${new URLSearchParams(texts)}`
}

async function search(api: Api, query: Record<string, string | number>): Promise<Answer> {
  const answer = await api.app.inject(addressOf(query))
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

/** All pages after another. */
async function searchAll(api: Api, query: Record<string, string | number>): Promise<Served[][]> {
  const pages: Served[][] = []
  for (let next: Answer['next'] = null; pages.length < MANY; ) {
    const answer = await search(api, { ...query, ...next })
    pages.push(answer.payments)
    next = answer.next
    if (next === null) return pages
  }
  throw new Error('pages without end')
}

const placesOf = (payments: readonly Served[]) => payments.map((p) => [p.index, p.position])

/** Block i + 1 with Lea's payments at the even positions, and others' between them. */
function chainOf(counts: readonly number[], from = genesis, salt = 0): Block[] {
  const blocks: Block[] = []
  for (const count of counts) {
    const transactions = Array.from({ length: count }, (_, i) => [
      i % 2 === 0 ? payment('Lea', 'Mark', `${i}.0`) : payment('Zoë', 'Lea', `1e-${i}`),
      payment('Mark', 'lea'),
    ])
    const parent = blocks.at(-1) ?? from
    blocks.push(blockAfter(parent, { transactions: transactions.flat(), salt, rewardTo: 'miner' }))
  }
  return blocks
}

/** Where Lea is in such blocks, last first. */
function placesIn(blocks: readonly Block[]): number[][] {
  return blocks
    .flatMap(({ header, transactions }) => {
      return transactions.flatMap(({ sender, recipient }, position) => {
        return [sender, recipient].includes('Lea') ? [[header.index, position]] : []
      })
    })
    .reverse()
}

describe.each(['memory', 'SQLite'])('GET /payments over %s', (name) => {
  const isInMemory = name === 'memory'
  const openStore = () =>
    isInMemory ? new MemoryStore() : SqliteStore.open(temporaryFolder(), EASY)
  const start = () => startApi({ store: openStore() })

  it('gives what a party pays and is paid, newest first, with where it is', async () => {
    const api = await start()
    const [first, second] = chainOf([2, 1])
    await addBlocks(api, [first ?? genesis, second ?? genesis])
    const { payments, next } = await search(api, { party: 'Lea' })
    expect(next).toBeNull()
    expect(payments).toEqual([
      {
        index: 3,
        hash: second?.header.hash,
        position: 0,
        transaction: { sender: 'Lea', recipient: 'Mark', amount: 0 },
      },
      {
        index: 2,
        hash: first?.header.hash,
        position: 2,
        transaction: { sender: 'Zoë', recipient: 'Lea', amount: 0.1 },
      },
      {
        index: 2,
        hash: first?.header.hash,
        position: 0,
        transaction: { sender: 'Lea', recipient: 'Mark', amount: 0 },
      },
    ])
  })

  it('gives each transaction as it is stored, to the letter', async () => {
    const api = await start()
    const amounts = ['10.0', '10', '1e-7', '9007199254740993', '-0.0', '1E+2']
    const transactions = amounts.map((amount) => payment('Lea', 'Zoë "\\ \n\ud800', amount))
    await addBlocks(api, [blockAfter(genesis, { transactions })])
    const answer = await api.app.inject('/payments?party=Lea')
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const texts = [...answer.body.matchAll(/"transaction": (\{.*?\})\}/g)].map((match) => match[1])
    expect(texts).toEqual(transactions.map(({ text }) => text).reverse())
  })

  it('names a payment to oneself once', async () => {
    const api = await start()
    await addBlocks(api, [blockAfter(genesis, { transactions: [payment('Lea', 'Lea')] })])
    expect(placesOf((await search(api, { party: 'Lea' })).payments)).toEqual([[2, 0]])
  })

  it('misses nothing and repeats nothing, whatever the size of its pages', async () => {
    const api = await start()
    const blocks = chainOf([1, 5, 0, 2, 7, 1, 0, 0, 4])
    await addBlocks(api, blocks)
    for (const limit of [1, 2, 3, 7, 100]) {
      const pages = await searchAll(api, { party: 'Lea', limit })
      expect(placesOf(pages.flat()), `pages of ${limit}`).toEqual(placesIn(blocks))
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true)
      expect(pages.at(-1)?.length).toBeGreaterThan(0)
    }
  })

  it('goes on before any place, whether something is there or not', async () => {
    const api = await start()
    const blocks = chainOf([3, 0, 3])
    await addBlocks(api, blocks)
    const all = placesIn(blocks)
    for (const before of [1, 2, 3, 4, 5, 100, Number.MAX_SAFE_INTEGER]) {
      for (const position of [0, 1, 2, 3, 100, Number.MAX_SAFE_INTEGER]) {
        const { payments } = await search(api, { party: 'Lea', before, position })
        const earlier = all.filter(([index = 0, at = 0]) => {
          return index < before || (index === before && at < position)
        })
        expect(placesOf(payments), `before ${before}, ${position}`).toEqual(earlier)
      }
      const whole = await search(api, { party: 'Lea', before })
      expect(placesOf(whole.payments)).toEqual(all.filter(([index = 0]) => index < before))
    }
  })

  it('moves nothing from one page to another when blocks are added', async () => {
    const api = await start()
    const blocks = chainOf([2, 2, 2])
    await addBlocks(api, blocks)
    const { next } = await search(api, { party: 'Lea', limit: 3 })
    const [, , last = genesis] = blocks
    await addBlocks(api, chainOf([4], last))
    const { payments } = await search(api, { party: 'Lea', limit: 100, ...next })
    expect(placesOf(payments)).toEqual(placesIn(blocks).slice(3))
  })

  it('is of the active chain only, before and after a reorganisation', async () => {
    const api = await start()
    const [shared = genesis, ...ours] = chainOf([1, 2, 1])
    const theirs = chainOf([0, 3, 0, 1], shared, 5)
    await addBlocks(api, [shared, ...ours, ...theirs.slice(0, 2)])
    const before = await search(api, { party: 'Lea' })
    expect(placesOf(before.payments)).toEqual(placesIn([shared, ...ours]))
    await addBlocks(api, theirs.slice(2))
    const after = await search(api, { party: 'Lea' })
    expect(placesOf(after.payments)).toEqual(placesIn([shared, ...theirs]))
    expect(after.payments.map(({ hash }) => hash)).not.toContain(ours[0]?.header.hash)
  })

  it('finds nobody who is only similar', async () => {
    const api = await start()
    const names = ['Lea', 'lea', 'Lea ', 'Le', 'Léa', 'Le\u0301a', 'Lea\u0000', '%', '_ea', '*', '']
    const transactions = names.map((sender) => payment(sender, 'x'))
    await addBlocks(api, [blockAfter(genesis, { transactions })])
    for (const [position, party] of names.entries()) {
      const { payments } = await search(api, { party })
      expect(placesOf(payments), party).toEqual([[2, position]])
    }
    expect(await search(api, { party: 'nobody' })).toEqual({ payments: [], next: null })
  })

  it('tells half of a surrogate pair from the sign that stands for it in the index', async () => {
    const api = await start()
    const first = blockAfter(genesis, { transactions: [payment('\ud800', 'x')] })
    const second = blockAfter(first, { transactions: [payment('\ufffd', 'y')] })
    await addBlocks(api, [
      first,
      second,
      blockAfter(second, { transactions: [payment('z', '\udc00')] }),
    ])
    const { payments, next } = await search(api, { party: '\ufffd' })
    expect([placesOf(payments), next]).toEqual([[[3, 0]], null])
  })

  it('takes a name of digits for a name', async () => {
    const api = await start()
    const names = ['0', '7', '007', '1234567890123456', '9'.repeat(20)]
    const transactions = names.map((sender) => payment(sender, 'x'))
    await addBlocks(api, [blockAfter(genesis, { transactions })])
    for (const [position, party] of names.entries()) {
      expect(placesOf((await search(api, { party })).payments), party).toEqual([[2, position]])
    }
  })

  it('does not tell of what waits for a block', async () => {
    const api = await start()
    await pay(api)
    expect((await search(api, { party: 'Lea' })).payments).toEqual([])
  })

  it('reads large blocks one to a page, and none without need', async () => {
    const api = await start()
    const filler = Array.from({ length: 95 }, () => payment('\u0001'.repeat(1_000), 'x'))
    let last = genesis
    const blocks = Array.from({ length: 3 }, () => {
      last = blockAfter(last, { transactions: [...filler, payment('Lea', 'Mark')] })
      return last
    })
    expect(2 * last.text.length).toBeGreaterThan(MAX_PAGE_BYTES)
    await addBlocks(api, blocks)
    const read: number[] = []
    watchSnapshots(api.store, (snapshot) => {
      const text = snapshot.text.bind(snapshot)
      read.push(0)
      snapshot.text = (hash) => {
        read.push((read.pop() ?? 0) + 1)
        return text(hash)
      }
    })
    const pages = await searchAll(api, { party: 'Lea' })
    expect(pages.map(placesOf)).toEqual([[[4, 95]], [[3, 95]], [[2, 95]]])
    expect(read).toEqual([1, 1, 1])
  })

  it('lets others have their turn between blocks', async () => {
    const api = await start()
    await addBlocks(api, chainOf(Array.from({ length: 30 }, () => 1)))
    let isRead = false
    const answer = search(api, { party: 'Lea', limit: 30 }).then(() => {
      isRead = true
    })
    let turns = 0
    for (; !isRead; turns++) await new Promise(setImmediate)
    await answer
    expect(turns).toBeGreaterThanOrEqual(30)
  })
})

describe('GET /payments', () => {
  const api = sharedApi({}, (started) => {
    return addBlocks(started, chainOf([MAX_PAYMENTS_LISTED + 1]))
  })

  it(`lists ${PAYMENTS_LISTED} if it is not told how many, and ${MAX_PAYMENTS_LISTED} at most`, async () => {
    expect((await search(api(), { party: 'Lea' })).payments).toHaveLength(PAYMENTS_LISTED)
    const { payments } = await search(api(), { party: 'Lea', limit: MAX_PAYMENTS_LISTED })
    expect(payments).toHaveLength(MAX_PAYMENTS_LISTED)
    const more = await api().app.inject(`/payments?party=Lea&limit=${MAX_PAYMENTS_LISTED + 1}`)
    expectProblem(more, 422, 'invalid-request')
  })

  it.each([
    ['', 'party'],
    ['party=a&party=b', 'party'],
    [`party=${'x'.repeat(MAX_PARTY_CHARS + 1)}`, 'party'],
    ['party=Lea&limit=0', 'limit'],
    ['party=Lea&limit=x', 'limit'],
    ['party=Lea&before=0', 'before'],
    ['party=Lea&before=-1', 'before'],
    ['party=Lea&before=9007199254740992', 'before'],
    ['party=Lea&before=2&position=-1', 'position'],
    ['party=Lea&before=2&position=1.5', 'position'],
    ['party=Lea&position=1', 'before'],
  ])('?%s is refused, and the field named', async (query, field) => {
    const { errors } = expectProblem(
      await api().app.inject(`/payments?${query}`),
      422,
      'invalid-request',
    )
    expect(errors?.map((error) => error.field)).toEqual([field])
  })

  it('takes a name as long as names may be', async () => {
    const party = 'é'.repeat(MAX_PARTY_CHARS)
    expect((await search(api(), { party })).payments).toEqual([])
  })

  it('has a HEAD twin without a body', async () => {
    const answer = await api().app.inject({ method: 'HEAD', url: '/payments?party=Lea' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })

  it('frees its snapshot, whether it was answered or refused', async () => {
    const started = await startApi()
    let isBroken = true
    watchSnapshots(started.store, (snapshot) => {
      if (!isBroken) return
      snapshot.blocksWith = () => {
        throw new Error('a fault of ours')
      }
    })
    for (let i = 0; i <= MAX_OPEN_SNAPSHOTS; i++) {
      expectProblem(await started.app.inject('/payments?party=x'), 500, 'internal-error')
    }
    isBroken = false
    for (let i = 0; i <= MAX_OPEN_SNAPSHOTS; i++) await search(started, { party: 'x' })
  })
})

/** A block that lost, in the place of another of the same index; or only its text there. */
const OTHER_BRANCH = `UPDATE headers SET active = 0 WHERE arrival = 2;
  UPDATE headers SET active = 1 WHERE arrival = 5`
const OTHER_TEXT = `UPDATE bodies SET (text, sum) =
  (SELECT text, sum FROM bodies WHERE arrival = 5) WHERE arrival = 2`

describe('an index of transactions that is not of the blocks', () => {
  /** A node over SQLite whose data were changed behind its back. */
  async function startDamaged(sql: string): Promise<Api> {
    const folder = temporaryFolder()
    const api = await startApi({ store: SqliteStore.open(folder, EASY) })
    await addBlocks(api, chainOf([1, 1, 1]))
    await addBlocks(api, branch(genesis, 1, 9))
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
    db.close()
    return api
  }

  it.each([
    ['Eve', "UPDATE parties SET party = 'Eve' WHERE height = 3 AND party = 'Lea'"],
    ['Lea', "INSERT INTO parties VALUES (0, 'Lea', 1)"],
    ['Lea', 'DELETE FROM bodies WHERE arrival = 3'],
    ['Lea', "UPDATE bodies SET text = replace(text, 'Lea', 'Leo') WHERE arrival = 3"],
    ['Lea', 'UPDATE headers SET proof = proof + 1 WHERE arrival = 3'],
    [
      'Lea',
      'UPDATE headers SET active = 0 WHERE height = 4; UPDATE headers SET height = 4, active = 1 WHERE arrival = 3',
    ],
    ['0', OTHER_BRANCH],
    ['0', OTHER_TEXT],
  ])('is not believed about %s after %s', async (party, sql) => {
    const api = await startDamaged(sql)
    expectProblem(await api.app.inject(addressOf({ party })), 503, 'store-damaged')
    expect(api.log.some((line) => line.includes('store-damaged'))).toBe(true)
  })
})
