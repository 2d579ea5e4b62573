/** One answer of another node to a question for a part of its chain, read as its text arrives. */
import type { Block } from '../core/block.ts'
import { RuleError } from '../core/errors.ts'
import { type Json, JsonNumber, JsonObject, parseJson } from '../core/json.ts'
import { ElementScanner } from '../core/json-scan.ts'
import type { BlockChain } from './blockchain.ts'
import type { TreeHeader } from './ports.ts'

/** A part of a chain to ask for: `/chain?from=FROM&limit=LIMIT`. */
export interface Question {
  readonly from: number
  readonly limit: number
}

export class PeerAnswer {
  readonly question: Question
  readonly #scanner: ElementScanner
  #blocks = 0
  #bytes = 0

  constructor(question: Question, { blockChars }: { blockChars: number }) {
    this.question = question
    this.#scanner = new ElementScanner('chain', { maxElementChars: blockChars })
  }

  /** Blocks taken out of it so far. */
  get blocks(): number {
    return this.#blocks
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The blocks that a piece completes, as JSON. @throws DecodeError */
  *push(text: string, sizeBytes: number): Generator<Json> {
    this.#bytes += sizeBytes
    for (const element of this.#scanner.push(text)) {
      this.#blocks++
      yield parseJson(element)
    }
  }

  /** The answer is complete; the length that it states, if it does. @throws DecodeError */
  end(): number | undefined {
    const frame = this.#scanner.end()
    return frame instanceof JsonObject ? integerOf(frame.get('length')) : undefined
  }
}

/** A rule said no to the block at this position of another node's chain. */
export class BadBlock extends Error {
  override readonly name = 'BadBlock'
  readonly position: number
  readonly rule: RuleError

  constructor(position: number, rule: RuleError) {
    super(rule.message)
    this.position = position
    this.rule = rule
  }
}

/** @throws BadBlock */
export function decodeAt(position: number, chain: BlockChain, json: Json): Block {
  return checkedAt(position, () => chain.spec.rules.decodeBlock(json))
}

/** @throws BadBlock */
export function keepAt(position: number, chain: BlockChain, block: Block): TreeHeader {
  return checkedAt(position, () => chain.keep(block))
}

function checkedAt<T>(position: number, check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw error instanceof RuleError ? new BadBlock(position, error) : error
  }
}

/** The integer that a value is; undefined for everything else. */
export function integerOf(json: Json | undefined): number | undefined {
  const value = json instanceof JsonNumber ? Number(json.token) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}
