/** A node that moves far: readers go on with the chain of before, writers wait, a failure undoes it all. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { LiveNode } from '../../../src/adapters/live/live-node.ts'
import type { PeerListener, PeerTransport } from '../../../src/adapters/net/http-peers.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_SLICE_BLOCKS } from '../../../src/core/limits.ts'
import { CLASSIC, withDifficulty } from '../../../src/core/spec.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { atomically, type Store, StoreError } from '../../../src/node/store/store.ts'
import { blockAfter } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { IdleMiner } from '../../helpers/idle-miner.ts'

const SPEC = withDifficulty(CLASSIC, 0)
const { genesis } = SPEC.rules
const OURS = 2 * MAX_SLICE_BLOCKS
const THEIRS = 3 * MAX_SLICE_BLOCKS
const PAYMENT = parseJson('{"sender": "Lea", "recipient": "Mark", "amount": 10.0}')

function chain(first: Block, length: number): Block[] {
  const blocks = [first]
  for (let last = first; blocks.length < length; blocks.push(last)) {
    last = blockAfter(last, { spec: SPEC, rewardTo: 'somebody' })
  }
  return blocks
}

let ours: Block[]
let theirs: Block[]
beforeAll(() => {
  const foreign = SPEC.rules.decodeBlock(parseJson(genesis.text.replace('1767225600.0', '7')))
  ours = chain(genesis, OURS)
  theirs = chain(foreign, THEIRS)
})
afterAll(() => {
  ours = []
  theirs = []
})

/** A tutorial node, whatever it is asked: its whole chain in one piece. */
class WholeChain implements PeerTransport {
  static asked = 0
  /** What comes in the turn in which the answer ends. */
  static beforeEnd = () => {}
  readonly #listener: PeerListener

  constructor(listener: PeerListener) {
    this.#listener = listener
  }

  async ask(ask: number): Promise<void> {
    WholeChain.asked++
    const blocks = theirs.map(({ text }) => parseJson(text))
    await this.#listener({ type: 'began', ask, nodeId: undefined })
    await this.#listener({ type: 'heard', ask, blocks, sizeBytes: 1 })
    WholeChain.beforeEnd()
    const answer = { type: 'blocks', length: blocks.length } as const
    await this.#listener({ type: 'ended', ask, answer })
  }

  stop(): void {}
  stopAll(): void {}
}

async function start(store: Store, options: { resolveEveryMs?: number } = {}) {
  atomically(store, () => {
    for (const block of ours) {
      store.putBlock(block, BigInt(block.header.index))
      store.connect(block)
    }
  })
  const fatal: unknown[] = []
  const node = new LiveNode({
    spec: SPEC,
    store,
    createMiner: () => new IdleMiner(),
    createPeers: (listener) => new WholeChain(listener),
    nowMs: () => 1_900_000_000_000,
    newId: () => 'f'.repeat(32),
    onFatal: (cause) => fatal.push(cause),
    ...options,
  })
  onTestFinished(async () => {
    await node.close()
    expect(fatal).toEqual([])
  })
  await node.request({ type: 'register-nodes', nodes: ['other:1'] })
  return node
}

/** What a reader sees who comes in a turn of the event loop of its own, as over HTTP. */
async function height(node: LiveNode): Promise<number | undefined> {
  await nextTurn()
  return node.read((reader) => reader.tip()?.index)
}

describe.each([
  ['memory', () => new MemoryStore()],
  ['SQLite', () => SqliteStore.open(temporaryFolder(), SPEC)],
])('a long reorganisation, in %s', (_name, open) => {
  it('is shown to nobody until it is done, and keeps no reader waiting', async () => {
    const node = await start(open())
    const seen: (number | undefined)[] = []
    let isDone = false
    const resolved = node.request({ type: 'resolve' }).then((reply) => {
      isDone = true
      return reply
    })
    while (!isDone) seen.push(await height(node))
    expect(await resolved).toMatchObject({ type: 'resolved', replaced: true })
    expect(await height(node)).toBe(THEIRS)
    // Either the chain of before or the one of after, and the former all the while.
    const before = seen.filter((index) => index === OURS)
    expect(seen).toEqual(seen.map((_, i) => (i < before.length ? OURS : THEIRS)))
    expect(before.length).toBeGreaterThan((OURS + THEIRS) / MAX_SLICE_BLOCKS)
  })

  it('lets what came before it be answered first, and keep', async () => {
    const store = open()
    const node = await start(store)
    const heights: (number | undefined)[] = []
    let sent: Promise<unknown> | undefined
    WholeChain.beforeEnd = () => {
      sent = node.request({ type: 'submit-transaction', transaction: PAYMENT }).then(async () => {
        heights.push(store.snapshot().tip()?.index)
      })
    }
    onTestFinished(() => {
      WholeChain.beforeEnd = () => {}
    })
    await node.request({ type: 'resolve' })
    await sent
    expect(heights).toEqual([OURS])
    expect(node.currentTransactionCount).toBe(1)
  })

  it('makes what wants to write wait, and answers it afterwards', async () => {
    const node = await start(open())
    const order: string[] = []
    const resolved = node.request({ type: 'resolve' }).then(() => order.push('resolved'))
    const sent = []
    while (order.length === 0) {
      await height(node)
      const request = { type: 'submit-transaction', transaction: PAYMENT } as const
      sent.push(node.request(request))
    }
    await resolved
    const replies = await Promise.all(sent)
    for (const reply of replies) expect(reply.type).toBe('transaction')
    expect(node.currentTransactionCount).toBe(sent.length)
    const last = replies.at(-1)
    expect(last?.type === 'transaction' && last.index).toBe(THEIRS + 1)
  })

  it('leaves everything as it was if it cannot be committed', async () => {
    const store = open()
    const node = await start(store)
    const commit = store.commit.bind(store)
    store.commit = () => {
      if (store.tip()?.index === THEIRS) {
        store.commit = commit
        throw new StoreError('store-full', 'the disk is full')
      }
      commit()
    }
    await expect(node.request({ type: 'resolve' })).rejects.toMatchObject({ code: 'store-full' })
    expect(await height(node)).toBe(OURS)
    expect(await node.request({ type: 'resolve' })).toMatchObject({ replaced: true })
    expect(await height(node)).toBe(THEIRS)
  })

  it('is given up when the node is to stop', async () => {
    const store = open()
    const node = await start(store)
    const resolved = node.request({ type: 'resolve' })
    const refused = expect(resolved).rejects.toMatchObject({ code: 'shutting-down' })
    const snapshot = store.snapshot.bind(store)
    let hasSeenMove = false
    while (!hasSeenMove) {
      await height(node)
      hasSeenMove = store.inTransaction && store.tip()?.index !== OURS
    }
    await node.turnAway()
    await refused
    const after = snapshot()
    expect(after.tip()?.index).toBe(OURS)
    after.close()
  })

  it('is not tried again at once where it cannot be written', async () => {
    const store = open()
    store.commit = () => {
      if (store.tip()?.index === THEIRS) throw new StoreError('store-full', 'the disk is full')
      Object.getPrototypeOf(store).commit.call(store)
    }
    WholeChain.asked = 0
    const node = await start(store, { resolveEveryMs: 1 })
    while (WholeChain.asked === 0) await height(node)
    for (let turn = 0; turn < 200; turn++) await height(node)
    expect(WholeChain.asked).toBe(1)
    expect(await height(node)).toBe(OURS)
  })
})
