/** The limits of reading other nodes' chains, together, so that a test can set smaller ones. */
import {
  MAX_BATCH_BLOCKS,
  MAX_BATCH_BYTES,
  MAX_NEWS_BLOCKS,
  MAX_NEWS_BYTES,
  MAX_PEER_BLOCK_CHARS,
  MAX_PEER_BYTES,
  MAX_PEER_FETCHERS,
  MAX_PEER_PAUSE_MS,
  MAX_PEER_RESTARTS,
  MAX_PEER_SESSIONS,
  PEER_SESSION_MS,
  PEER_SILENCE_MS,
  PEER_STALL_MS,
  PEER_TURN_MS,
} from '../../core/limits.ts'

export interface SyncLimits {
  readonly sessions: number
  readonly fetchers: number
  readonly stallMs: number
  readonly turnMs: number
  readonly silenceMs: number
  readonly sessionMs: number
  readonly peerBytes: number
  readonly blockChars: number
  readonly batchBlocks: number
  readonly batchBytes: number
  readonly newsBlocks: number
  readonly newsBytes: number
  readonly restarts: number
  readonly pauseMs: number
}

export const SYNC_LIMITS: SyncLimits = {
  sessions: MAX_PEER_SESSIONS,
  fetchers: MAX_PEER_FETCHERS,
  stallMs: PEER_STALL_MS,
  turnMs: PEER_TURN_MS,
  silenceMs: PEER_SILENCE_MS,
  sessionMs: PEER_SESSION_MS,
  peerBytes: MAX_PEER_BYTES,
  blockChars: MAX_PEER_BLOCK_CHARS,
  batchBlocks: MAX_BATCH_BLOCKS,
  batchBytes: MAX_BATCH_BYTES,
  newsBlocks: MAX_NEWS_BLOCKS,
  newsBytes: MAX_NEWS_BYTES,
  restarts: MAX_PEER_RESTARTS,
  pauseMs: MAX_PEER_PAUSE_MS,
}
