/**
 * What a node can be asked to do, each over data and another node's blocks that are made for it.
 * Nothing here depends on time or chance: the same operation always has the same effect.
 */

import { LiveNode } from '../../src/adapters/live/live-node.ts'
import { Answers } from '../../src/adapters/net/answers.ts'
import type { PeerListener, PeerTransport } from '../../src/adapters/net/http-peers.ts'
import { pathOf } from '../../src/adapters/net/paths.ts'
import type { Block } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { SYNC_LIMITS } from '../../src/core/limits.ts'
import { CLASSIC, type Spec, withDifficulty } from '../../src/core/spec.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import type { NodeEvent } from '../../src/node/messages.ts'
import type { Question } from '../../src/node/pull/asking.ts'
import type { Store } from '../../src/node/store/store.ts'
import { ScriptedMiner } from '../api/scripted-miner.ts'
import { blockAfter, payment, textsOf } from '../helpers/chains.ts'
import { answerTo } from '../node/pull/peer-scripts.ts'

/** No proof of work: the long chains are long. */
export const SPEC: Spec = withDifficulty(CLASSIC, 0)
const { genesis } = SPEC.rules
const NODE_ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'
export const PEER = '10.0.0.9:5000'
/** So few new blocks are adopted before all of a chain has been read. */
const NEWS_BLOCKS = 300

export interface Running {
  readonly node: LiveNode
  readonly events: readonly NodeEvent[]
  readonly fatal: readonly unknown[]
  readonly miner: ScriptedMiner
}

export interface Operation {
  readonly name: string
  /** Makes the data that it begins with. */
  readonly prepare?: (chain: BlockChain) => void
  /** The chain of the other node. */
  readonly theirs?: readonly Block[]
  readonly run: (running: Running) => Promise<unknown>
}

export function blocksAfter(parent: Block, count: number, salt: number): Block[] {
  const blocks: Block[] = []
  for (let last = parent; blocks.length < count; blocks.push(last)) {
    const transactions = blocks.length % 2 === 0 ? [payment(`s${salt}-${blocks.length}`, 'x')] : []
    last = blockAfter(last, { spec: SPEC, salt, rewardTo: `miner-${salt}`, transactions })
  }
  return blocks
}

/** Starts a node on a store. @throws StoreError */
export function start(store: Store, { theirs = [] }: Pick<Operation, 'theirs'> = {}): Running {
  const events: NodeEvent[] = []
  const fatal: unknown[] = []
  const miners: ScriptedMiner[] = []
  const node = new LiveNode({
    spec: SPEC,
    store,
    createMiner: (callbacks) => {
      const miner = new ScriptedMiner(callbacks)
      miners.push(miner)
      return miner
    },
    createPeers: (listener) => new OnePeer(listener, theirs),
    nowMs: () => 1_900_000_000_000,
    newId: () => NODE_ID,
    onFatal: (cause) => fatal.push(cause),
    syncLimits: { ...SYNC_LIMITS, newsBlocks: NEWS_BLOCKS },
  })
  node.subscribe((event) => events.push(event))
  const [miner] = miners
  if (miner === undefined) throw new Error('a node makes its miner')
  return { node, events, fatal, miner }
}

/** Another node with a chain; answers page by page, in two pieces each. */
class OnePeer implements PeerTransport {
  readonly #listener: PeerListener
  readonly #blocks: readonly Block[]
  readonly #open = new Set<number>()
  readonly #answers = new Answers()

  constructor(listener: PeerListener, blocks: readonly Block[]) {
    this.#listener = listener
    this.#blocks = blocks
  }

  ask(ask: number, _address: string, question: Question): void {
    this.#open.add(ask)
    this.#answers.begin(ask, question)
    void this.#answer(ask, answerTo(pathOf(question), this.#blocks))
  }

