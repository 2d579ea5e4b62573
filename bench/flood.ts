/**
 * Clients that take all they can get, one kind after another, and what others notice of it: the longest
 * `/health` meanwhile and the most memory, against the same node while nobody floods it. Then a class: 300
 * polite clients behind one address, each with an event stream and a request every two seconds.
 */
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import type { Transaction } from '../src/core/block.ts'
import { parseJson } from '../src/core/json/json.ts'
import { after, FREE, fill, sealed } from './chains.ts'
import { quantile } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, residentMiB, timeOf, withFolder } from './servers.ts'

const BIG_BLOCKS = 24
const SIDE_BLOCKS = 30_000
const FLOOD_MS = 8_000
const REST_MS = 12_000
/** Connections that do the same at the same moment: nearly as many as there may be. */
const MANY = 1_900
const PUPILS = 300
const PUPIL_EVERY_MS = 2_000
const CLASS_MS = 60_000

interface Noticed {
  readonly longestMs: number
  readonly mostMiB: number
}

interface Target {
  readonly url: string
  readonly port: number
  readonly pid: number | undefined
}

/** Opens what floods a node; gives how to end it. */
type Flood = (target: Target) => () => void

const FLOODS: Readonly<Record<string, Flood>> = {
  'pipelined-unread': pipelined(1),
  'pipelined-by-16': pipelined(16),
  'slow-readers': ({ port }) => {
    const readers = Array.from({ length: 64 }, () => slow(port, ask('/chain')))
    const payers = Array.from({ length: 8 }, () => again(port, payment()))
    return () => end([...readers, ...payers].flatMap((close) => close()))
  },
  'tips-and-payments': ({ port }) => {
    const callers = Array.from({ length: 64 }, (_, i) =>
      again(port, ask(i % 2 === 0 ? '/tips' : '/payments?party=party-7&limit=1')),
    )
    return () => end(callers.flatMap((close) => close()))
  },
  'bodies-at-once': ({ port }) => {
    const bytes = longBody()
    const sockets = Array.from({ length: MANY }, () => unread(port, bytes.slice(0, -1)))
    // Each holds a body less its last byte: all of them end at the same moment.
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.write(bytes.slice(-1))
    }, FLOOD_MS / 4)
    return () => {
      clearTimeout(timer)
      end(sockets)
    }
  },
  'large-block-at-once': ({ port }) => {
    const sockets = Array.from({ length: MANY }, () => unread(port, ask('/blocks/2')))
    return () => end(sockets)
  },
  'silent-connections': ({ port }) => {
    const sockets = Array.from({ length: 2_048 }, () => unread(port, ''))
    return () => end(sockets)
  },
}

export const floodSuite: Suite = (say) =>
  withFolder(async (folder) => {
    say('flood: making the data')
    makeData(folder)
    const node = await nodeOn(folder, ['--difficulty', '0'])
    const target = {
      url: node.url,
      port: Number(new URL(node.url).port),
      pid: node.child.pid,
    }
    try {
      const idle = await notice(target, FLOOD_MS)
      const figures: Figure[] = []
      for (const [name, flood] of Object.entries(FLOODS)) {
        say(`flood: ${name}`)
        const stop = flood(target)
        const noticed = await notice(target, FLOOD_MS)
        stop()
        await wait(REST_MS)
        const left = residentMiB(target.pid)
        figures.push(
          against(name, 'longest-health', noticed.longestMs, idle.longestMs, 'ms'),
          against(name, 'most-memory', noticed.mostMiB, idle.mostMiB, 'MiB'),
          against(name, 'memory-afterwards', left, idle.mostMiB, 'MiB'),
        )
      }
      say(`flood: a class of ${PUPILS}`)
      const { p99Ms, refused } = await teach(target)
      if (refused > 0) throw new Error(`${refused} requests of the class were refused`)
      figures.push(against('class', 'p99', p99Ms, idle.longestMs, 'ms'))
      return figures
    } finally {
      await node.stop()
    }
  })

/** Connections that ask for a large block again and again, and never read. */
function pipelined(connections: number): Flood {
  return ({ port }) => {
    const bytes = ask('/blocks/2').repeat(1_600)
    const sockets = Array.from({ length: connections }, () => unread(port, bytes))
    return () => end(sockets)
  }
}

