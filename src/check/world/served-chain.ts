/** A chain as a node serves it: the JSON of its blocks, and what our rules read in each. */
import type { Block } from '../../core/block.ts'
import { type Attempt, attempt, RuleError } from '../../core/errors.ts'
import { formatJson, type Json, JsonNumber, JsonObject } from '../../core/json/json.ts'
import type { Spec } from '../../core/spec.ts'
import { ChainVerifier, type Verdict } from '../../core/verify.ts'
import type { Answer } from './asker.ts'

/** Blocks of a chain that are looked at: a node may say that it has more than anybody can read. */
export const MAX_SERVED_BLOCKS = 100_000

/**
 * A block as it was served. Where its form is wrong, `error` says so and there is no `block`. It is read
 * when somebody looks at it: who wants to know where a long chain is wrong looks no further.
 */
export class ServedBlock {
  readonly json: Json
  readonly #spec: Spec
  readonly #position: number | undefined
  #read: Attempt<Block> | undefined

  /** @param position where it stands in its chain, from 1; undefined where that is not known */
  constructor(json: Json, spec: Spec, position?: number) {
    this.json = json
    this.#position = position
    this.#spec = spec
  }

  get block(): Block | undefined {
    return this.#decoded().value
  }

  get error(): RuleError | undefined {
    const { error } = this.#decoded()
    return error && atPlace(error, this.#position)
  }

  #decoded(): Attempt<Block> {
    this.#read ??= attempt(() => this.#spec.rules.decodeBlock(this.json))
    return this.#read
  }
}

export interface ServedChain {
  readonly blocks: readonly ServedBlock[]
  /** What it says of its length. */
  readonly length: Json | undefined
}

/** What is wrong with an answer that should be a chain. */
export interface NoChain {
  readonly expected: string
  readonly got: string
  readonly hint?: string | undefined
}

/** Reads an answer to `/chain`. */
export function chainIn({ json, text }: Answer, spec: Spec): ServedChain | NoChain {
  const expected = 'a JSON object with the blocks as an array under "chain"'
  if (json === undefined) {
    return { expected, got: `no JSON: ${text.slice(0, SHOWN_CHARS)}`, hint: whyNoJson(text) }
  }
  if (typeof json === 'string') {
    return { expected, got: 'a text', hint: 'the answer was encoded as JSON twice' }
  }
  if (Array.isArray(json)) {
    return {
      expected,
      got: 'an array alone',
      hint: 'the tutorial answers {"chain": […], "length": N}',
    }
  }
  const blocks = json instanceof JsonObject ? json.get('chain') : undefined
  if (!(json instanceof JsonObject) || !Array.isArray(blocks)) {
    return { expected, got: formatJson(json).slice(0, SHOWN_CHARS) }
  }
  if (blocks.length > MAX_SERVED_BLOCKS) {
    return { expected: `at most ${MAX_SERVED_BLOCKS} blocks`, got: `${blocks.length} blocks` }
  }
  return {
    blocks: blocks.map((block: Json, i) => new ServedBlock(block, spec, i + 1)),
    length: json.get('length'),
  }
}

/** What a text is that should be JSON and is not. */
function whyNoJson(text: string): string | undefined {
  if (/^\s*</.test(text)) return 'this is a page of HTML: answer with JSON (jsonify, json.dumps)'
  if (/^\s*[[{]\s*'/.test(text)) {
    return 'this is a dict as Python prints it, with \' in place of ": answer with JSON (jsonify, json.dumps)'
  }
  if (text.startsWith('\u001f\ufffd')) {
    return 'the body is compressed (gzip), which nobody has asked for: send the JSON as it is'
  }
  if (text.startsWith('\ufeff')) {
    return 'a byte order mark stands before the JSON: encode it as plain UTF-8 (utf-8, and not utf-8-sig)'
  }
  return undefined
}

/** The first array of blocks in an answer, under whichever key it is. */
export function anyChainIn({ json }: Answer, spec: Spec): readonly ServedBlock[] | undefined {
  if (!(json instanceof JsonObject)) return undefined
  for (const [, value] of json.entries) {
    if (!Array.isArray(value) || value.length > MAX_SERVED_BLOCKS) continue
    const blocks = value.map((block: Json) => new ServedBlock(block, spec))
    if (blocks.length > 0 && blocks.every(({ block }) => block !== undefined)) return blocks
  }
  return undefined
}

/** The blocks of a chain; undefined where the form of one is wrong. */
export function wholeBlocks({ blocks }: ServedChain): readonly Block[] | undefined {
  const whole: Block[] = []
  for (const { block } of blocks) {
    if (block === undefined) return undefined
    whole.push(block)
  }
  return whole.length > 0 ? whole : undefined
}

/** The first block that breaks a rule, of form, place, link or proof, counted from 1. */
export function faultIn(
  { blocks }: { readonly blocks: readonly Pick<ServedBlock, 'json'>[] },
  { rules }: Spec,
): Extract<Verdict, { valid: false }> | undefined {
  const verifier = new ChainVerifier(rules)
  for (const { json } of blocks) if (verifier.push(json) === undefined) break
  const verdict = verifier.verdict()
  if (verdict.valid) return undefined
  const { block, error } = verdict
  return error instanceof RuleError ? { ...verdict, error: atPlace(error, block) } : verdict
}

/** A later block that says that it is the first is at the wrong place, and no bad genesis. */
function atPlace(error: RuleError, position = 1): RuleError {
  if (error.code !== 'bad-genesis' || position === 1) return error
  return new RuleError('bad-index', { expected: position, got: 1 })
}

/** What is wrong with a block's form; that its link is no hash is told where links are judged. */
export function formError({ error }: ServedBlock): RuleError | undefined {
  return error?.code === 'bad-previous-hash' ? undefined : error
}

/** Whether two served blocks are one: JSON gives the keys of an object no order. */
export function isSameBlock(a: ServedBlock, b: ServedBlock): boolean {
  return isSameValue(a.json, b.json)
}

/** Whether two values are one: numbers as numbers, objects by their keys. */
export function isSameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a instanceof JsonNumber && b instanceof JsonNumber) {
    // Two whole numbers are compared to the last digit, however many there are.
    const areWhole = [a, b].every(({ token }) => /^-?\d+$/.test(token))
    return a.token === b.token || (!areWhole && Number(a.token) === Number(b.token))
  }
  if (a instanceof JsonObject && b instanceof JsonObject) {
    const isThere = ([key, value]: readonly [string, Json]) => isSameValue(value, b.get(key))
    return a.entries.length === b.entries.length && a.entries.every(isThere)
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Json, i) => isSameValue(item, b[i]))
  }
  return a === b
}

export function isSameChain(a: readonly Block[], b: readonly Block[]): boolean {
  return a.length === b.length && a.every(({ header }, i) => header.hash === b[i]?.header.hash)
}

/** A member of a block or a transaction as it was served. */
export function member(json: Json | undefined, name: string): Json | undefined {
  return json instanceof JsonObject ? json.get(name) : undefined
}

/** A short JSON text of a value, for who reads a report. */
export function shown(json: Json | undefined): string {
  if (json === undefined) return 'nothing'
  const text = formatJson(json)
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`
}

/** Transactions of a served block, as they were served. */
export function transactionsOf({ json }: ServedBlock): readonly Json[] {
  const transactions = member(json, 'transactions')
  return Array.isArray(transactions) ? transactions : []
}

export function numberOf(json: Json | undefined): number | undefined {
  return json instanceof JsonNumber ? Number(json.token) : undefined
}

const SHOWN_CHARS = 200
