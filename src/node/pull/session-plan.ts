/**
 * What a session with another node is at, and how it may end:
 *
 *     greet ┬─ its block at our height is one of ours ────────────────▶ take what follows it
 *           ├─ its first block: it ignores the query ─────────────────▶ whole: take everything
 *           ├─ no chain: it knows no query ──▶ ask for `/chain` ──────▶ whole
 *           └─ another block, and more after it ──▶ locate the fork ──▶ take what follows that
 */
import type { BlockHash } from '../../core/hash.ts'
import type { SyncLimits } from '../../core/limits.ts'
import { emptyChain } from '../../core/verify.ts'
import type { TreeHeader } from '../store/store.ts'
import type { ForkSearch } from './fork-search.ts'
import { BadBlock } from './peer-chain.ts'
import type { PeerFaultCode } from './peer-faults.ts'
import type { Outcome, Step } from './peer-report.ts'

/** What the answer that is coming is for. */
export type Plan = { readonly type: 'greet' | 'take' | 'whole' } | Comparing | Locating

/** Its block at our height is none of ours; whether more come after it decides. */
export type Comparing = { readonly type: 'compare'; readonly hash: BlockHash }

/** Looks at one block of it; `found` once that has come. */
export type Locating = { readonly type: 'locate'; readonly search: ForkSearch; found?: Found }
export type Found = { readonly header: TreeHeader | undefined }

export const LISTEN: Step = { type: 'listen' }
export const QUEUE: Step = { type: 'queue' }

/** What a node may do that knows `/chain` and no query, or takes it for another one. */
const NO_QUERY: ReadonlySet<PeerFaultCode> = new Set([
  'bad-status',
  'bad-http',
  'not-a-chain',
  'wrong-part',
])
/** Who does not know a path says so in fewer bytes. */
const MAX_REFUSAL_BYTES = 16_384

/** Whether an answer of so many bytes that failed like this may be because of the query. */
export function mayRefuseQuery(code: PeerFaultCode, bytes: number, isClosed: boolean): boolean {
  // Some programs close the connection where they do not know the path.
  return (NO_QUERY.has(code) || isClosed) && bytes <= MAX_REFUSAL_BYTES
}

export function says(said: number, sent: string): string {
  return `it says ${said} blocks and sends ${sent}`
}

export function done(outcome: Outcome): Step {
  return { type: 'done', outcome }
}

export function noBlocks(): BadBlock {
  return new BadBlock(0, emptyChain())
}

export interface PeerSessionOptions {
  readonly limits: SyncLimits
  /** Whether a chain as long as ours is read too, if its tip has the lower hash. */
  readonly breakTies: boolean
}
