import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import type { Store } from '../../../src/node/store/store.ts'
import {
  amountsIn,
  expectProblem,
  mine,
  pay,
  paymentBody,
  post,
  startApi,
} from '../../helpers/api.ts'
import { EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

const STORES: [string, () => Store][] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', () => SqliteStore.open(temporaryFolder(), EASY)],
]

describe('POST /transactions/new', () => {
  it('answers with the block that will hold it, in the tutorial’s words', async () => {
    const api = await startApi()
    const answer = await post(api, paymentBody())
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const { message, index, ...rest } = JSON.parse(answer.body)
    expect(index).toBe(2)
    expect(message).toMatch(/ block at index 2$/)
    expect(rest).toEqual({})
  })

  it('takes keys in any order, with any space between', async () => {
    const api = await startApi()
    const body = '\n{ "amount" :\t1,"recipient":"b" , "sender":"a"}\r\n'
    expect((await post(api, body)).statusCode).toBe(200)
  })

  it('takes application/json with parameters and in capitals', async () => {
    const api = await startApi()
    for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
      expect((await post(api, paymentBody(), { 'content-type': type })).statusCode).toBe(200)
    }
  })
})

const AMOUNTS = [
  '10.0',
  '10',
  '1e-7',
  '1E+2',
  '1e2',
  '9007199254740993',
  '-0.0',
  '-0',
  '0',
  '-17.50',
  '123456789012345678901234567890',
  '0.1000000000000000055511151231257827',
  '1e308',
  '5e-324',
  '1e-400',
  `1${'0'.repeat(MAX_NUMBER_CHARS - 1)}`,
  `0.${'3'.repeat(MAX_NUMBER_CHARS - 2)}`,
]

describe.each(STORES)('numbers in %s', (_name, openStore) => {
  it('keep their text among the current transactions, in the chain, in a block and in /mine', async () => {
    const api = await startApi({ store: openStore() })
    for (const amount of AMOUNTS) await pay(api, { amount })
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(AMOUNTS)

    const mined = (await mine(api)).body
    expect(amountsIn(mined)).toEqual([...AMOUNTS, '1'])
    const { hash } = JSON.parse(mined)
    for (const url of ['/chain', '/chain?from=2&limit=1', '/blocks/2', `/blocks/${hash}`]) {
      expect(amountsIn((await api.app.inject(url)).body), url).toEqual([...AMOUNTS, '1'])
    }
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual([])
  })
})

const NAMES = [
  '',
  'Ω≈ç√',
  '😀',
  '\u0000\u0001\u001f\u007f',
  'line\nbreak\ttab "quoted" \\ /',
  '\ud800',
  'x\udfffy',
  '\u2028\u2029\ufeff',
  '__proto__',
  'constructor',
  'a'.repeat(MAX_PARTY_CHARS),
  'é'.repeat(MAX_PARTY_CHARS),
]

describe.each(STORES)('names in %s', (_name, openStore) => {
  it('beyond ASCII survive, lone surrogates and controls too', async () => {
    const api = await startApi({ store: openStore() })
    for (const name of NAMES) await pay(api, { sender: name, recipient: `to ${name}`.slice(-9) })
    const parties = (transactions: { sender: string }[]) => transactions.map((t) => t.sender)
    const waiting = (await api.app.inject('/transactions')).json()
    expect(parties(waiting.transactions)).toEqual(NAMES)
    await mine(api)
    const block = (await api.app.inject('/blocks/2')).json()
    expect(parties(block.transactions).slice(0, -1)).toEqual(NAMES)
    expect(block.transactions[4].recipient).toBe(`to ${NAMES[4]}`.slice(-9))
  })

  it('take sender and recipient of "0" like any other', async () => {
    const api = await startApi({ store: openStore() })
    await pay(api, { sender: '0', recipient: '0', amount: '1' })
    const { transactions } = JSON.parse((await mine(api)).body)
    expect(transactions).toHaveLength(2)
  })
})

