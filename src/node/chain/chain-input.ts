/** What the class BlockChain takes from outside: payments, blocks and whole chains, in any form. */
import type { Block } from '../../core/block.ts'
import { type Json, JsonObject, jsonNumber, parseJson } from '../../core/json/json.ts'

/** A payment as a caller states it. A text amount keeps its digits: `'10.0'`, `'9007199254740993'`. */
export interface Payment {
  readonly sender: string
  readonly recipient: string
  readonly amount: number | bigint | string
}

/** A block from outside: its JSON text, or what was read from it. */
export type BlockInput = string | JsonObject | Block

/** A chain from outside: the JSON text of an array of blocks or of a `/chain` answer, or its blocks. */
export type ChainInput = string | readonly (Block | Json)[]

/** A payment as JSON. An amount that is no number becomes a text, which the rules refuse. */
export function paymentJson({ sender, recipient, amount }: Payment): JsonObject {
  return new JsonObject([
    ['sender', sender],
    ['recipient', recipient],
    ['amount', jsonNumber(String(amount)) ?? String(amount)],
  ])
}

/**
 * A block as JSON. One that comes as an object is only as good as its text, so that is what counts.
 * @throws DecodeError `json-syntax`, `json-depth`
 */
export function blockJson(input: Block | Json): Json {
  const isBlock = typeof input === 'object' && input !== null && 'header' in input
  return isBlock ? parseJson(input.text) : input
}

/**
 * The blocks of a chain. What is no chain at all is a chain of one bad block.
 * @throws DecodeError `json-syntax`, `json-depth`
 */
export function blocksOf(chain: ChainInput): readonly (Block | Json)[] {
  if (typeof chain !== 'string') return chain
  const json = parseJson(chain)
  const blocks = json instanceof JsonObject ? json.get('chain') : json
  return isArray(blocks) ? blocks : [json]
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
