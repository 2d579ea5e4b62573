/** The calls about other nodes, of a node that startApi() has started. */
import { Socket } from 'node:net'
import { expect } from 'vitest'
import type { LiveNode } from '../../../src/adapters/live/live-node.ts'
import type { App } from '../../../src/api/http/app-type.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { type Answer, type Api, type ApiOptions, listen, startApi } from '../../helpers/api.ts'
import { Counter } from '../counter.ts'

/** Posts a body to /nodes/register. */
export function sendNodes(
  { app }: Api,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const all = { 'content-type': 'application/json', ...headers }
  return app.inject({ method: 'POST', url: '/nodes/register', headers: all, payload: body })
}

export function register(api: Api, nodes: readonly unknown[]): Promise<Answer> {
  return sendNodes(api, JSON.stringify({ nodes }))
}

/** Registers addresses that must be taken. */
export async function registered(
  api: Api,
  nodes: readonly string[],
): Promise<Record<string, unknown>> {
  const answer = await register(api, nodes)
  expect(answer.statusCode, answer.body).toBe(200)
  return JSON.parse(answer.body)
}

/** Removes an address, as a client that encodes it would. */
export function remove(
  { app }: Api,
  address: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return app.inject({ method: 'DELETE', url: `/nodes/${encodeURIComponent(address)}`, headers })
}

/** The registered addresses. */
export async function known({ app }: Api): Promise<string[]> {
  const { nodes, length } = (await app.inject('/nodes')).json()
  expect(length).toBe(nodes.length)
  return nodes.map(({ node }: { node: string }) => node)
}

/** The message for so many new nodes. */
export const added = (count: number) => `${count} new node(s) have been successfully added`

export interface Entry {
  readonly node: string
  readonly verdict: string
  readonly length: number | null
  readonly tip: string | null
  readonly rule?: string
  readonly block?: number
  readonly reason?: string
  readonly detail?: string
}

/** What /nodes/resolve answers; the chain under the key that the message goes with. */
export interface ResolveAnswer {
  readonly message: string
  readonly chain?: readonly unknown[]
  readonly new_chain?: readonly unknown[]
  readonly length: number
  readonly report: readonly Entry[]
}

export const REPLACED = 'Our chain was replaced'
export const AUTHORITATIVE = 'Our chain is authoritative'

export async function resolve({ app }: Api, query = ''): Promise<ResolveAnswer> {
  const answer = await app.inject(`/nodes/resolve${query}`)
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
  return answer.json()
}

/** A node in the picture of the network. */
export interface Seen {
  readonly node: string
  readonly registered: boolean
  readonly self: boolean
  readonly reachable: boolean
  readonly id: string | null
  readonly chain: string | null
  readonly height: number | null
  readonly tip: string | null
  readonly nodes: readonly string[]
  readonly reason?: string
  readonly detail?: string
}

export interface Picture {
  readonly self: unknown
  readonly nodes: readonly Seen[]
}

/** What /network answers. */
export async function look({ app }: Pick<Api, 'app'>): Promise<Picture> {
  const answer = await app.inject('/network')
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  return answer.json()
}

let lastId = 0

/** Starts a second node, with an id of its own, that listens. */
export async function startOther(options: ApiOptions = {}): Promise<Api & { address: string }> {
  const { store = new MemoryStore(), ...rest } = options
  store.setIdentity(String(++lastId).padStart(32, 'e'))
  const api = await startApi({ store, ...rest })
  return { ...api, address: new URL(await listen(api)).host }
}

/** Calls back for each request of a type that reaches the node. */
export function watchRequests(
  live: LiveNode,
  type: string,
  look: (request: { readonly abandoned: Promise<void> }) => void,
): void {
  const ask = live.ask.bind(live)
  live.ask = (wanted) => {
    const asked = ask(wanted)
    if (wanted.type !== type) return asked
    const { promise: abandoned, resolve } = Promise.withResolvers<void>()
    look({ abandoned })
    return {
      ...asked,
      abandon: () => {
        asked.abandon()
        resolve()
      },
    }
  }
}

/** A node that answers nobody before the test lets it. */
export interface HeldNode extends Api {
  readonly address: string
  /** How often it was asked. */
  readonly asked: Counter
  release(): void
}

export async function startHeld(options: ApiOptions = {}): Promise<HeldNode> {
  const asked = new Counter()
  const gate = Promise.withResolvers<void>()
  const prepare = (app: App) => {
    app.addHook('onRequest', async ({ raw }) => {
      // What the test itself asks by inject has no real socket, and need not wait.
      if (!(raw.socket instanceof Socket)) return
      asked.add()
      await gate.promise
    })
  }
  const other = await startOther({ ...options, prepare })
  return { ...other, asked, release: () => gate.resolve() }
}
