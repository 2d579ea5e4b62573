import type { RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { NodeClient, NodeRefusal, NodeUnreachable } from '../../../src/api/client/client.ts'
import { patientFetch } from '../../../src/cli/patient-fetch.ts'
import { formatJson, parseJson } from '../../../src/core/json/json.ts'
import {
  type Api,
  type ApiOptions,
  addBlocks,
  listen,
  NODE_ID,
  startApi,
  VERSION,
} from '../../helpers/api.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { startServer } from '../../helpers/servers.ts'

const { genesis } = EASY.rules
const PAYMENT = { sender: 'Lea', recipient: 'Mark', amount: '10.0' }

async function startClient(options: ApiOptions = {}, token?: string) {
  const api = await startApi(options)
  const base = await listen(api)
  return { api, base, client: new NodeClient(base, { token }) }
}

async function mineWith(client: NodeClient, api: Api) {
  const mined = client.mine()
  await api.miner.until(({ running }) => running !== undefined)
  api.miner.solve()
  return mined
}

/** A server that is no node. */
async function startStranger(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await startServer(listener)}`
}

async function refusalOf(work: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error = await work.catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(NodeRefusal)
  if (!(error instanceof NodeRefusal)) throw error
  return { status: error.status, code: error.code }
}

describe('the client of a node', () => {
  it('reads its state', async () => {
    const { client } = await startClient()
    await client.send(PAYMENT)
    expect(await client.info()).toEqual({
      id: NODE_ID,
      chain: 'classic',
      spec: formatJson(parseJson(EASY.text)),
      height: 1,
      tip: {
        index: 1,
        hash: genesis.header.hash,
        timestamp: genesis.header.timestamp,
      },
      currentTransactions: 1,
      version: VERSION,
    })
  })

  it('sends payments, mines them and reads them back with every amount as written', async () => {
    const { api, client } = await startClient()
    const amounts = ['10.0', '10', '1e-7', '9007199254740993', '-0.0', '1E+2']
    for (const amount of amounts) {
      const { message, index } = await client.send({ ...PAYMENT, amount })
      expect(index).toBe(2)
      expect(message).toMatch(/block at index 2$/)
    }
    const mined = await mineWith(client, api)
    expect(mined).toMatchObject({ index: 2, previousHash: genesis.header.hash })
    expect(mined.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(mined.transactions).toEqual([
      ...amounts.map((amount) => ({ ...PAYMENT, amount })),
      { sender: '0', recipient: NODE_ID, amount: '1' },
    ])
    const { blocks, length } = await client.chain()
    expect(length).toBe(2)
    const { hash: _hash, tries, ...block } = mined
    expect(tries).toBe(mined.proof + 1)
    expect(blocks[1]).toEqual(block)
    expect(blocks[0]).toMatchObject({ previousHash: '1', timestamp: '1767225600.0' })
  })

  it('sends names as they are', async () => {
    const { api, client } = await startClient()
    const sender = 'Ω "\\ \n\ud800 __proto__'
    await client.send({ ...PAYMENT, sender })
    const mined = await mineWith(client, api)
    expect(mined.transactions[0]?.sender).toBe(sender)
  })

  it('reads parts of the chain, as blocks and as text', async () => {
    const { api, client } = await startClient()
    await addBlocks(api, branch(genesis, 5))
    const { blocks, length } = await client.chain({ from: 3, limit: 2 })
    expect([blocks.map(({ index }) => index), length]).toEqual([[3, 4], 6])
    expect((await client.chain({ from: 7 })).blocks).toEqual([])
    expect((await client.chain({ limit: 1 })).blocks).toHaveLength(1)
    const text = await client.chainText()
    expect(text).toBe((await api.app.inject('/chain')).body)
    expect(JSON.parse(await client.chainText({ from: 6 })).chain).toHaveLength(1)
  })

  it('reads one block as text, by index and by hash', async () => {
    const { client } = await startClient()
    const { hash } = genesis.header
    const text = await client.blockText(1)
    expect(text).toBe(`${genesis.text.slice(0, -1)}, "hash": "${hash}", "active": true}`)
    expect(await client.blockText(hash)).toBe(text)
    expect(await refusalOf(client.blockText('2'))).toEqual({ status: 404, code: 'block-not-found' })
  })

  it('reads the ends of all branches', async () => {
    const { api, client } = await startClient()
    const [won, lost] = [branch(genesis, 3), branch(genesis, 2, 1)]
    await addBlocks(api, [...won, ...lost])
    const fork = { index: 1, hash: genesis.header.hash }
    expect(await client.tips()).toEqual([
      {
        index: 4,
        hash: won.at(-1)?.header.hash,
        isActive: true,
        branchLength: 0,
        fork: { index: 4, hash: won.at(-1)?.header.hash },
      },
      { index: 3, hash: lost.at(-1)?.header.hash, isActive: false, branchLength: 2, fork },
    ])
  })

  it('reads the first of what waits, and how much does', async () => {
    const { client } = await startClient()
    expect(await client.waiting(1)).toEqual({ transactions: [], length: 0 })
    for (const amount of ['10.0', '1e-7', '3']) await client.send({ ...PAYMENT, amount })
    const { transactions, length } = await client.waiting(2)
    expect(transactions.map(({ amount }) => amount)).toEqual(['10.0', '1e-7'])
    expect(length).toBe(3)
    expect((await client.waiting(3)).transactions).toHaveLength(3)
    expect(await client.waiting(4)).toMatchObject({ length: 3 })
  })

  it('searches for a party, page by page, with every amount as written', async () => {
    const { api, client } = await startClient()
    const party = 'Ω & "\\ \n+%=#0'
    const amounts = ['10.0', '10', '1e-7']
    const transactions = amounts.map((amount) => payment(party, 'Mark', amount))
    const first = blockAfter(genesis, { transactions })
    const second = blockAfter(first, { transactions: transactions.slice(0, 1) })
    await addBlocks(api, [first, second])
    const page = await client.payments({ party, limit: 2 })
    const place = { index: 3, hash: second.header.hash, position: 0 }
    const transaction = { sender: party, recipient: 'Mark', amount: '10.0' }
    expect(page.payments[0]).toEqual({ ...place, transaction })
    expect(page.payments[1]?.transaction.amount).toBe('1e-7')
    const { next: before } = page
    if (before === undefined) throw new Error('there is more')
    expect(before).toEqual({ index: 2, position: 2 })
    const last = await client.payments({ party, before })
    expect(last.payments.map((each) => each.transaction.amount)).toEqual(['10', '10.0'])
    expect(last.next).toBeUndefined()
    expect(await client.payments({ party: '' })).toEqual({ payments: [], next: undefined })
  })

  it('searches for no other than whom it was asked for', async () => {
    const { client } = await startClient()
    await expect(client.payments({ party: '\ud800' })).rejects.toBeInstanceOf(URIError)
  })

  it('reads a number that links to a genesis of the older dialect', async () => {
    const base = await startStranger((_request, response) => {
      const block = genesis.text.replace('"previous_hash": "1"', '"previous_hash": 1')
      response.end(`{"chain": [${block}], "length": 1}`)
    })
    expect((await new NodeClient(base).chain()).blocks[0]?.previousHash).toBe('1')
  })

  it('takes an address with slashes at its end', async () => {
    const { base } = await startClient()
    expect((await new NodeClient(`${base}//`).info()).height).toBe(1)
  })

  it('gives a search up when it is told to, and the node with it', async () => {
    const { api, client } = await startClient()
    const gone = new AbortController()
    const mined = client.mine({ signal: gone.signal })
    await api.miner.until(({ running }) => running !== undefined)
    const reason = new Error('no longer')
    gone.abort(reason)
    await expect(mined).rejects.toBe(reason)
    await api.miner.until(({ cancelled }) => cancelled.length === 1)
  })

  it('is no page: a browser’s User-Agent does not stop it', async () => {
    const { base } = await startClient()
    const asBrowser: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers)
      headers.set('user-agent', 'Mozilla/5.0')
      return fetch(url, { ...init, headers })
    }
    const client = new NodeClient(base, { fetch: asBrowser })
    expect((await client.send(PAYMENT)).index).toBe(2)
  })
})

