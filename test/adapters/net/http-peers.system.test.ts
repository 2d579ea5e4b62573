import { once } from 'node:events'
import { createServer } from 'node:http'
import type { LookupFunction } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MAX_PEER_PIECES, MAX_TURN_WORK_MS, PEER_PIECE_BYTES } from '../../../src/core/limits.ts'
import { WHOLE_CHAIN } from '../../../src/node/pull/asking.ts'
import { hasIpv6 } from '../../helpers/ipv6.ts'
import { always, body, CHUNKED, chunk, head, OK } from '../../hostile/answers.ts'
import { type Script, startHostile } from '../../hostile/hostile-server.ts'
import { failed, finds, manyTurns, openPeers } from '../../hostile/told-peers.ts'

const TEXT = '{"chain": [], "length": 0}'
const KIB = 1_024

/** That an ask has ended with such a text. */
function ended(ask: number) {
  return { type: 'ended', ask, answer: { type: 'blocks', length: 0 } }
}

describe('asking many nodes', () => {
  it('reads no more of them in a turn than there is time for, and each of them in the end', async () => {
    const count = 40
    const all = Promise.withResolvers<void>()
    let asked = 0
    const server = await startHostile(async ({ asked: isAsked, end }) => {
      await isAsked()
      if (++asked === count) all.resolve()
      // So all answers come at the same moment.
      await all.promise
      end(OK + TEXT)
    })
    let nowMs = 0
    let readInTurn = 0
    let mostInTurn = 0
    // Each look at the clock is a connection that is read, for the time of a whole turn.
    const clock = () => {
      if (readInTurn++ === 0) setImmediate(() => (readInTurn = 0))
      mostInTurn = Math.max(mostInTurn, readInTurn)
      nowMs += MAX_TURN_WORK_MS
      return nowMs
    }
    const { peers, inputs, over } = openPeers({ nowMs: clock })
    const asks = Array.from({ length: count }, (_, i) => i)
    for (const ask of asks) peers.ask(ask, server.address, WHOLE_CHAIN)
    for (const ask of asks) await over(ask)
    for (const ask of asks) expect(inputs).toContainEqual(ended(ask))
    // Not all that have come.
    expect(mostInTurn).toBeLessThan(count / 4)
  })
})

