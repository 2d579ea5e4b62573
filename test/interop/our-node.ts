/** Our node as others meet it: the real thing behind its REST API on a free port. */
import { expect, onTestFinished } from 'vitest'
import { LiveNode, type LiveNodeOptions } from '../../src/adapters/live/live-node.ts'
import { InlineMiner } from '../../src/adapters/mining/miner-inline.ts'
import { HttpPeers } from '../../src/adapters/net/http-peers.ts'
import { createApp } from '../../src/api/app.ts'
import type { App } from '../../src/api/http/app-type.ts'
import type { Block } from '../../src/core/block.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { EASY } from '../helpers/chains.ts'

export interface OurNode {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string
  readonly id: string
  readonly app: App
  readonly live: LiveNode
  /** The text of what it answers to a call that must succeed. */
  get(path: string): Promise<string>
  post(path: string, body: string): Promise<string>
}

let lastId = 0

/** An id that no other node of these tests has. */
function newId(): string {
  return String(++lastId).padStart(32, '0')
}

/** Starts a node for the test that runs. */
export async function startOurNode(options: Partial<LiveNodeOptions> = {}): Promise<OurNode> {
  const fatal: unknown[] = []
  const live = new LiveNode({
    spec: EASY,
    store: new MemoryStore(),
    // As quick for a proof of this size as threads, which would have to be started for each node.
    createMiner: (callbacks) =>
      new InlineMiner(callbacks, { later: setImmediate, nowMs: Date.now }),
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: () => Date.now(),
    newId,
    onFatal: (cause) => fatal.push(cause),
    ...options,
  })
  const app = await createApp({
    node: live,
    version: '0.0.0',
    runId: 'interop',
    allowedHosts: [],
    token: undefined,
    requestsPerMinute: 1_000,
    limitLoopback: false,
    logLevel: 'silent',
  })
  onTestFinished(async () => {
    await app.close()
    await live.close()
    expect(fatal, 'faults of our own').toEqual([])
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = async (path: string, init: RequestInit) => {
    const answer = await fetch(base + path, init)
    const text = await answer.text()
    expect(answer.status, `${path}: ${text.slice(0, 300)}`).toBe(200)
    return text
  }
  const headers = { 'content-type': 'application/json' }
  return {
    address: new URL(base).host,
    id: live.id,
    app,
    live,
    get: (path) => ask(path, {}),
    post: (path, body) => ask(path, { method: 'POST', headers, body }),
  }
}

/** Hands finished blocks to a node; the first may be a genesis of its own. */
export async function giveBlocks({ live }: OurNode, blocks: readonly Block[]): Promise<void> {
  await Promise.all(blocks.map((block) => live.request({ type: 'add-block', block })))
}

/** A node's report on another, and the answer that it is part of. */
export interface Resolved {
  readonly message: string
  readonly length: number
  readonly report: readonly Record<string, unknown>[]
  /** The answer as text. */
  readonly text: string
}

/** Registers other nodes and resolves. */
export async function resolveWith(
  ours: OurNode,
  others: readonly { readonly address: string }[],
): Promise<Resolved> {
  const nodes = others.map(({ address }) => address)
  await ours.post('/nodes/register', JSON.stringify({ nodes }))
  const text = await ours.get('/nodes/resolve')
  return { ...JSON.parse(text), text }
}

/** A payment's text; the parties as JSON escapes them, the amount as written. */
export function paymentText(sender: string, recipient: string, amount: string): string {
  return `{"sender": ${JSON.stringify(sender)}, "recipient": ${JSON.stringify(recipient)}, "amount": ${amount}}`
}

/** The hash of each block of a node's chain, as the node says itself. */
export async function hashesOf({ get }: OurNode): Promise<string[]> {
  const { height } = JSON.parse(await get('/info'))
  const hashes: string[] = []
  for (let index = 1; index <= height; index++) {
    hashes.push(JSON.parse(await get(`/blocks/${index}`)).hash)
  }
  const [tip] = JSON.parse(await get('/tips')).tips
  expect(tip, 'the tip is the last of them').toMatchObject({ index: height, hash: hashes.at(-1) })
  return hashes
}
