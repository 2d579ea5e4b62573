/** One answer of another node to a question for a part of its chain, read as its text arrives. */
import { type Json, JsonNumber, JsonObject, parseJson } from '../../core/json/json.ts'
import { ElementScanner } from '../../core/json/scan.ts'
import type { BlocksQuestion } from './asking.ts'

export class ChainResponse {
  readonly question: BlocksQuestion
  readonly #scanner: ElementScanner
  #blocks = 0
  #bytes = 0

  constructor(question: BlocksQuestion, { blockChars }: { blockChars: number }) {
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

  /** UTF-16 code units that are held until the block or the frame that they belong to has ended. */
  get heldChars(): number {
    return this.#scanner.heldChars
  }

  /** The blocks that a piece completes, as JSON. @throws DecodeError */
  *push(text: string, sizeBytes: number): Generator<Json> {
    for (const block of this.texts(text, sizeBytes)) yield parseJson(block)
  }

  /** The same, unread: who wants the last one alone need not read the others. @throws DecodeError */
  *texts(text: string, sizeBytes: number): Generator<string> {
    this.#bytes += sizeBytes
    for (const element of this.#scanner.push(text)) {
      this.#blocks++
      yield element
    }
  }

  /** The answer is complete; the length that it states, if it does. @throws DecodeError */
  end(): number | undefined {
    const frame = this.#scanner.end()
    return frame instanceof JsonObject ? countOf(frame.get('length')) : undefined
  }
}

/** The whole number from 0 on that a value is; undefined for everything else. */
export function countOf(json: Json | undefined): number | undefined {
  const value = json instanceof JsonNumber ? Number(json.token) : -1
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