describe('a refusal', () => {
  it('carries the node’s status, code and words', async () => {
    const { client } = await startClient()
    const error = await client
      .send({ ...PAYMENT, amount: '1'.repeat(401) })
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ name: 'NodeRefusal', status: 422, code: 'bad-amount' })
    expect(error instanceof Error && error.message).toBeTruthy()
    expect(await refusalOf(client.send({ ...PAYMENT, amount: 'ten' }))).toEqual({
      status: 400,
      code: 'json-syntax',
    })
    expect(await refusalOf(client.payments({ party: 'x', limit: 101 }))).toEqual({
      status: 422,
      code: 'invalid-request',
    })
    expect(await refusalOf(client.chain({ from: 0 }))).toEqual({
      status: 422,
      code: 'invalid-request',
    })
  })

  it('comes for a missing or wrong token, and not for the right one', async () => {
    const { base, client } = await startClient({ token: 'secret' }, 'secret')
    expect((await client.send(PAYMENT)).index).toBe(2)
    for (const token of [undefined, 'wrong']) {
      const other = new NodeClient(base, { token })
      expect(await refusalOf(other.send(PAYMENT))).toEqual({ status: 401, code: 'token-required' })
      expect(await refusalOf(other.mine())).toEqual({ status: 401, code: 'token-required' })
      expect((await other.info()).height).toBe(1)
    }
  })

  it('has no code where the answer is none of a node’s', async () => {
    const base = await startStranger((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
    })
    expect(await refusalOf(new NodeClient(base).info())).toEqual({ status: 502, code: '' })
  })
})

