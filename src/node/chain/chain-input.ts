/**
 * What the class BlockChain takes from callers, in any form: transactions, blocks, and whole chains,
 * which are checked here and compared.
 */
import type { Block } from '../../core/block.ts'
import type { Consensus } from '../../core/consensus.ts'
import { DecodeError } from '../../core/errors.ts'
import { type Json, JsonObject, jsonNumber, parseJson } from '../../core/json/json.ts'
import { ChainVerifier, type Verdict } from '../../core/verify.ts'

/** A transaction as a caller states it. A text amount keeps its digits: `'10.0'`, `'9007199254740993'`. */
export interface TransactionInput {
  readonly sender: string
  readonly recipient: string
  readonly amount: number | bigint | string
}

/** A block from outside: its JSON text, or what was read from it. */
export type BlockInput = string | JsonObject | Block

/** A chain from outside: the JSON text of an array of blocks or of a `/chain` answer, or its blocks. */
export type ChainInput = string | readonly (Block | Json)[]

/** A transaction as JSON. An amount that is no number becomes a text, which the rules refuse. */
export function transactionJson({ sender, recipient, amount }: TransactionInput): JsonObject {
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

/** Whether a chain is valid, and if not at which block and by which rule. */
export function checkCandidate(rules: Consensus, chain: ChainInput): Verdict {
  const verifier = new ChainVerifier(rules)
  try {
    for (const block of blocksOf(chain)) if (!verifier.push(blockJson(block))) break
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { valid: false, block: verifier.length + 1, error }
  }
  return verifier.verdict()
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
