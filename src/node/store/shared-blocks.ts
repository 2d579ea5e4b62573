/**
 * Blocks that several memory stores of one process have in common: one copy of each, with what follows from its
 * hash, so that nodes after the first neither check it nor connect it anew. They must be of one rule set in one
 * version. Nothing is forgotten: this is for a simulation, which ends.
 */
import type { Block, Header } from '../../core/block.ts'
import { detached } from '../../core/detached.ts'
import type { BlockHash } from '../../core/hash.ts'
import { partiesOf } from './party-history.ts'
import type { Outcome } from './store.ts'

/** A header that has passed the checks of its place, under whatever block it names. */
export interface SharedHeader {
  readonly header: Header
  /** The work of its whole branch. */
  readonly chainwork: bigint
  /** The first body that has come for it. */
  body: SharedBody | undefined
}

export interface SharedBody {
  readonly text: string
  /** Who pays or is paid in it, each once as JSON in a line: a set of them would take ten times as much. */
  readonly parties: string
  /** What connecting it has come to, where somebody has tried. */
  outcome: Outcome | undefined
}

export class SharedBlocks {
  readonly #headers = new Map<BlockHash, SharedHeader>()

  has(hash: BlockHash): boolean {
    return this.#headers.has(hash)
  }

  /** The one copy of a header, which may be this one. */
  header(header: Header, chainwork: bigint): SharedHeader {
    const known = this.#headers.get(header.hash)
    if (known !== undefined) return known
    const shared = sharedHeader(undefined, header, chainwork)
    this.#headers.set(header.hash, shared)
    return shared
  }
}

/** The one copy of a header among blocks that are shared; one that no other store has where none are. */
export function sharedHeader(
  blocks: SharedBlocks | undefined,
  header: Header,
  chainwork: bigint,
): SharedHeader {
  return blocks?.header(header, chainwork) ?? { header, chainwork, body: undefined }
}

/** The copy of a body that is there already, if it is to the letter the same: a hash may be of several texts. */
export function bodyOf(shared: SharedHeader, block: Block): SharedBody {
  if (shared.body?.text === block.text) return shared.body
  const body = { text: block.text, parties: linesOf(block), outcome: undefined }
  shared.body ??= body
  return body
}

/** Whether a party stands in a body. */
export function names(body: SharedBody, party: string): boolean {
  return body.parties.includes(`${lineOf(party)}\n`)
}

function linesOf(block: Block): string {
  return detached(`${Array.from(partiesOf(block), lineOf).join('')}\n`)
}

/** A line that no other has in it: JSON escapes what ends one. */
function lineOf(party: string): string {
  return `\n${JSON.stringify(party.toWellFormed())}`
}