describe('where no node is', () => {
  it('nothing listening is unreachable', async () => {
    const { api, client } = await startClient()
    await api.close()
    await expect(client.info()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.mine()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.send(PAYMENT)).rejects.toBeInstanceOf(NodeUnreachable)
  })

  it.each(['nonsense', 'http://', 'file:///etc/passwd', '127.0.0.1:6220', 'localhost:5000', ''])(
    '%j is no URL of a node, and said at once',
    async (base) => {
      expect(() => new NodeClient(base)).toThrow('expected the URL of a node, such as http://')
    },
  )

  it.each([
    ['a page', 'text/html', '<!doctype html><title>router</title>'],
    ['nothing', 'application/json', ''],
    ['another JSON', 'application/json', '{"hello": "world"}'],
    ['an array', 'application/json', '[]'],
    ['null', 'application/json', 'null'],
    [
      'numbers that are none',
      'application/json',
      '{"id": 1, "chain": [1], "length": "2", "index": 0.5}',
    ],
    ['JSON that is cut off', 'application/json', '{"chain": ['],
    ['JSON beyond the depth limit', 'application/json', '['.repeat(1_000)],
  ])('a server that answers %s is no node', async (_what, type, body) => {
    const base = await startStranger((_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body)
    })
    const client = new NodeClient(base)
    await expect(client.info()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.chain()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.payments({ party: 'x' })).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.mine()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.send(PAYMENT)).rejects.toBeInstanceOf(NodeUnreachable)
  })

  it('a server that calls anything a problem is no node', async () => {
    const base = await startStranger((_request, response) => {
      response.writeHead(500, { 'content-type': 'application/problem+json' }).end('{')
    })
    await expect(new NodeClient(base).info()).rejects.toBeInstanceOf(NodeUnreachable)
  })

  describe.each([
    ['fetch', fetch],
    ['patientFetch', patientFetch],
  ])('over %s', (_name, over) => {
    it('an answer may have so many bytes, and not one more', async () => {
      const base = await startStranger((_request, response) => response.end('1234567890'))
      const text = (maxResponseBytes: number) =>
        new NodeClient(base, { fetch: over, maxResponseBytes }).chainText()
      expect(await text(10)).toBe('1234567890')
      await expect(text(9)).rejects.toThrow('what answers sent more than 9 bytes')
    })

    it('an answer without an end is left there', async () => {
      const { promise: left, resolve: leave } = Promise.withResolvers<void>()
      const base = await startStranger((_request, response) => {
        response.once('close', leave)
        const goOn = () => {
          while (response.write('x'.repeat(65_536)));
        }
        response.on('drain', goOn)
        goOn()
      })
      const client = new NodeClient(base, { fetch: over, maxResponseBytes: 1_000_000 })
      await expect(client.info()).rejects.toBeInstanceOf(NodeUnreachable)
      await left
    })
  })

  it('an answer that breaks off is unreachable', async () => {
    const base = await startStranger((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"chain": [', () => response.destroy())
    })
    const client = new NodeClient(base)
    await expect(client.chain()).rejects.toBeInstanceOf(NodeUnreachable)
    await expect(client.chainText()).rejects.toBeInstanceOf(NodeUnreachable)
  })

  it('blocks that are none are no node’s', async () => {
    const block = blockAfter(genesis)
    for (const wrong of [
      block.text.replace('"index": 2', '"index": "2"'),
      block.text.replace(/"proof": \d+/, '"proof": null'),
      block.text.replace(/"transactions": \[.*\]/, '"transactions": [1]'),
      block.text.replace(/"previous_hash": "\w+"/, '"previous_hash": null'),
      '1',
    ]) {
      const base = await startStranger((_request, response) => {
        response.end(`{"chain": [${wrong}], "length": 1}`)
      })
      await expect(new NodeClient(base).chain()).rejects.toBeInstanceOf(NodeUnreachable)
    }
  })
})