describe('asking a node', () => {
  it('tells that the answer begins, its pieces, and that it has ended', async () => {
    const server = await startHostile(body(TEXT))
    const { peers, inputs, over } = openPeers()
    peers.ask(7, server.address, WHOLE_CHAIN)
    await over(7)
    expect(inputs[0]).toEqual({ type: 'connected', ask: 7 })
    expect(inputs[1]).toEqual({ type: 'began', ask: 7, nodeId: undefined })
    expect(inputs.at(-1)).toEqual(ended(7))
    const heard = inputs.filter((input) => input.type === 'heard')
    expect(heard).toHaveLength(inputs.length - 3)
    expect(heard.flatMap(({ blocks }) => blocks)).toEqual([])
    // Headers are counted with the first piece.
    const bytes = heard.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    expect(bytes).toBeGreaterThan(TEXT.length)
    expect(bytes).toBeLessThan(TEXT.length + 500)
  })

  it('sends what is needed and nothing that tells about us', async () => {
    let sent = ''
    const server = await startHostile(async ({ asked, end }) => {
      sent = (await asked()).text
      end(head('404 Not Found'))
    })
    const { peers, over } = openPeers()
    peers.ask(1, server.address, { type: 'blocks', from: 1, limit: 2 })
    await over(1)
    const [first, ...lines] = sent.trim().toLowerCase().split('\r\n')
    expect(first).toBe('get /chain?from=1&limit=2 http/1.1')
    expect(lines.toSorted()).toEqual([
      'accept-encoding: identity',
      'accept: application/json',
      'connection: close',
      `host: ${server.address}`,
      'user-agent: toychain',
    ])
  })

  it('tells the id that the answer carries', async () => {
    const server = await startHostile(body(TEXT, 'x-toychain-node: abc'))
    const { peers, inputs, over } = openPeers()
    peers.ask(1, server.address, WHOLE_CHAIN)
    await over(1)
    expect(inputs[1]).toEqual({ type: 'began', ask: 1, nodeId: 'abc' })
  })

  it('puts letters together that come in two pieces', async () => {
    const bytes = Buffer.from('["€"]')
    const server = await startHostile(async ({ asked, send, end }) => {
      await asked()
      await send(head('200 OK', 'connection: close'))
      await send(bytes.subarray(0, 3))
      await manyTurns()
      end(bytes.subarray(3))
    })
    const { peers, inputs, over } = openPeers()
    peers.ask(1, server.address, WHOLE_CHAIN)
    await over(1)
    const heard = inputs.filter((input) => input.type === 'heard')
    expect(heard.flatMap(({ blocks }) => blocks)).toEqual(['€'])
  })

  describe('that redirects', () => {
    const redirecting = (location: (address: string) => string, status = '308 Moved'): Script => {
      return async (visit) => {
        const { path } = await visit.asked()
        if (path.startsWith('/chain/')) visit.end(`${OK}${TEXT}`)
        else visit.end(head(status, `location: ${location(visit.address)}`, 'content-length: 0'))
      }
    }

    it.each([
      ['to the same with a slash', () => '/chain/'],
      ['to a path beside it', () => 'chain/'],
      ['with the query', () => '/chain/?from=1&limit=2'],
      ['to the whole address', (address: string) => `http://${address}/chain/?from=1&limit=2`],
    ])('%s is asked there', async (_how, location) => {
      for (const status of ['301 Moved', '302 Found', '303 See Other', '307 Moved', '308 Moved']) {
        const server = await startHostile(redirecting(location, status))
        const { peers, inputs, over } = openPeers()
        peers.ask(1, server.address, { type: 'blocks', from: 1, limit: 2 })
        await over(1)
        expect(inputs.at(-1)).toMatchObject({ type: 'ended', ask: 1 })
        expect(server.connections).toBe(2)
      }
    })

    it.each([
      ['elsewhere', () => '/mine'],
      ['to another query', () => '/chain/?from=7'],
      ['to another machine', () => 'http://localhost.example/chain/'],
      ['to another port', () => 'http://127.0.0.1:1/chain/'],
      ['to https', (address: string) => `https://${address}/chain/`],
      ['with a user', (address: string) => `http://me:secret@${address}/chain/`],
      ['nowhere', () => 'http://['],
    ])('%s is not followed, and the report says where to', async (_how, location) => {
      const server = await startHostile(redirecting(location))
      const { peers, inputs, over } = openPeers()
      peers.ask(1, server.address, { type: 'blocks', from: 1, limit: 2 })
      await over(1)
      const detail = `expected status 200, got 308 to "${location(server.address)}"`
      expect(inputs.at(-1)).toEqual({
        type: 'ask-failed',
        ask: 1,
        fault: { code: 'bad-status', detail },
      })
      expect(server.connections).toBe(1)
    })

    it('a second time is not followed', async () => {
      const server = await startHostile(always(head('308 Moved', 'location: /chain/')))
      const { peers, inputs, over } = openPeers()
      peers.ask(1, server.address, WHOLE_CHAIN)
      await over(1)
      expect(inputs.at(-1)).toEqual(failed(1, 'bad-status'))
      expect(server.connections).toBe(2)
    })

    it('from another path than a chain is not followed', async () => {
      const server = await startHostile(redirecting(() => '/chain/'))
      const { peers, inputs, over } = openPeers()
      peers.ask(1, server.address, { type: 'info' })
      await over(1)
      expect(inputs.at(-1)).toEqual(failed(1, 'bad-status'))
      expect(server.connections).toBe(1)
    })

    it('is asked again at the same IP address, whatever its name means by then', async () => {
      const server = await startHostile(redirecting(() => '/chain/'))
      let looks = 0
      const first = finds('127.0.0.1')
      const lookup: LookupFunction = (...asked) => {
        looks++
        return first(...asked)
      }
      const { peers, inputs, over } = openPeers({ lookup })
      peers.ask(1, server.address.replace('127.0.0.1', 'node.example'), WHOLE_CHAIN)
      await over(1)
      expect(inputs.at(-1)).toMatchObject({ type: 'ended', ask: 1 })
      expect([looks, server.connections]).toEqual([1, 2])
    })

    it('says no more of a long location than a report has room for', async () => {
      const server = await startHostile(redirecting(() => `/${'x'.repeat(5_000)}`))
      const { peers, inputs, over } = openPeers()
      peers.ask(1, server.address, WHOLE_CHAIN)
      await over(1)
      const [last] = inputs.slice(-1)
      expect(last?.type === 'ask-failed' && last.fault.detail.length).toBeLessThan(250)
    })
  })

  it('takes eight interim responses before the response, and no more', async () => {
    const hint = head('103 Early Hints', 'link: </style.css>')
    const { peers, inputs, over } = openPeers()
    for (const [ask, hints] of [8, 9].entries()) {
      const server = await startHostile(always(hint.repeat(hints) + OK + TEXT))
      peers.ask(ask, server.address, WHOLE_CHAIN)
      await over(ask)
    }
    const ends = inputs.filter(({ type }) => type === 'ended' || type === 'ask-failed')
    expect(ends).toEqual([ended(0), failed(1, 'bad-http')])
  })

  it('takes so many pieces of a byte each, and one more for so many bytes, and no more', async () => {
    const { peers, inputs, over } = openPeers()
    const pieces = (count: number) => chunk(' ').repeat(count)
    // Each byte pays a little for its own piece.
    const most = Math.floor((MAX_PEER_PIECES * PEER_PIECE_BYTES) / (PEER_PIECE_BYTES - 1))
    const large = chunk(' '.repeat(2 * PEER_PIECE_BYTES))
    const bodies = [pieces(most), large + pieces(most + 1), pieces(most + 1)]
    for (const [ask, body] of bodies.entries()) {
      const server = await startHostile(always(`${CHUNKED}${body}0\r\n\r\n`))
      peers.ask(ask, server.address, WHOLE_CHAIN)
      await over(ask)
    }
    const ends = inputs.filter(({ type }) => type === 'ended' || type === 'ask-failed')
    // What has come to its end is looked at: it is no chain.
    expect(ends).toEqual([
      failed(0, 'not-a-chain'),
      failed(1, 'not-a-chain'),
      failed(2, 'too-large'),
    ])
  })

  it('keeps no connection, not even to a server that would', async () => {
    const server = await startHostile(async ({ asked, send }) => {
      await asked()
      await send(head('200 OK', 'content-length: 2', 'connection: keep-alive'))
      await send('[]')
    })
    const { peers, over } = openPeers()
    for (const ask of [1, 2, 3]) {
      peers.ask(ask, server.address, WHOLE_CHAIN)
      await over(ask)
    }
    await server.idle()
    expect(server.connections).toBe(3)
  })

  it('tells at once when a server switches protocols, and does not wait', async () => {
    const upgrade = head('101 Switching Protocols', 'upgrade: x', 'connection: upgrade')
    const server = await startHostile(always(upgrade))
    const { peers, inputs } = openPeers()
    peers.ask(1, server.address, WHOLE_CHAIN)
    await server.visited
    await server.idle()
    await manyTurns()
    expect(inputs).toEqual([{ type: 'connected', ask: 1 }, failed(1, 'bad-status')])
  })

  it('hangs up on a server that has switched protocols and says nothing more', async () => {
    const upgrade = head('101 Switching Protocols', 'upgrade: x', 'connection: upgrade')
    const hungUp = Promise.withResolvers<void>()
    const server = await startHostile(async ({ asked, send, socket }) => {
      await asked()
      socket.once('end', hungUp.resolve)
      await send(upgrade)
    })
    const { peers, over } = openPeers()
    peers.ask(1, server.address, WHOLE_CHAIN)
    await over(1)
    await hungUp.promise
  })

  it('says why when nobody listens at any address of a name', async () => {
    const server = await startHostile(() => {})
    const port = (Number(server.address.split(':')[1]) + 1) % 65_536
    const { peers, inputs, over } = openPeers({ lookup: finds('127.0.0.2', '127.0.0.3') })
    peers.ask(1, `twice.example:${port}`, WHOLE_CHAIN)
    await over(1)
    expect(inputs).toEqual([failed(1, 'connection-failed')])
  })

  it('says so when a name has no address', async () => {
    const lookup: LookupFunction = (_name, _options, callback) => {
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), '')
    }
    const { peers, inputs, over } = openPeers({ lookup })
    peers.ask(1, 'nowhere.example:80', WHOLE_CHAIN)
    await over(1)
    expect(inputs).toEqual([failed(1, 'connection-failed')])
  })

  it.skipIf(!hasIpv6)('takes IPv6 addresses, in brackets', async () => {
    const hosts: unknown[] = []
    const server = createServer((request, response) => {
      hosts.push(request.headers.host)
      response.end('[]')
    })
    server.listen(0, '::1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.close()
    })
    const bound = server.address()
    const address = `[::1]:${typeof bound === 'object' ? bound?.port : ''}`
    const { peers, inputs, over } = openPeers()
    peers.ask(1, address, WHOLE_CHAIN)
    await over(1)
    expect(inputs.at(-1)).toMatchObject({ type: 'ended', ask: 1 })
    expect(hosts).toEqual([address])
  })
})

