/**
 * A node behind its REST API: over a store in memory or on disk, with a miner that finds a proof
 * when the test says so. Whatever is opened here is closed when its test has finished.
 */

import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { LiveNode } from '../../src/adapters/live/live-node.ts'
import type { Miner, MinerCallbacks } from '../../src/adapters/mining/miner.ts'
import { HttpPeers } from '../../src/adapters/net/http-peers.ts'
import { type AppOptions, createApp } from '../../src/api/app.ts'
import type { App } from '../../src/api/http/app-type.ts'
import type { Block } from '../../src/core/block.ts'
import type { Spec } from '../../src/core/spec.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import type { Snapshot, Store, StoreError } from '../../src/node/store/store.ts'
import { ScriptedMiner } from '../api/scripted-miner.ts'
import { EASY } from './chains.ts'

export const NODE_ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'
export const RUN_ID = 'run1'
export const VERSION = '9.8.7'
export const NOW_MS = 1_800_000_000_500

export interface ApiOptions extends Partial<Omit<AppOptions, 'node'>> {
  readonly store?: Store
  readonly spec?: Spec
  readonly maxLogBytes?: number
  /** A miner of the test's own, instead of the scripted one. */
  readonly createMiner?: (callbacks: MinerCallbacks) => Miner
  /** Adds hooks of the test's own before the app starts. */
  readonly prepare?: (app: App) => void
}

export interface Api {
  readonly app: App
  readonly live: LiveNode
  readonly store: Store
  readonly miner: ScriptedMiner
  /** What went to the log, line by line. */
  readonly log: readonly string[]
  close(): Promise<void>
}

/** What both `inject` and `fetch` can say about an answer. */
export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors?: readonly { readonly field: string; readonly detail: string }[]
}

/** Starts a node for the test that runs. */
export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const api = await openApi(options)
  onTestFinished(() => api.close())
  return api
}

/** One node for all tests of a suite: for those that only read, or do not mind each other. */
export function sharedApi(options: ApiOptions = {}, fill?: (api: Api) => Promise<void>): () => Api {
  let api: Api | undefined
  beforeAll(async () => {
    api = await openApi(options)
    await fill?.(api)
  })
  afterAll(() => api?.close())
  return () => {
    if (api === undefined) throw new Error('the suite has not begun')
    return api
  }
}

async function openApi(options: ApiOptions): Promise<Api> {
  const {
    store = new MemoryStore(),
    spec = EASY,
    maxLogBytes,
    createMiner,
    prepare,
    ...appOptions
  } = options
  const log: string[] = []
  const fatal: unknown[] = []
  const miners: ScriptedMiner[] = []
  const scripted = (callbacks: MinerCallbacks) => {
    const miner = new ScriptedMiner(callbacks)
    miners.push(miner)
    return miner
  }
  const live = new LiveNode({
    spec,
    store,
    createMiner: createMiner ?? scripted,
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: () => NOW_MS,
    snapshotWaitMs: 0,
    maxLogBytes,
    newId: () => NODE_ID,
    onFatal: (cause) => fatal.push(cause),
  })
  const app = await createApp({
    node: live,
    version: VERSION,
    runId: RUN_ID,
    allowedHosts: [],
    token: undefined,
    requestsPerMinute: 1_000,
    limitLoopback: false,
    logLevel: 'trace',
    logTo: { write: (line) => log.push(line) },
    ...appOptions,
  })
  prepare?.(app)
  await app.ready()
  const miner = miners[0] ?? new ScriptedMiner({ onFound: () => {}, onFailed: () => {} })
  const close = async () => {
    await app.close()
    await live.close()
    expect(fatal, 'faults of our own').toEqual([])
  }
  return { app, live, store, miner, log, close }
}

/** Begins to listen on a free port; the address, such as `http://127.0.0.1:40123`. */
export function listen({ app }: Api): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}

/** A payment as JSON; the amount as the text that it is to have. */
export function paymentBody({
  sender = 'Lea',
  recipient = 'Mark',
  amount = '10',
}: {
  sender?: string
  recipient?: string
  amount?: string
} = {}): string {
  const parties = JSON.stringify({ sender, recipient })
  return `${parties.slice(0, -1)}, "amount": ${amount}}`
}

/** Posts a body to /transactions/new. */
export function post(
  { app }: Api,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return app.inject({
    method: 'POST',
    url: '/transactions/new',
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  })
}

/** Posts a payment that must be accepted; the index of the block that will hold it. */
export async function pay(
  api: Api,
  parts: { sender?: string; recipient?: string; amount?: string } = {},
): Promise<number> {
  const answer = await post(api, paymentBody(parts))
  expect(answer).toMatchObject({ statusCode: 200 })
  return JSON.parse(answer.body).index
}

/** Mines a block through the API with the scripted miner. */
export async function mine(api: Api, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = api.app.inject({ url: '/mine', headers })
  await api.miner.until(({ running }) => running !== undefined)
  api.miner.solve()
  return answer
}

/** Hands finished blocks to the node, as another node would. */
export async function addBlocks({ live }: Api, blocks: readonly Block[]): Promise<void> {
  await Promise.all(blocks.map((block) => live.request({ type: 'add-block', block })))
}

/** A fetch's answer in the form of an injected one. */
export async function answerOf(response: Response): Promise<Answer> {
  const headers = Object.fromEntries(response.headers)
  return { statusCode: response.status, headers, body: await response.text() }
}

/** Checks that an answer is a problem document (RFC 9457) with exactly this status and code. */
export function expectProblem(answer: Answer, status: number, code: string): ProblemBody {
  const type = String(answer.headers['content-type'])
  const media = type.split(';')[0]
  expect({ status: answer.statusCode, media }, answer.body.slice(0, 300)).toEqual({
    status,
    media: 'application/problem+json',
  })
  const problem: ProblemBody = JSON.parse(answer.body)
  expect(problem).toMatchObject({ status, code, type: `urn:toychain:problem:${code}` })
  expect(typeof problem.title).toBe('string')
  expect(problem.detail).not.toBe('')
  return problem
}

/** The amounts in a JSON text, as they are written there. */
export function amountsIn(text: string): string[] {
  return [...text.matchAll(/"amount": ?([^,}\s]+)/g)].map((match) => match[1] ?? '')
}

/** Makes the next commit of a store fail. */
export function failNextCommit(store: Store, error: StoreError): void {
  const commit = store.commit.bind(store)
  store.commit = () => {
    store.commit = commit
    throw error
  }
}

/** Lets a test look at, or change, each snapshot that a store opens. */
export function watchSnapshots(store: Store, watch: (snapshot: Snapshot) => void): void {
  const open = store.snapshot.bind(store)
  store.snapshot = () => {
    const snapshot = open()
    watch(snapshot)
    return snapshot
  }
}
