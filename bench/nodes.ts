/**
 * What a block costs a chain once it has been checked: payments a second into SQLite, in blocks of ten with a
 * commit for each hundred, against SQLite alone that keeps the same texts; and blocks into nodes of one process
 * that have them in common, against nodes that have each its own.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../src/core/block.ts'
import { JsonNumber, JsonObject } from '../src/core/json/json.ts'
import { BlockChain } from '../src/node/chain/blockchain.ts'
import { finish } from '../src/node/chain/reorganisation.ts'
import { Node } from '../src/node/node.ts'
import { MemoryStore } from '../src/node/store/memory-store.ts'
import { SharedBlocks } from '../src/node/store/shared-blocks.ts'
import { atomically, type Store } from '../src/node/store/store.ts'
import { FREE, sealed } from './chains.ts'
import { median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { withFolder } from './servers.ts'

const PAYMENTS_A_BLOCK = 10
const BLOCKS_A_COMMIT = 100
const BLOCKS = 3_000
const PARTIES = 1_000
/** Nodes of one process, and the blocks that they get. */
const NODES = 3_000
const THEIR_BLOCKS = 100
const STARTED_NODES = 10_000

export const nodesSuite: Suite = (say, { turns }) =>
  withFolder(async (folder) => {
    say(`nodes: making ${BLOCKS} blocks`)
    const blocks = Array.from(payingBlocks(BLOCKS))
    const [stored, bare]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < turns; turn++) {
      say(`nodes: connecting them, ${turn + 1} of ${turns}`)
      const store = SqliteStore.open(join(folder, `chain-${turn}`), FREE)
      stored.push(
        payments(timeOf(() => connectAll(new BlockChain({ spec: FREE, store }), blocks, store))),
      )
      store.close()
      bare.push(payments(timeOf(() => keepTexts(join(folder, `texts-${turn}`), blocks))))
    }
    const few = blocks.slice(0, THEIR_BLOCKS)
    say(`nodes: ${THEIR_BLOCKS} blocks into ${NODES} nodes`)
    const shared = intoNodes(few, () => new SharedBlocks())
    const apart = intoNodes(few, () => undefined)
    const started = startNodes(few)
    const of = (name: string, unit: string, ours: number, baseline: number, against: string) =>
      figure({ suite: 'nodes', case: name, ours, baseline, against, unit })
    const figures: Figure[] = [
      of('connect', 'payments/s', median(stored), median(bare), 'sqlite-texts'),
      of('shared-block', 'µs', shared.microseconds, apart.microseconds, 'own-block'),
      of('shared-kept', 'bytes', shared.bytes, apart.bytes, 'own-block'),
      of(`${STARTED_NODES}-nodes`, 'ms', started.ms, started.ms, 'itself'),
      of(`${STARTED_NODES}-nodes-kept`, 'MB', started.megabytes, started.megabytes, 'itself'),
    ]
    return figures
  })

/** Blocks one after another, of payments between names of a class. */
function* payingBlocks(count: number): Generator<Block> {
  let parent = FREE.rules.genesis.header
  let name = 0
  const next = () => {
    name = (name * 16_807 + 11) % 2_147_483_647
    return `student-${name % PARTIES}`
  }
  for (let i = 0; i < count; i++) {
    const transactions = Array.from({ length: PAYMENTS_A_BLOCK }, (_, n) =>
      FREE.rules.decodeTransaction(
        new JsonObject([
          ['sender', next()],
          ['recipient', next()],
          ['amount', new JsonNumber(String(n))],
        ]),
      ),
    )
    const block = sealed(parent, { transactions, rewardTo: 'miner' }, 1_767_225_600_000 + 1_000 * i)
    yield block
    parent = block.header
  }
}

function connectAll(chain: BlockChain, blocks: readonly Block[], store: Store): void {
  for (let i = 0; i < blocks.length; i += BLOCKS_A_COMMIT) {
    atomically(store, () => add(chain, blocks.slice(i, i + BLOCKS_A_COMMIT)))
  }
}

/** Adds blocks that have been decoded, each after the one before. */
function add(chain: BlockChain, blocks: readonly Block[]): void {
  let last = chain.tip
  for (const block of blocks) last = chain.keep(block)
  finish(chain.activate(last, new Map(blocks.map((block) => [block.header.hash, block]))))
}

function keepTexts(path: string, blocks: readonly Block[]): void {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec('CREATE TABLE blocks (height INTEGER PRIMARY KEY, hash TEXT UNIQUE, text TEXT) STRICT')
  const insert = db.prepare('INSERT INTO blocks VALUES (?, ?, ?)')
  for (let i = 0; i < blocks.length; i += BLOCKS_A_COMMIT) {
    db.exec('BEGIN')
    for (const { header, text } of blocks.slice(i, i + BLOCKS_A_COMMIT)) {
      insert.run(header.index, header.hash, text)
    }
    db.exec('COMMIT')
  }
  db.close()
}

/** Gives blocks to many nodes, one block after another: time and memory for each block of each node. */
function intoNodes(blocks: readonly Block[], inCommon: () => SharedBlocks | undefined) {
  const shared = inCommon()
  const open = () => {
    const store = new MemoryStore(shared === undefined ? {} : { shared })
    return new BlockChain({ spec: FREE, store })
  }
  // The first has checked them.
  add(open(), blocks)
  const chains = Array.from({ length: NODES }, open)
  const before = heapBytes()
  const ms = timeOf(() => {
    for (const block of blocks) for (const chain of chains) add(chain, [block])
  })
  const count = NODES * blocks.length
  const bytes = (heapBytes() - before) / count
  if (chains.some(({ length }) => length !== blocks.length + 1)) throw new Error('a node lags')
  return { microseconds: (1_000 * ms) / count, bytes }
}

/** Starts many nodes on a chain that one of them has. */
function startNodes(blocks: readonly Block[]) {
  const store = new MemoryStore({ shared: new SharedBlocks() })
  add(new BlockChain({ spec: FREE, store }), blocks)
  const before = heapBytes()
  const nodes: Node[] = []
  const ms = timeOf(() => {
    for (let i = 0; i < STARTED_NODES; i++) {
      const id = i.toString(16).padStart(32, '0')
      nodes.push(new Node({ spec: FREE, store: store.copy(), id }))
    }
  })
  const megabytes = (heapBytes() - before) / 1e6
  if (nodes.some(({ chain }) => chain.length !== blocks.length + 1)) throw new Error('a node lags')
  return { ms, megabytes }
}

function payments(ms: number): number {
  return (1_000 * BLOCKS * PAYMENTS_A_BLOCK) / ms
}

function timeOf(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

/** What is in use after everything else has been collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
