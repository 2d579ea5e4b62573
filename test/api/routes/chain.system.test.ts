import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { STREAM_PAGE } from '../../../src/core/limits.ts'
import { TOYCHAIN_PY, withDifficulty } from '../../../src/core/spec.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { addBlocks, expectProblem, mine, pay, sharedApi, startApi } from '../../helpers/api.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

/** A chain of some pages and a bit. */
const BLOCKS = [EASY.rules.genesis, ...branch(EASY.rules.genesis, 2 * STREAM_PAGE + 10)]

function part(from: number, limit?: number) {
  const end = limit === undefined ? undefined : from - 1 + limit
  return {
    chain: BLOCKS.slice(from - 1, end).map(({ text }) => JSON.parse(text)),
    length: BLOCKS.length,
  }
}

describe.each(['memory', 'SQLite'])('GET /chain from %s', (name) => {
  it('serves every block over many pages, as each was stored', async () => {
    const inMemory = name === 'memory'
    const store = inMemory ? new MemoryStore() : SqliteStore.open(temporaryFolder(), EASY)
    const api = await startApi({ store })
    await addBlocks(api, BLOCKS.slice(1))
    const answer = await api.app.inject('/chain')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.json()).toEqual(part(1))
    for (const { text } of BLOCKS) expect(answer.body).toContain(text)
    const tail = await api.app.inject(`/chain?from=${STREAM_PAGE}&limit=${STREAM_PAGE + 5}`)
    expect(tail.json()).toEqual(part(STREAM_PAGE, STREAM_PAGE + 5))
  })
})

describe('parts of the chain', () => {
  const api = sharedApi({}, (started) => addBlocks(started, BLOCKS.slice(1)))

  it.each([
    ['?from=1', part(1)],
    ['?from=5', part(5)],
    ['?limit=1', part(1, 1)],
    ['?from=2&limit=3', part(2, 3)],
    [`?from=1&limit=${STREAM_PAGE}`, part(1, STREAM_PAGE)],
    [`?from=2&limit=${STREAM_PAGE + 1}`, part(2, STREAM_PAGE + 1)],
    [`?from=${BLOCKS.length}`, part(BLOCKS.length)],
    [`?from=${BLOCKS.length}&limit=9`, part(BLOCKS.length)],
    ['?limit=9007199254740991', part(1)],
    ['?from=3&limit=9007199254740991', part(3)],
  ])('%s: its blocks, and the length of the whole', async (query, expected) => {
    expect((await api().app.inject(`/chain${query}`)).json()).toEqual(expected)
  })

  it.each([`?from=${BLOCKS.length + 1}`, '?from=9007199254740991&limit=9007199254740991'])(
    '%s: past the end there are no blocks, and that is no error',
    async (query) => {
      const answer = await api().app.inject(`/chain${query}`)
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        { chain: [], length: BLOCKS.length },
      ])
    },
  )

  it.each([
    ['?from=0', ['from']],
    ['?from=x', ['from']],
    ['?from=', ['from']],
    ['?from=-1', ['from']],
    ['?from=1.5', ['from']],
    ['?from=0x10', ['from']],
    ['?from=1e3', ['from']],
    ['?from=9007199254740992', ['from']],
    ['?from=99999999999999999999', ['from']],
    ['?from=1&from=2', ['from']],
    ['?limit=0', ['limit']],
    ['?limit=x', ['limit']],
    ['?from=0&limit=x', ['from', 'limit']],
  ])('%s: 422 naming each wrong field', async (query, fields) => {
    const answer = await api().app.inject(`/chain${query}`)
    const { errors } = expectProblem(answer, 422, 'invalid-request')
    expect([...new Set(errors?.map(({ field }) => field))]).toEqual(fields)
  })

  it('leaves unknown and strange query fields alone', async () => {
    for (const query of ['?x=1', '?__proto__=1', '?constructor=2&toString=3', '?%00', '?&&=&']) {
      expect((await api().app.inject(`/chain${query}`)).statusCode, query).toBe(200)
    }
  })

  it('HEAD gives the headers of the answer and no body', async () => {
    const answer = await api().app.inject({ method: 'HEAD', url: '/chain' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
  })
})

describe('the chain over the API', () => {
  it('of the older dialect links its genesis with the number 1', async () => {
    const api = await startApi({ spec: withDifficulty(TOYCHAIN_PY, 1) })
    expect((await api.app.inject('/chain')).json().chain[0].previous_hash).toBe(1)
    expect((await api.app.inject('/blocks/1')).json().previous_hash).toBe(1)
    expect(JSON.parse((await mine(api)).body)).toMatchObject({ index: 2 })
    const info = (await api.app.inject('/info')).json()
    expect(info).toMatchObject({ chain: 'toychain-py', height: 2 })
  })

  it('begins with the genesis of its spec', async () => {
    const api = await startApi()
    expect((await api.app.inject('/chain')).json()).toEqual({
      chain: [JSON.parse(EASY.rules.genesis.text)],
      length: 1,
    })
  })

  it('is what the node itself calls valid', async () => {
    const api = await startApi()
    for (const amount of ['10.0', '1e-7']) {
      await pay(api, { amount })
      await mine(api)
    }
    const verdict = new BlockChain({ spec: EASY }).checkChain((await api.app.inject('/chain')).body)
    expect(verdict).toMatchObject({ valid: true })
  })
})
