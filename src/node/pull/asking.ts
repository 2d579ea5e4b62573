/** Asking other nodes: what the world has to do for it, and what it says back. */
import type { BlockHash } from '../../core/hash.ts'
import type { Json } from '../../core/json/json.ts'
import type { PeerFault } from './peer-faults.ts'

/** What another node is asked for; how that is said, and how its answer is read, is the transport's. */
export type Question =
  | BlocksQuestion
  /** How long its chain is, and its last block: by a look past its end, or by its whole chain. */
  | { readonly type: 'end'; readonly isWhole: boolean }
  | { readonly type: 'info' }
  | { readonly type: 'nodes' }

/** Blocks of its chain from an index on, so many; without a limit all of it, as the tutorial's nodes know. */
export interface BlocksQuestion {
  readonly type: 'blocks'
  readonly from: number
  readonly limit: number
}

export const WHOLE_CHAIN: BlocksQuestion = {
  type: 'blocks',
  from: 1,
  limit: Number.POSITIVE_INFINITY,
}

export type AskEffect =
  | {
      readonly type: 'ask'
      readonly ask: number
      readonly address: string
      readonly question: Question
    }
  | { readonly type: 'stop-asking'; readonly ask: number }

/** What a node says of itself, as far as that has the form of it. */
export interface NodeInfo {
  readonly id: string | undefined
  /** The name of its chain spec, and the spec. */
  readonly chain: string | undefined
  readonly spec: Json | undefined
  readonly length: number | undefined
  readonly tip: BlockHash | undefined
}

/** What an answer has said when it is complete. */
export type Answer =
  /** The length that it states; its blocks have been heard before. */
  | { readonly type: 'blocks'; readonly length: number | undefined }
  | { readonly type: 'end'; readonly length: number | undefined; readonly last: Json | undefined }
  | { readonly type: 'info'; readonly info: NodeInfo }
  | { readonly type: 'nodes'; readonly addresses: readonly string[] }

/** What became of an ask: connected, it begins, parts are heard, it ends; or it fails anywhere. */
export type AskInput =
  | { readonly type: 'connected'; readonly ask: number }
  /** Status 200; `nodeId` as the answer's headers say. */
  | { readonly type: 'began'; readonly ask: number; readonly nodeId: string | undefined }
  /** So many bytes have come since the part before, with these blocks, which may be none. */
  | {
      readonly type: 'heard'
      readonly ask: number
      readonly blocks: readonly Json[]
      readonly sizeBytes: number
    }
  | { readonly type: 'ended'; readonly ask: number; readonly answer: Answer }
  | { readonly type: 'ask-failed'; readonly ask: number; readonly fault: PeerFault }

/** Gives each ask a number of its own, which an answer that comes late does not share. */
export class Asks {
  readonly #emit: (effect: AskEffect) => void
  #last: number

  /** @param last the last number that was given, by a node before this one */
  constructor(emit: (effect: AskEffect) => void, last = 0) {
    this.#emit = emit
    this.#last = last
  }

  begin(address: string, question: Question): number {
    const ask = ++this.#last
    this.#emit({ type: 'ask', ask, address, question })
    return ask
  }

  stop(ask: number): void {
    this.#emit({ type: 'stop-asking', ask })
  }
}
