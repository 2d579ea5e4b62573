/**
 * A node between a hostile neighbour and an honest one, whose chain is longer than ours. Whatever the
 * hostile one does, the same must hold: see `expectUnharmed`.
 */
import type { LookupFunction } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { LiveNode } from '../../src/adapters/live/live-node.ts'
import { ANSWER_LIMITS } from '../../src/adapters/net/answers.ts'
import { HttpPeers } from '../../src/adapters/net/http-peers.ts'
import type { Block } from '../../src/core/block.ts'
import type { BlockHash } from '../../src/core/hash.ts'
import { JsonNumber, JsonObject, parseJson } from '../../src/core/json/json.ts'
import { SYNC_LIMITS, type SyncLimits } from '../../src/core/limits.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import type { Request } from '../../src/node/messages.ts'
import type { PeerRecord } from '../../src/node/pull/peer-records.ts'
import type { PeerReport } from '../../src/node/pull/peer-report.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import type { StoreReader } from '../../src/node/store/store.ts'
import { ScriptedMiner } from '../api/scripted-miner.ts'
import { branch, chainText, EASY } from '../helpers/chains.ts'
import { startServer } from '../helpers/servers.ts'

export const OWN_ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'

/** Small enough for a test to reach; the times are longer than a busy machine takes for an answer. */
export const LIMITS: SyncLimits = {
  ...SYNC_LIMITS,
  stallMs: 150,
  silenceMs: 2_000,
  sessionMs: 4_000,
  peerBytes: 600_000,
  batchBlocks: 20,
  batchBytes: 100_000,
}

/** Characters of one block that it may send. */
export const BLOCK_CHARS = 100_000

/** For those that are waited for: a node does not count the time in which it is busy itself. */
export const SHORT_TIMES = { silenceMs: 300, sessionMs: 700 }

/** What sockets hold between two programs on one machine (Linux: tcp_wmem, tcp_rmem), per connection. */
const SOCKET_BUFFER_BYTES = 12 * 1024 * 1024

const { genesis } = EASY.rules
const SHARED = [genesis, ...branch(genesis, 2)]
/** Six blocks. */
export const OURS: readonly Block[] = [...SHARED, ...after(SHARED, 3, 1)]
/** Forty blocks, which leave ours after the third: so the fork is looked for. */
export const HONEST: readonly Block[] = [...SHARED, ...after(SHARED, 37, 2)]

/** `count` blocks that follow a chain. */
export function after(chain: readonly Block[], count: number, salt: number): Block[] {
  return branch(chain.at(-1) ?? genesis, count, salt)
}

/** The answer of an honest node to a question for a part of its chain. */
export function partText(
  chain: readonly Block[],
  { from, limit }: { from: number; limit: number },
): string {
  const part = chain.slice(from - 1, from - 1 + limit).map(({ text }) => text)
  return `{"chain": [${part.join(', ')}], "length": ${chain.length}}`
}

export interface World {
  readonly live: LiveNode
  readonly store: MemoryStore
  /** Address of the honest node. */
  readonly honest: string
  /** What happened, in order. */
  readonly log: string[]
  /** Lets the honest node answer. */
  readonly letHonestAnswer: () => void
  resolve(): Promise<readonly PeerReport[]>
  faultsOf(address: string): Promise<number>
  /** Done when the session with a node has ended. */
  heardOf(address: string): Promise<void>
}