describe('pieces', () => {
  /** Sends more than any buffer between us holds. */
  const flood: Script = async ({ asked, send, flood: more }) => {
    await asked()
    await send(`${head('200 OK', 'connection: close')}[`)
    await more(Buffer.alloc(64 * KIB, '0,'))
  }

  it('wait until the one before has been dealt with', async () => {
    const gate = Promise.withResolvers<void>()
    const server = await startHostile(flood)
    const { peers, inputs, until } = openPeers({
      take: ({ type }) => (type === 'heard' ? gate.promise : Promise.resolve()),
    })
    peers.ask(1, server.address, WHOLE_CHAIN)
    await until(() => inputs.length === 2)
    await manyTurns()
    expect(inputs.map(({ type }) => type)).toEqual(['connected', 'began', 'heard'])
    gate.resolve()
    await until(() => inputs.length > 4)
  })

  it('come one at a time, of all nodes together', async () => {
    const servers = await Promise.all([flood, flood, flood].map((script) => startHostile(script)))
    let [working, most] = [0, 0]
    const { peers, inputs, until } = openPeers({
      take: async () => {
        most = Math.max(most, ++working)
        await nextTurn()
        working--
      },
    })
    for (const [i, { address }] of servers.entries()) peers.ask(i, address, WHOLE_CHAIN)
    const heardOf = (ask: number) => inputs.filter((input) => input.ask === ask).length
    await until(() => [0, 1, 2].every((ask) => heardOf(ask) > 10))
    expect(most).toBe(1)
  })

  it('that wait in line are dropped when their ask is stopped', async () => {
    const gate = Promise.withResolvers<void>()
    const servers = await Promise.all([flood, flood].map((script) => startHostile(script)))
    const { peers, inputs, until } = openPeers({ take: () => gate.promise })
    for (const [i, { address }] of servers.entries()) peers.ask(i, address, WHOLE_CHAIN)
    await until(() => inputs.length === 1)
    await manyTurns()
    const other = inputs[0]?.ask === 0 ? 1 : 0
    peers.stop(other)
    gate.resolve()
    await until(() => inputs.length > 5)
    expect(inputs.filter(({ ask }) => ask === other)).toEqual([])
  })
})

