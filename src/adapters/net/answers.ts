/**
 * What nodes answer over HTTP, read as its text arrives: of a chain each block that has ended, of `/info` and
 * `/nodes` what they say. Nothing is believed; what is no such answer is a fault. Text that belongs to what has
 * not ended is held, bounded in sum.
 */
import { assert, DecodeError } from '../../core/errors.ts'
import { isBlockHash } from '../../core/hash.ts'
import { countOf, type Json, JsonObject, parseJson } from '../../core/json/json.ts'
import { ElementScanner } from '../../core/json/scan.ts'
import { MAX_NEIGHBOURS, MAX_PEER_BLOCK_CHARS, MAX_PEER_HELD_CHARS } from '../../core/limits.ts'
import { addressIn } from '../../node/peers/address.ts'
import type { Answer, AskInput, NodeInfo, Question } from '../../node/pull/asking.ts'
import { type PeerFault, peerFault } from '../../node/pull/peer-faults.ts'
import { longestHolder } from './held-text.ts'

export interface AnswerLimits {
  /** UTF-16 code units of one block. */
  readonly blockChars: number
  /** The same of all that is held. */
  readonly heldChars: number
}

export const ANSWER_LIMITS: AnswerLimits = {
  blockChars: MAX_PEER_BLOCK_CHARS,
  heldChars: MAX_PEER_HELD_CHARS,
}

/** Reads one answer. */
interface Reader {
  /** UTF-16 code units that are held. */
  readonly heldChars: number
  /** The blocks that a piece completes, if that is what was asked for. @throws DecodeError */
  push(text: string): Iterable<Json>
  /** The answer is complete. @throws DecodeError */
  end(): Answer
}

export class Answers {
  readonly #limits: AnswerLimits
  readonly #readers = new Map<number, Reader>()

  constructor(limits: AnswerLimits = ANSWER_LIMITS) {
    this.#limits = limits
  }

  /** The answer to an ask is to come, from its beginning. */
  begin(ask: number, question: Question): void {
    this.#readers.set(ask, readerOf(question, this.#limits))
  }

  /** A piece of it has come: what the node is to be told, in order; some ask may have failed with it. */
  hear(ask: number, text: string, sizeBytes: number): readonly AskInput[] {
    const reader = this.#readers.get(ask)
    if (reader === undefined) return []
    const blocks: Json[] = []
    const heard = { type: 'heard', ask, blocks, sizeBytes } as const
    try {
      for (const block of reader.push(text)) blocks.push(block)
    } catch (error) {
      return [heard, this.#failed(ask, faultOf(error))]
    }
    const held = ([, { heldChars }]: readonly [number, Reader]) => heldChars
    const over = longestHolder(this.#readers, held, this.#limits.heldChars)
    return over === undefined ? [heard] : [heard, this.#failed(over.holder[0], over.fault)]
  }

  /** It has ended: what the node is to be told. */
  end(ask: number): AskInput {
    const reader = this.#readers.get(ask)
    assert(reader !== undefined, 'an answer that ends is waited for')
    this.#readers.delete(ask)
    try {
      return { type: 'ended', ask, answer: reader.end() }
    } catch (error) {
      return this.#failed(ask, faultOf(error))
    }
  }

  /** Nobody waits for it any more. */
  drop(ask: number): void {
    this.#readers.delete(ask)
  }

  #failed(ask: number, fault: PeerFault): AskInput {
    this.#readers.delete(ask)
    return { type: 'ask-failed', ask, fault }
  }
}

function readerOf(question: Question, { blockChars }: AnswerLimits): Reader {
  switch (question.type) {
    case 'blocks':
      return new BlocksReader(blockChars)
    case 'end':
      return new EndReader(blockChars)
    case 'info':
      return new WholeReader((json) => ({ type: 'info', info: infoIn(json) }))
    case 'nodes':
      return new WholeReader((json) => ({ type: 'nodes', addresses: addressesIn(json) }))
  }
}

/** Blocks, one after another. */
class BlocksReader implements Reader {
  readonly #scanner: ElementScanner

  constructor(maxElementChars: number) {
    this.#scanner = new ElementScanner('chain', { maxElementChars })
  }

  get heldChars(): number {
    return this.#scanner.heldChars
  }

  *push(text: string): Generator<Json> {
    for (const block of this.#scanner.push(text)) yield parseJson(block)
  }

  end(): Answer {
    return { type: 'blocks', length: lengthIn(this.#scanner.end()) }
  }
}

/** The last block alone, as text until then: what is read of it may take ten times as much memory. */
class EndReader implements Reader {
  readonly #scanner: ElementScanner
  #last: string | undefined

  constructor(maxElementChars: number) {
    this.#scanner = new ElementScanner('chain', { maxElementChars })
  }

  get heldChars(): number {
    return this.#scanner.heldChars + (this.#last?.length ?? 0)
  }

  push(text: string): Iterable<Json> {
    for (const block of this.#scanner.push(text)) this.#last = block
    return []
  }

  end(): Answer {
    const length = lengthIn(this.#scanner.end())
    return {
      type: 'end',
      length,
      last: this.#last === undefined ? undefined : parseJson(this.#last),
    }
  }
}

/** A short answer that is read when it is complete; how much of it may come is the asker's to say. */
class WholeReader implements Reader {
  readonly #read: (json: Json) => Answer
  #text = ''

  constructor(read: (json: Json) => Answer) {
    this.#read = read
  }

  get heldChars(): number {
    return this.#text.length
  }

  push(text: string): Iterable<Json> {
    this.#text += text
    return []
  }

  end(): Answer {
    return this.#read(parseJson(this.#text))
  }
}

/** The length that a chain's frame states, if it does. */
function lengthIn(frame: Json): number | undefined {
  return frame instanceof JsonObject ? countOf(frame.get('length')) : undefined
}

/** What `/info` says, as far as it has the form of it. */
function infoIn(json: Json): NodeInfo {
  const info = json instanceof JsonObject ? json : new JsonObject([])
  const [id, chain, spec, tip] = ['id', 'chain', 'spec', 'tip'].map((key) => info.get(key))
  const hash = tip instanceof JsonObject ? tip.get('hash') : undefined
  return {
    id: typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? id : undefined,
    chain: typeof chain === 'string' && /^[\w.-]{1,64}$/.test(chain) ? chain : undefined,
    spec: spec instanceof JsonObject ? spec : undefined,
    length: countOf(info.get('height')),
    tip: typeof hash === 'string' && isBlockHash(hash) ? hash : undefined,
  }
}

/** The addresses in a `/nodes` answer; what is none is left out. */
function addressesIn(json: Json): readonly string[] {
  const nodes = json instanceof JsonObject ? json.get('nodes') : undefined
  const list: readonly Json[] = Array.isArray(nodes) ? nodes : []
  const addresses = list.slice(0, MAX_NEIGHBOURS).map((node) => {
    const address = node instanceof JsonObject ? node.get('node') : undefined
    return typeof address === 'string' ? addressIn(address) : undefined
  })
  return [...new Set(addresses)].filter((address) => address !== undefined)
}

function faultOf(error: unknown): PeerFault {
  if (!(error instanceof DecodeError)) throw error
  return peerFault('not-a-chain', `expected ${error.data.expected ?? 'less nesting'}`)
}