export async function openWorld({
  nodes,
  limits = {},
  blockChars = BLOCK_CHARS,
  onAdopted = () => {},
  lookup,
}: {
  nodes: readonly string[]
  limits?: Partial<SyncLimits>
  blockChars?: number | undefined
  onAdopted?: () => void
  lookup?: LookupFunction
}): Promise<World> {
  const [log, fatal, gate]: [string[], unknown[], PromiseWithResolvers<void>] = [
    [],
    [],
    Promise.withResolvers(),
  ]
  const port = await startServer(async (request, response) => {
    await gate.promise
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const asked = { from: Number(query.get('from')), limit: Number(query.get('limit')) }
    response.setHeader('content-type', 'application/json').end(partText(HONEST, asked))
  })
  const honest = `127.0.0.1:${port}`
  const store = new MemoryStore()
  const live = new LiveNode({
    spec: EASY,
    store,
    createMiner: (callbacks) => new ScriptedMiner(callbacks),
    createPeers: (listener) => {
      const answerLimits = { ...ANSWER_LIMITS, blockChars }
      return new HttpPeers(listener, { answerLimits, ...(lookup === undefined ? {} : { lookup }) })
    },
    nowMs: Date.now,
    newId: () => OWN_ID,
    onFatal: (cause) => fatal.push(cause),
    syncLimits: { ...LIMITS, ...limits },
  })
  onTestFinished(async () => {
    await live.close()
    expect(fatal, 'faults of our own').toEqual([])
  })
  for (const block of OURS.slice(1)) await live.request({ type: 'add-block', block })
  await live.request(payment('before'))
  await live.request({ type: 'register-nodes', nodes: [...nodes, honest] })
  const last = HONEST.at(-1)?.header.hash
  live.subscribe((event) => {
    if (event.type !== 'block' || event.header.hash !== last) return
    log.push('adopted')
    onAdopted()
  })
  return {
    live,
    store,
    honest,
    log,
    letHonestAnswer: gate.resolve,
    async resolve() {
      const reply = await live.request({ type: 'resolve' })
      log.push('resolved')
      return reply.type === 'resolved' ? reply.report : []
    },
    async faultsOf(address) {
      return (await recordOf(live, address))?.faults ?? -1
    },
    async heardOf(address) {
      while ((await recordOf(live, address))?.last === undefined) await nextTurn()
    },
  }
}

async function recordOf(live: LiveNode, address: string): Promise<PeerRecord | undefined> {
  const reply = await live.request({ type: 'list-nodes' })
  const records = reply.type === 'nodes' ? reply.records : []
  return records.find((record) => record.address === address)
}

export function payment(sender: string): Request {
  const parts = [['sender', sender] as const, ['recipient', 'x'] as const]
  const transaction = new JsonObject([...parts, ['amount', new JsonNumber('1')]])
  return { type: 'submit-transaction', transaction }
}

/** Asks the node for what anybody may ask at any time. */
export async function expectResponsive({ live, log }: World): Promise<void> {
  await live.read((reader) => reader.tip())
  log.push('read')
  await live.request(payment('meanwhile'))
  log.push('submitted')
}

/** The honest chain is ours, every block we keep is valid, and the payments wait as they did. */
export async function expectUnharmed({ live, store }: World): Promise<void> {
  const tip = await live.read((reader) => reader.tip()?.hash)
  expect(tip, 'the honest chain is adopted').toBe(HONEST.at(-1)?.header.hash)
  expect(invalidBlocks(store)).toEqual([])
  const senders = store.pooled(Number.MIN_SAFE_INTEGER, 10).map(({ text }) => senderIn(text))
  expect(senders).toEqual(['before', 'meanwhile'])
}

/** No more was taken from a server than one node may send, and what sockets hold by themselves. */
export function byteLimit(connections: number, limits: Partial<SyncLimits> = {}): number {
  const { peerBytes } = { ...LIMITS, ...limits }
  return peerBytes + connections * SOCKET_BUFFER_BYTES
}

/** Done when no more sockets are open than before; ours close a few turns after theirs. */
export async function socketsBackTo(before: number): Promise<number> {
  for (let turn = 0; turn < 10_000 && socketCount() > before; turn++) await nextTurn()
  return socketCount()
}

export function socketCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length
}

/** Text of a chain as a tutorial node answers: all of it, whatever was asked. */
export const wholeText = chainText

function senderIn(text: string): unknown {
  const json = parseJson(text)
  return json instanceof JsonObject ? json.get('sender') : undefined
}

/** What is wrong with the chain and each branch beside it. */
function invalidBlocks(reader: StoreReader): unknown[] {
  const ends = [reader.tip(), ...reader.sideTips(1_000)]
  return ends
    .map((end) => branchTexts(reader, end?.hash))
    .map((texts) => verdictOf(texts))
    .filter((verdict) => !verdict.valid)
}

function verdictOf(texts: readonly string[]) {
  const verifier = new ChainVerifier(EASY.rules)
  for (const text of texts) verifier.push(parseJson(text))
  return verifier.verdict()
}

function branchTexts(reader: StoreReader, end: BlockHash | undefined): string[] {
  const texts: string[] = []
  for (let hash = end; hash !== undefined; hash = reader.header(hash)?.parent) {
    texts.unshift(reader.text(hash) ?? '')
  }
  return texts
}