describe('stopping', () => {
  it('closes the connection and tells nothing more', async () => {
    const server = await startHostile(() => {})
    const { peers, inputs } = openPeers()
    peers.ask(1, server.address, WHOLE_CHAIN)
    await server.visited
    peers.stop(1)
    await server.idle()
    await manyTurns()
    expect(inputs).toEqual([])
  })

  it('in the middle of an answer drops the rest of it', async () => {
    const server = await startHostile(async ({ asked, send, flood }) => {
      await asked()
      await send(head('200 OK'))
      await flood(' '.repeat(KIB))
    })
    const { peers, inputs } = openPeers({
      take: async ({ type }) => {
        if (type === 'heard') peers.stop(1)
      },
    })
    peers.ask(1, server.address, WHOLE_CHAIN)
    await server.visited
    await server.idle()
    await manyTurns()
    expect(inputs.map(({ type }) => type)).toEqual(['connected', 'began', 'heard'])
  })

  it('what is unknown or has ended does nothing', async () => {
    const server = await startHostile(body(TEXT))
    const { peers, inputs, over } = openPeers()
    peers.stop(99)
    peers.ask(1, server.address, WHOLE_CHAIN)
    await over(1)
    const before = inputs.length
    peers.stop(1)
    peers.stop(1)
    await manyTurns()
    expect(inputs).toHaveLength(before)
  })

  it('stops all at once, and others may be asked after that', async () => {
    const silent = await Promise.all([1, 2, 3].map(() => startHostile(() => {})))
    const server = await startHostile(body(TEXT))
    const { peers, inputs, over } = openPeers()
    for (const [i, { address }] of silent.entries()) peers.ask(i, address, WHOLE_CHAIN)
    await Promise.all(silent.map(({ visited }) => visited))
    peers.stopAll()
    await Promise.all(silent.map((one) => one.idle()))
    peers.ask(9, server.address, WHOLE_CHAIN)
    await over(9)
    expect(new Set(inputs.map(({ ask }) => ask))).toEqual(new Set([9]))
  })

  it('before a name has an address connects to nobody', async () => {
    const server = await startHostile(() => {})
    const found = Promise.withResolvers<() => void>()
    const lookup: LookupFunction = (name, options, callback) => {
      found.resolve(() => finds('127.0.0.1')(name, options, callback))
    }
    const { peers, inputs } = openPeers({ lookup })
    peers.ask(1, `late.example:${server.address.split(':')[1]}`, WHOLE_CHAIN)
    const callBack = await found.promise
    await nextTurn()
    peers.stop(1)
    await nextTurn()
    callBack()
    await manyTurns()
    expect(server.connections).toBe(0)
    expect(inputs).toEqual([])
  })
})
