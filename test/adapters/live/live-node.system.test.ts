import { describe, expect, it, onTestFinished } from 'vitest'
import { LiveNode } from '../../../src/adapters/live/live-node.ts'
import { CallerGone } from '../../../src/adapters/live/waiting-requests.ts'
import type { MinerCallbacks } from '../../../src/adapters/mining/miner.ts'
import { HttpPeers } from '../../../src/adapters/net/http-peers.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { JsonNumber, JsonObject } from '../../../src/core/json/json.ts'
import { MAX_OPEN_SNAPSHOTS, MAX_WAITING_REQUESTS } from '../../../src/core/limits.ts'
import { type Puzzle, search } from '../../../src/core/puzzle.ts'
import type { NodeEvent, Request } from '../../../src/node/messages.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { type Store, StoreError } from '../../../src/node/store/store.ts'
import { blockAfter, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { IdleMiner } from '../../helpers/idle-miner.ts'

const ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'

/** A miner that finds a proof when the test says so. */
class ScriptedMiner extends IdleMiner {
  readonly log: string[] = []
  readonly #callbacks: MinerCallbacks
  #job: { search: number; puzzle: Puzzle } | undefined

  constructor(callbacks: MinerCallbacks) {
    super()
    this.#callbacks = callbacks
  }
  override start(number: number, puzzle: Puzzle) {
    this.log.push(`start ${number}`)
    this.#job = { search: number, puzzle }
  }
  override cancel(number: number) {
    this.log.push(`cancel ${number}`)
  }
  override cancelAll() {
    this.log.push('cancel all')
  }
  override async close() {
    this.log.push('close')
  }
  find() {
    const proof = this.#job && search(this.#job.puzzle, { from: 0, tries: 100_000 })
    if (this.#job === undefined || proof === undefined) throw new Error('nothing to find')
    this.#callbacks.onFound({ search: this.#job.search, proof })
  }
  fail() {
    this.#callbacks.onFailed(this.#job?.search ?? 0, new Error('no thread'))
  }
}

/** A store whose commits can be made to fail, and which counts them. */
class WatchedStore extends MemoryStore {
  commits = 0
  failNext: unknown

  override commit() {
    const cause = this.failNext
    this.failNext = undefined
    if (cause !== undefined) throw cause
    this.commits++
    super.commit()
  }
}

function openNode(store: Store = new WatchedStore()) {
  let miner: ScriptedMiner | undefined
  const fatal: unknown[] = []
  const node = new LiveNode({
    spec: EASY,
    store,
    createMiner: (callbacks) => {
      miner = new ScriptedMiner(callbacks)
      return miner
    },
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: () => 1_900_000_000_000,
    snapshotWaitMs: 0,
    newId: () => ID,
    onFatal: (cause) => fatal.push(cause),
  })
  onTestFinished(() => node.close())
  const events: NodeEvent[] = []
  node.subscribe((event) => events.push(event))
  if (miner === undefined) throw new Error('the node makes its miner')
  return { node, miner, events, fatal }
}

function send(sender: string): Request {
  const transaction = new JsonObject([
    ['sender', sender],
    ['recipient', 'x'],
    ['amount', new JsonNumber('10.0')],
  ])
  return { type: 'submit-transaction', transaction }
}

const waiting = (node: LiveNode) =>
  node.read((reader) => reader.pooled(Number.MIN_SAFE_INTEGER, 100).map(({ text }) => text))

describe('a turn of the event loop', () => {
  it('shares one commit among what arrives together', async () => {
    const store = new WatchedStore()
    const { node } = openNode(store)
    const before = store.commits
    const replies = await Promise.all(['a', 'b', 'c'].map((sender) => node.request(send(sender))))
    expect(replies.map(({ type }) => type)).toEqual(['transaction', 'transaction', 'transaction'])
    expect(store.commits).toBe(before + 1)
  })

  it('lets nobody read what is not committed', async () => {
    const { node, events } = openNode()
    const answer = node.request(send('a'))
    const read = waiting(node)
    expect(events).toEqual([])
    await answer
    expect(await read).toHaveLength(1)
    expect(events.map(({ type }) => type)).toEqual(['transaction'])
  })

  it('starts a search only when the tip that it is for is durable', async () => {
    const { node, miner } = openNode()
    const block = node.request({ type: 'mine' })
    expect(miner.log).toEqual([])
    await waiting(node)
    expect(miner.log).toEqual(['start 1'])
    miner.find()
    expect(await block).toMatchObject({ type: 'mined' })
  })
})

describe('a commit that fails', () => {
  const full = new StoreError('store-full', 'the disk is full')

  it('is told to everybody of its turn, and nothing of it has happened', async () => {
    const store = new WatchedStore()
    const { node, events, fatal } = openNode(store)
    store.failNext = full
    const results = await Promise.allSettled([node.request(send('a')), node.request(send('b'))])
    expect(results).toEqual([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ])
    expect(await waiting(node)).toEqual([])
    expect(events).toEqual([])
    expect(fatal).toEqual([])
  })

  it('leaves the node as the store has it: the next request works', async () => {
    const store = new WatchedStore()
    const { node } = openNode(store)
    await node.request(send('a'))
    store.failNext = full
    await expect(node.request(send('b'))).rejects.toBe(full)
    expect(await node.request(send('c'))).toMatchObject({ type: 'transaction', index: 2 })
    expect(await waiting(node)).toHaveLength(2)
  })

  it('turns away who waits for a block, and ends the search', async () => {
    const store = new WatchedStore()
    const { node, miner } = openNode(store)
    const block = node.request({ type: 'mine' })
    await waiting(node)
    store.failNext = full
    const results = await Promise.allSettled([block, node.request(send('a'))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(miner.log).toEqual(['start 1', 'cancel all'])
    const again = node.request({ type: 'mine' })
    await waiting(node)
    miner.find()
    expect(await again).toMatchObject({ type: 'mined' })
  })

  it('stops the program where it is no failure of the store', async () => {
    const store = new WatchedStore()
    const { node, fatal } = openNode(store)
    const bug = new TypeError('a bug')
    store.failNext = bug
    await expect(node.request(send('a'))).rejects.toBe(bug)
    expect(fatal).toEqual([bug])
  })
})

describe('a caller', () => {
  it('who hangs up is forgotten, and the search ends', async () => {
    const { node, miner } = openNode()
    const { reply, abandon } = node.ask({ type: 'mine' })
    await waiting(node)
    abandon()
    await expect(reply).rejects.toThrow(CallerGone)
    await waiting(node)
    expect(miner.log).toEqual(['start 1', 'cancel 1'])
  })

  it('is told where no proof can be searched for', async () => {
    const { node, miner } = openNode()
    const block = node.request({ type: 'mine' })
    await waiting(node)
    miner.fail()
    const post = node.request(send('b'))
    expect(await block).toMatchObject({ type: 'refused', error: { code: 'mining-failed' } })
    expect(await post).toMatchObject({ type: 'transaction' })
    expect(await node.request(send('a'))).toMatchObject({ type: 'transaction' })
  })

  it('is one of as many as the limit, and one more is turned away', async () => {
    const { node } = openNode()
    const answers = Array.from({ length: MAX_WAITING_REQUESTS }, () => node.request(send('a')))
    await expect(node.request(send('a'))).rejects.toMatchObject({ code: 'node-busy' })
    await Promise.all(answers)
    await node.request(send('a'))
  })

  it('opens as many snapshots as the limit, and gets one when another closes', async () => {
    const { node } = openNode()
    const open = await Promise.all(
      Array.from({ length: MAX_OPEN_SNAPSHOTS }, () => node.snapshot()),
    )
    await expect(node.snapshot()).rejects.toMatchObject({ code: 'too-many-streams' })
    open[0]?.close()
    open[0]?.close()
    open[1]?.close()
    const again = await Promise.all([node.snapshot(), node.snapshot()])
    await expect(node.snapshot()).rejects.toMatchObject({ code: 'too-many-streams' })
    for (const snapshot of [...open, ...again]) snapshot.close()
  })
})

describe('closing', () => {
  it('commits what was accepted and turns away who still waits', async () => {
    const folder = temporaryFolder()
    const { node, miner } = openNode(SqliteStore.open(folder, EASY))
    const block = node.request({ type: 'mine' })
    block.catch(() => {})
    const accepted = node.request(send('a'))
    await node.close()
    expect(await accepted).toMatchObject({ type: 'transaction' })
    await expect(block).rejects.toMatchObject({ code: 'shutting-down' })
    await expect(node.request(send('b'))).rejects.toMatchObject({ code: 'shutting-down' })
    await expect(node.snapshot()).rejects.toMatchObject({ code: 'shutting-down' })
    expect(miner.log.at(-1)).toBe('close')
    const again = openNode(SqliteStore.open(folder, EASY)).node
    expect(again.id).toBe(ID)
    expect(await waiting(again)).toHaveLength(1)
  })
})

describe('closing twice', () => {
  it('is closing once, and both callers wait for the end', async () => {
    const { node, miner } = openNode(SqliteStore.open(temporaryFolder(), EASY))
    await Promise.all([node.close(), node.close()])
    await node.close()
    expect(miner.log.filter((line) => line === 'close')).toHaveLength(1)
  })
})

describe('events', () => {
  it('tell of a block and of the reorganisation before it', async () => {
    const { node, events } = openNode()
    const { genesis } = EASY.rules
    const [ours, theirs] = [blockAfter(genesis, { salt: 1 }), blockAfter(genesis, { salt: 2 })]
    for (const block of [ours, theirs, blockAfter(theirs)]) {
      await node.request({ type: 'add-block', block })
    }
    expect(events.map(({ type }) => type)).toEqual(['block', 'reorg', 'block', 'block'])
  })

  it('end when the listener leaves', async () => {
    const { node } = openNode()
    const heard: string[] = []
    const leave = node.subscribe(({ type }) => heard.push(type))
    await node.request(send('a'))
    leave()
    await node.request(send('b'))
    expect(heard).toEqual(['transaction'])
  })
})