  async #answer(ask: number, text: string): Promise<void> {
    const middle = Math.floor(text.length / 2)
    await this.#listener({ type: 'connected', ask })
    await this.#listener({ type: 'began', ask, nodeId: undefined })
    for (const piece of [text.slice(0, middle), text.slice(middle)]) {
      if (!this.#open.has(ask)) return
      for (const input of this.#answers.hear(ask, piece, piece.length)) await this.#listener(input)
    }
    if (this.#open.delete(ask)) await this.#listener(this.#answers.end(ask))
  }

  stop(ask: number): void {
    this.#open.delete(ask)
  }

  stopAll(): void {
    this.#open.clear()
  }
}

export const PAYMENT = parseJson('{"sender": "Lea", "recipient": "Mark", "amount": 10.0}')
export const OURS = blocksAfter(genesis, 3, 1)
const [, shared = genesis] = OURS
const one = blocksAfter(OURS.at(-1) ?? genesis, 1, 2)
const fork = blocksAfter(shared, 4, 3)
const oursLong = blocksAfter(genesis, 280, 4)
const theirsLong = blocksAfter(oursLong[9] ?? genesis, 600, 5)

/** Four blocks, a side branch, payments that wait, two of which others' blocks hold, a node. */
export function fill(chain: BlockChain): void {
  for (const block of OURS) chain.addBlock(block)
  for (const block of blocksAfter(shared, 1, 6)) chain.addBlock(block)
  for (const sender of ['s2-0', 's3-0', 'waits']) {
    chain.addTransaction({ sender, recipient: 'x', amount: 1 })
  }
  chain.registerNode(PEER)
}

function fillLong(chain: BlockChain): void {
  for (const block of oursLong) chain.addBlock(block)
  chain.registerNode(PEER)
}

export const resolve = ({ node }: Running) => node.request({ type: 'resolve' })

/** Mines with the scripted miner; done when there is an answer, whatever it is. */
export async function mine({ node, miner }: Running): Promise<unknown> {
  const call = node.request({ type: 'mine' })
  const refused = call.then(
    () => {},
    () => {},
  )
  await Promise.race([refused, miner.until(({ running }) => running !== undefined)])
  if (miner.running !== undefined) miner.solve()
  return call
}

export const SHORT: readonly Operation[] = [
  {
    name: 'a payment',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'submit-transaction', transaction: PAYMENT }),
  },
  { name: 'mining a block', prepare: fill, run: mine },
  {
    name: "another node's block",
    prepare: fill,
    run: ({ node }) => Promise.all(one.map((block) => node.request({ type: 'add-block', block }))),
  },
  {
    name: 'registering nodes',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'register-nodes', nodes: ['a:1', 'b:2'] }),
  },
  {
    name: 'removing a node',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'remove-node', node: PEER }),
  },
  {
    name: 'listing nodes',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'list-nodes' }),
  },
  {
    name: 'resolving, a block behind',
    prepare: fill,
    theirs: [genesis, ...OURS, ...one],
    run: resolve,
  },
  {
    name: 'resolving to another branch',
    prepare: fill,
    theirs: [genesis, ...OURS.slice(0, 2), ...fork],
    run: resolve,
  },
  {
    name: 'reading everything from a snapshot',
    prepare: fill,
    run: async ({ node }) => {
      const { reader, close } = await node.snapshot()
      try {
        const tip = reader.tip()
        const tips = reader.sideTips(10).map(({ hash }) => reader.text(hash))
        const paid = [...reader.blocksWith('x', 10)].map((header) => header?.index)
        return [tip, tips, paid, textsOf(reader, 1, 10), reader.pooled(-10, 10), reader.nodes()]
      } finally {
        close()
      }
    },
  },
]

export const LONG: Operation = {
  name: 'resolving to a long branch, in parts and slices',
  prepare: fillLong,
  theirs: [genesis, ...oursLong.slice(0, 10), ...theirsLong],
  run: resolve,
}

/** Puts a store into the state that an operation begins with. */
export function prepared(store: Store, { prepare }: Operation): Store {
  if (prepare === undefined) return store
  store.setIdentity(NODE_ID)
  prepare(new BlockChain({ spec: SPEC, store }))
  return store
}
