/** Asking other nodes: what the world has to do for it, and what it says back. */
import type { PeerFault } from './peer-faults.ts'

export type AskEffect =
  /** Get a path of a node, over HTTP. */
  | { readonly type: 'ask'; readonly ask: number; readonly address: string; readonly path: string }
  | { readonly type: 'stop-asking'; readonly ask: number }

/** What became of an ask: connected, it begins, pieces are heard, it ends; or it fails anywhere. */
export type AskInput =
  | { readonly type: 'connected'; readonly ask: number }
  /** Status 200; `nodeId` as the answer's headers say. */
  | { readonly type: 'began'; readonly ask: number; readonly nodeId: string | undefined }
  /** A piece of the body as text, and how many bytes have come since the piece before. */
  | {
      readonly type: 'heard'
      readonly ask: number
      readonly text: string
      readonly sizeBytes: number
    }
  | { readonly type: 'ended'; readonly ask: number }
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

  begin(address: string, path: string): number {
    const ask = ++this.#last
    this.#emit({ type: 'ask', ask, address, path })
    return ask
  }

  stop(ask: number): void {
    this.#emit({ type: 'stop-asking', ask })
  }
}