function against(
  flood: string,
  what: string,
  ours: number,
  baseline: number,
  unit: string,
): Figure {
  return figure({ suite: 'flood', case: `${what}@${flood}`, ours, baseline, against: 'idle', unit })
}

/** Large blocks on the active chain, the second of them full of small transactions, and a long lost branch. */
function makeData(folder: string): void {
  const store = SqliteStore.open(folder, FREE)
  const { genesis } = FREE.rules
  const blocks = [genesis]
  for (let i = 0; i < BIG_BLOCKS; i++) {
    const parent = blocks.at(-1)?.header ?? genesis.header
    const transactions = Array.from({ length: 17_000 }, (_, n) => small(n))
    const timestampMs = 1_767_225_600_000 + 1_000 * parent.index
    blocks.push(sealed(parent, { transactions, rewardTo: 'm' }, timestampMs))
  }
  fill(store, blocks)
  let batch = 0
  store.begin()
  for (const block of after(genesis, SIDE_BLOCKS, 'lost')) {
    store.putBlock(block, 1n)
    if (++batch % 1_000 !== 0) continue
    store.commit()
    store.begin()
  }
  store.commit()
  store.close()
}

function small(n: number): Transaction {
  return FREE.rules.decodeTransaction(
    parseJson(`{"sender": "party-${n}", "recipient": "b", "amount": 1}`),
  )
}

/** Looks at the node's health and memory for a while. */
async function notice({ url, pid }: Target, ms: number): Promise<Noticed> {
  const until = performance.now() + ms
  let longestMs = 0
  let mostMiB = 0
  while (performance.now() < until) {
    longestMs = Math.max(longestMs, await timeOf(`${url}/health`))
    mostMiB = Math.max(mostMiB, residentMiB(pid))
    await wait(20)
  }
  return { longestMs, mostMiB }
}

/** Every pupil listens and asks; a stream that ends early counts as refused. */
async function teach({ url }: Target): Promise<{ p99Ms: number; refused: number }> {
  const timesMs: number[] = []
  let refused = 0
  const over = new AbortController()
  const until = performance.now() + CLASS_MS
  const paths = ['/info', '/chain?from=1&limit=1', '/transactions?limit=20', '/nodes', '/mining']
  const pupil = async (number: number): Promise<void> => {
    const stream = await fetch(`${url}/events`, { signal: over.signal })
    if (stream.status !== 200) refused++
    const agent = new Agent({ keepAlive: true })
    await wait((PUPIL_EVERY_MS * number) / PUPILS)
    for (let i = number; performance.now() < until; i++) {
      const begun = performance.now()
      if ((await statusOf(`${url}${paths[i % paths.length]}`, agent)) !== 200) refused++
      timesMs.push(performance.now() - begun)
      await wait(PUPIL_EVERY_MS)
    }
    agent.destroy()
  }
  await Promise.all(Array.from({ length: PUPILS }, (_, number) => pupil(number)))
  over.abort()
  timesMs.sort((a, b) => a - b)
  return { p99Ms: quantile(timesMs, 0.99), refused }
}

function statusOf(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    }).once('error', reject)
  })
}

const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const payment = () =>
  post('/transactions/new', '{"sender": "Lea", "recipient": "Mark", "amount": 10.0}')

/** As long a body as may come, of as many wrong values. */
const longBody = () => post('/nodes/register', `{"nodes": [${'0,'.repeat(32_000)}0]}`)

/** A connection that sends and never reads. */
function unread(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(bytes)
  return socket
}

/** A reader that takes a little at a time, and comes back when it has been cut off. */
function slow(port: number, bytes: string): () => Socket[] {
  let isOver = false
  let socket = unread(port, bytes)
  const timer = setInterval(() => {
    if (socket.destroyed && !isOver) socket = unread(port, bytes)
    socket.read(1_024)
  }, 50)
  return () => {
    isOver = true
    clearInterval(timer)
    return [socket]
  }
}

/** A caller that asks again as soon as it has its response. */
function again(port: number, bytes: string): () => Socket[] {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  socket.on('data', (chunk) => {
    // A response in one piece or several: asking once a piece keeps the line full.
    if (chunk.includes('HTTP/1.1 ')) socket.write(bytes)
  })
  return () => [socket]
}

function end(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy()
}