describe('GET /transactions', () => {
  it('lists as many as are asked for, and says how many wait in all', async () => {
    const api = await startApi()
    for (const amount of ['1', '2', '3']) await pay(api, { amount })
    for (const limit of [1, 2, 3, 4, Number.MAX_SAFE_INTEGER]) {
      const answer = await api.app.inject(`/transactions?limit=${limit}`)
      expect(amountsIn(answer.body)).toEqual(['1', '2', '3'].slice(0, limit))
      expect(answer.json()).toMatchObject({ length: 3 })
    }
    for (const limit of ['0', '-1', 'x', '1.5', '9007199254740992']) {
      const answer = await api.app.inject(`/transactions?limit=${limit}`)
      expectProblem(answer, 422, 'invalid-request')
    }
  })

  it('lists what waits, in the order of arrival, equal ones twice', async () => {
    const api = await startApi()
    expect((await api.app.inject('/transactions')).json()).toEqual({ transactions: [], length: 0 })
    for (const amount of ['1', '2', '1']) await pay(api, { amount })
    const answer = await api.app.inject('/transactions')
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const payment = { sender: 'Lea', recipient: 'Mark' }
    expect(answer.json()).toEqual({
      transactions: [1, 2, 1].map((amount) => ({ ...payment, amount })),
      length: 3,
    })
  })

  it('streams more than one page', async () => {
    const api = await startApi()
    const amounts = Array.from({ length: 401 }, (_, i) => String(i))
    await Promise.all(
      amounts.map((amount) =>
        api.live.request({
          type: 'submit-transaction',
          transaction: parseJson(paymentBody({ amount })),
        }),
      ),
    )
    const { body } = await api.app.inject('/transactions')
    expect(amountsIn(body)).toEqual(amounts)
    expect(JSON.parse(body).length).toBe(401)
  })

  it('has a HEAD twin without a body', async () => {
    const api = await startApi()
    await pay(api)
    const answer = await api.app.inject({ method: 'HEAD', url: '/transactions' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })

  it('survives a restart of the node, with every number as it was posted', async () => {
    const folder = temporaryFolder()
    const before = await startApi({ store: SqliteStore.open(folder, EASY) })
    await pay(before, { amount: '10.0' })
    await mine(before)
    await pay(before, { amount: '1e-7' })
    await before.close()

    const after = await startApi({ store: SqliteStore.open(folder, EASY) })
    expect(amountsIn((await after.app.inject('/chain')).body)).toEqual(['10.0', '1'])
    expect(amountsIn((await after.app.inject('/transactions')).body)).toEqual(['1e-7'])
    expect(after.live.id).toBe(before.live.id)
  })
})

describe('limits of a transaction', () => {
  it(`refuses a number of ${MAX_NUMBER_CHARS + 1} characters and names the field`, async () => {
    const api = await startApi()
    const answer = await post(api, paymentBody({ amount: '1'.repeat(MAX_NUMBER_CHARS + 1) }))
    const problem = expectProblem(answer, 422, 'bad-amount')
    expect(problem.errors?.map(({ field }) => field)).toEqual(['amount'])
  })

  it.each(['sender', 'recipient'])(
    `refuses a ${'%s'} of ${MAX_PARTY_CHARS + 1} characters and names the field`,
    async (field) => {
      const api = await startApi()
      const answer = await post(api, paymentBody({ [field]: 'a'.repeat(MAX_PARTY_CHARS + 1) }))
      const problem = expectProblem(answer, 422, 'invalid-request')
      expect(problem.errors?.map((error) => error.field)).toEqual([field])
    },
  )

  it('counts UTF-16 units of a name, and names the field all the same', async () => {
    const api = await startApi()
    const fits = '😀'.repeat(MAX_PARTY_CHARS / 2)
    expect((await post(api, paymentBody({ sender: fits }))).statusCode).toBe(200)
    const problem = expectProblem(
      await post(api, paymentBody({ sender: `${fits}!` })),
      422,
      'bad-sender',
    )
    expect(problem.errors?.map(({ field }) => field)).toEqual(['sender'])
  })
})
