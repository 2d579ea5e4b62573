import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_OPEN_SNAPSHOTS, STREAM_PAGE } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import {
  addBlocks,
  amountsIn,
  expectProblem,
  listen,
  mine,
  NODE_ID,
  pay,
  startApi,
} from '../../helpers/api.ts'
import { blockAfter, branch, chainText, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { startServer } from '../../helpers/servers.ts'
import {
  AUTHORITATIVE,
  REPLACED,
  type ResolveAnswer,
  registered,
  resolve,
  startOther,
} from './nodes-api.ts'
import { startTutorialServer } from './tutorial-server.ts'

const { genesis } = EASY.rules

/** The text between the brackets of the array under a key. */
function arrayIn(body: string, key: string): string {
  const begin = `"${key}": [`
  const from = body.indexOf(begin) + begin.length
  // Only a chain's own end is followed by the length.
  return body.slice(from, body.indexOf('], "length": ', from))
}

describe('GET /nodes/resolve', () => {
  it('without other nodes keeps the chain, and reports on nobody', async () => {
    const api = await startApi()
    await mine(api)
    const answer = await api.app.inject('/nodes/resolve')
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const { chain } = (await api.app.inject('/chain')).json()
    expect(answer.json()).toEqual({ message: AUTHORITATIVE, chain, length: 2, report: [] })
  })

  it('adopts a longer chain, and gives it as new_chain', async () => {
    const other = await startOther()
    await addBlocks(other, branch(genesis, 3))
    const api = await startApi()
    await registered(api, [other.address])
    const { chain } = (await other.app.inject('/chain')).json()
    const tip = (await other.app.inject('/info')).json().tip.hash
    expect(await resolve(api)).toEqual({
      message: REPLACED,
      new_chain: chain,
      length: 4,
      report: [{ node: other.address, verdict: 'adopted', length: 4, tip }],
    })
    expect(await resolve(api)).toEqual({
      message: AUTHORITATIVE,
      chain,
      length: 4,
      report: [{ node: other.address, verdict: 'same', length: 4, tip }],
    })
  })

  it.each(['memory', 'SQLite'])(
    'streams the blocks of /chain, byte for byte, from %s',
    async (name) => {
      const other = await startOther()
      await addBlocks(other, branch(genesis, 2 * STREAM_PAGE + 10))
      const inMemory = name === 'memory'
      const store = inMemory ? new MemoryStore() : SqliteStore.open(temporaryFolder(), EASY)
      const api = await startApi({ store })
      await registered(api, [other.address])
      for (const key of ['new_chain', 'chain']) {
        const { body } = await api.app.inject('/nodes/resolve')
        expect(arrayIn(body, key)).toBe(arrayIn((await api.app.inject('/chain')).body, 'chain'))
        expect(JSON.parse(body)).toMatchObject({ length: 2 * STREAM_PAGE + 11 })
      }
      expect((await api.app.inject('/chain')).body).toBe((await other.app.inject('/chain')).body)
    },
  )

  it('leaves numbers as they were written', async () => {
    const amounts = ['10.0', '1e-7', '1E16', '-0.0', '-0', '9007199254740993', '0.10']
    const transactions = amounts.map((amount) => payment('Lea', 'Mark', amount))
    const other = await startOther()
    await addBlocks(other, [blockAfter(genesis, { transactions })])
    const api = await startApi()
    await pay(api, { amount: '7.50' })
    await registered(api, [other.address])
    const { body } = await api.app.inject('/nodes/resolve')
    expect(amountsIn(body)).toEqual(amounts)
    expect(amountsIn((await api.app.inject('/chain')).body)).toEqual(amounts)
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(['7.50'])
  })

  it('has no HEAD', async () => {
    const api = await startApi()
    const answer = await api.app.inject({ method: 'HEAD', url: '/nodes/resolve' })
    expect(answer.statusCode).toBe(405)
  })
})

describe('?chain', () => {
  it('=false leaves the chain out, and does all the rest', async () => {
    const other = await startOther()
    await addBlocks(other, branch(genesis, 3))
    const api = await startApi()
    await registered(api, [other.address])
    const verdicts = async (query: string) => {
      const { report, ...rest } = await resolve(api, query)
      return [rest, report.map(({ verdict }) => verdict)]
    }
    expect(await verdicts('?chain=false')).toEqual([{ message: REPLACED, length: 4 }, ['adopted']])
    expect(await verdicts('?chain=false')).toEqual([
      { message: AUTHORITATIVE, length: 4 },
      ['same'],
    ])
    expect((await resolve(api, '?chain=true')).chain).toHaveLength(4)
  })

  it.each([
    '?chain=',
    '?chain=0',
    '?chain=1',
    '?chain=no',
    '?chain=False',
    '?chain=true&chain=true',
  ])('%s is 422, and nobody is asked', async (query) => {
    const other = await startTutorialServer(chainText([genesis]))
    const api = await startApi()
    await registered(api, [other.address])
    const answer = await api.app.inject(`/nodes/resolve${query}`)
    const { errors } = expectProblem(answer, 422, 'invalid-request')
    expect([...new Set(errors?.map(({ field }) => field))]).toEqual(['chain'])
    expect(other.asked).toEqual([])
  })

  it('and other fields of a query are refused', async () => {
    const api = await startApi()
    for (const query of ['?x=1', '?Chain=0', '?__proto__=1']) {
      const answer = await api.app.inject(`/nodes/resolve${query}`)
      const { errors } = expectProblem(answer, 422, 'invalid-request')
      expect(errors?.[0]?.detail).toBe('is not known here (known: chain)')
    }
  })
})

describe('the report', () => {
  it('says of each node how it stands, in one call', async () => {
    const api = await startApi()
    const self = new URL(await listen(api)).host
    await addBlocks(api, branch(genesis, 2))
    const best = branch(genesis, 4, 1)
    const longest = await startOther()
    await addBlocks(longest, best)
    const twin = await startOther()
    await addBlocks(twin, best)
    const tie = await startOther()
    const rival = branch(genesis, 4, 2)
    await addBlocks(tie, rival)
    const shorter = await startOther()
    const broken = [genesis, ...best].map(({ text }) => text).with(2, '{}')
    const invalid = await startTutorialServer(`{"chain": [${broken}], "length": 5}`)
    const page = await startTutorialServer('<html>hello</html>')
    const nobody = '127.0.0.1:1'
    await registered(api, [
      ...[longest, twin, tie, shorter, invalid, page].map(({ address }) => address),
      self,
      nobody,
    ])
    const { message, report, length } = await resolve(api)
    expect({ message, length }).toEqual({ message: REPLACED, length: 5 })
    const found = new Map(report.map((entry) => [entry.node, entry]))
    expect(found.size, 'each node once').toBe(report.length)
    // Of equal chains the one that was heard first wins, and the others tie with it.
    const [one, other] = [best, rival].map((blocks) => blocks.at(-1)?.header.hash)
    const winner = (await api.live.read((reader) => reader.tip()))?.hash
    expect([one, other]).toContain(winner)
    for (const [node, tip] of [
      [longest, one],
      [twin, one],
      [tie, other],
    ] as const) {
      const { verdict, ...entry } = found.get(node.address) ?? {}
      expect(entry).toMatchObject({ length: 5, tip })
      expect(tip === winner ? ['adopted', 'same'] : ['tie']).toContain(verdict)
    }
    expect(report.some(({ verdict }) => verdict === 'adopted')).toBe(true)
    expect(found.get(shorter.address)).toMatchObject({ verdict: 'shorter', length: 1 })
    expect(found.get(invalid.address)).toMatchObject({
      verdict: 'invalid',
      rule: 'bad-block-keys',
      block: 3,
      detail: expect.stringContaining('key'),
    })
    expect(found.get(page.address)).toMatchObject({ verdict: 'misbehaved', reason: 'not-a-chain' })
    expect(found.get(page.address)?.detail).not.toContain('html')
    expect(found.get(self)).toEqual({ node: self, verdict: 'self', length: null, tip: null })
    expect(found.get(nobody)).toMatchObject({
      verdict: 'unreachable',
      length: null,
      tip: null,
      reason: 'connection-failed',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it.each([
    [302, { location: 'http://127.0.0.1:1/chain' }, 'bad-status'],
    [404, {}, 'bad-status'],
    [500, {}, 'bad-status'],
    [204, {}, 'bad-status'],
    [200, { 'content-encoding': 'gzip' }, 'bad-encoding'],
  ])('says why an answer of status %i with %j is no good', async (status, headers, reason) => {
    const port = await startServer((_request, reply) => {
      reply.writeHead(status, headers)
      reply.end(chainText([genesis, ...branch(genesis, 3)]))
    })
    const api = await startApi()
    await registered(api, [`127.0.0.1:${port}`])
    const { message, report } = await resolve(api)
    expect(message).toBe(AUTHORITATIVE)
    expect(report).toMatchObject([{ verdict: 'misbehaved', reason, length: null, tip: null }])
  })

  it.each([
    '169.254.169.254',
    '[fe80::1]:80',
    '[64:ff9b::a9fe:a9fe]:80',
    '224.0.0.1',
    '[::ffff:169.254.169.254]',
  ])('says that nobody is asked at %s', async (address) => {
    const api = await startApi()
    await registered(api, [address])
    const { report } = await resolve(api)
    expect(report).toMatchObject([{ verdict: 'unreachable', reason: 'forbidden-address' }])
  })

  it('is answered also where no more streams may be open, if no chain is wanted', async () => {
    const api = await startApi()
    const taken = Array.from({ length: MAX_OPEN_SNAPSHOTS }, () => api.live.snapshot())
    const snapshots = await Promise.all(taken)
    expectProblem(await api.app.inject('/nodes/resolve'), 503, 'too-many-streams')
    const answer = await api.app.inject('/nodes/resolve?chain=false')
    for (const { close } of snapshots) close()
    expect(answer.statusCode).toBe(200)
    const again: ResolveAnswer = await resolve(api)
    expect(again.message).toBe(AUTHORITATIVE)
  })
})

describe('the header x-toychain-node', () => {
  it('tells the id of the node with every answer of /chain', async () => {
    const api = await startApi()
    for (const url of ['/chain', '/chain?from=9', '/chain?from=1&limit=1']) {
      expect((await api.app.inject(url)).headers['x-toychain-node']).toBe(NODE_ID)
      const { headers } = await api.app.inject({ method: 'HEAD', url })
      expect(headers['x-toychain-node']).toBe(NODE_ID)
    }
  })
})
