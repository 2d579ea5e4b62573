/**
 * What the page knows of its node, live: `/events` tells of every block and transaction, and a look at
 * `/info` and `/mining` every few seconds tells the rest and whether the node is still there. Says how
 * fresh it is: `live`, `stale` while the stream is cut, `unreachable` while nobody answers.
 */
import { type MiningProgress, NodeClient, type NodeInfo } from '../../../src/api/client/client.ts'
import { Listeners } from '../parts/listeners.ts'
import { openEvents, type StreamedEvent } from './event-stream.ts'

export interface Connection {
  readonly status: 'connecting' | 'live' | 'stale' | 'unreachable'
  /** When the node was last heard of, in milliseconds since 1970; undefined before. */
  readonly heardMs: number | undefined
  readonly info: NodeInfo | undefined
  readonly mining: MiningProgress | undefined
  /** Proofs a second since the last look: at many short searches what the node says is mostly 0. */
  readonly hashRate: number
  /** How many other nodes are registered. */
  readonly nodes: number | undefined
  /** Counts the times that the chain may have changed other than by a block at its end. */
  readonly rewrites: number
  /** Counts the reorganisations that were told since the page is open. */
  readonly reorganisations: number
  /** The current transactions over the time that this page is open, oldest first. */
  readonly waiting: readonly Sample[]
  /** The last event that came. */
  readonly last: StreamedEvent | undefined
}

export interface Sample {
  readonly atMs: number
  readonly count: number
}

const LOOK_EVERY_MS = 2_000
/** However much happens, no more often than this. */
const LOOK_PAUSE_MS = 250
/** A node that is stopped keeps its connections and says nothing. */
const LOOK_TIMEOUT_MS = 5_000
/** A rate is of this many seconds at least. */
const RATE_OVER_S = 1
/** An hour of looks. */
const MAX_SAMPLES = 1_800

/** For looks: gives up in time. */
const watcher = new NodeClient(location.origin, {
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) }),
})

let state: Connection = {
  status: 'connecting',
  heardMs: undefined,
  info: undefined,
  mining: undefined,
  hashRate: 0,
  nodes: undefined,
  rewrites: 0,
  reorganisations: 0,
  waiting: [],
  last: undefined,
}
const listeners = new Listeners()
let isStreaming = false
let wasGreeted = false
let isLooking = false
let lookAgain = false
let isDrawing = false

export function currentConnection(): Connection {
  return state
}

export const listenToConnection = listeners.listen

/** Begins to follow the node, for as long as the page is open. */
export function followNode(): void {
  openEvents({
    onOpen: () => {
      isStreaming = true
      refresh()
    },
    onCut: () => {
      isStreaming = false
      if (state.status === 'live') update({ status: 'stale' })
      refresh()
    },
    onEvent: take,
  })
  refresh()
  setInterval(() => {
    if (!document.hidden) refresh()
  }, LOOK_EVERY_MS)
}

/** Looks at the node anew, after something that no event tells. */
export function refresh(): void {
  if (isLooking) {
    lookAgain = true
    return
  }
  isLooking = true
  lookAgain = false
  lookNow().finally(() => {
    setTimeout(() => {
      isLooking = false
      if (lookAgain) refresh()
    }, LOOK_PAUSE_MS)
  })
}

async function lookNow(): Promise<void> {
  try {
    const [info, mining, nodes] = await Promise.all([
      watcher.info(),
      watcher.mining(),
      watcher.nodes(),
    ])
    const { waiting, rewrites } = state
    const isAnother = state.info !== undefined && !isSameNode(state.info, info)
    update({
      info,
      rewrites: rewrites + (isAnother ? 1 : 0),
      mining,
      hashRate: hashRateOf(mining),
      nodes: nodes.length,
      heardMs: Date.now(),
      status: isStreaming ? 'live' : 'stale',
      waiting: sampled(waiting, info.currentTransactions),
    })
  } catch {
    // Whatever it was, the page says that nobody answers; the next look tries again.
    update({ status: 'unreachable' })
  }
}

/** Another node may have taken the place of the one before, with another chain under other rules. */
function isSameNode(a: NodeInfo, b: NodeInfo): boolean {
  return a.id === b.id && a.spec === b.spec
}

let tried: { readonly count: number; readonly atMs: number; readonly rate: number } | undefined

function hashRateOf(mining: MiningProgress): number {
  const atMs = performance.now()
  const since = tried === undefined ? Number.NaN : (atMs - tried.atMs) / 1000
  // Looks that follow at once say more about the clock than about the rate.
  if (tried !== undefined && since < RATE_OVER_S) return tried.rate
  // Fewer than before: the node has been started anew.
  const rate = tried === undefined ? mining.rate : Math.max(0, mining.tried - tried.count) / since
  tried = { count: mining.tried, atMs, rate }
  return rate
}

function take(event: StreamedEvent): void {
  const { info } = state
  const heard = { heardMs: Date.now(), last: event }
  if (event.type === 'transaction' && info !== undefined) {
    update({ ...heard, info: { ...info, currentTransactions: info.currentTransactions + 1 } })
    return
  }
  if (event.type === 'block') {
    // A look may have overtaken the event: then it tells nothing new.
    const isNew = info !== undefined && event.index > info.height
    const { index, hash, timestamp } = event
    update(
      isNew
        ? { ...heard, info: { ...info, height: index, tip: { index, hash, timestamp } } }
        : heard,
    )
  } else {
    // Each greeting but the first follows a cut, during which anything may have happened.
    const isRewrite = event.type !== 'hello' || wasGreeted
    wasGreeted = true
    update({
      ...heard,
      rewrites: state.rewrites + (isRewrite ? 1 : 0),
      reorganisations: state.reorganisations + (event.type === 'reorg' ? 1 : 0),
    })
  }
  refresh()
}

function sampled(samples: readonly Sample[], count: number): readonly Sample[] {
  const kept =
    samples.length < MAX_SAMPLES ? samples : samples.slice(samples.length - MAX_SAMPLES + 1)
  return [...kept, { atMs: Date.now(), count }]
}

/** Everything that comes within one frame is drawn once. */
function update(change: Partial<Connection>): void {
  state = { ...state, ...change }
  if (isDrawing) return
  isDrawing = true
  requestAnimationFrame(() => {
    isDrawing = false
    listeners.tell()
  })
}
