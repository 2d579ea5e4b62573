/** Chains for the judge's own nodes: right ones that go on from given blocks, and ones with a single fault. */

import type { Block, Header } from '../../core/block.ts'
import { pastOf } from '../../core/checks.ts'
import { assert } from '../../core/errors.ts'
import { type BlockHash, hashOfText } from '../../core/hash.ts'
import { type Json, JsonNumber, JsonObject, parseJson } from '../../core/json/json.ts'
import { solves } from '../../core/puzzle.ts'
import type { Spec } from '../../core/spec.ts'
import { type Kernel, openKernel } from '../../kernels/kernel.ts'
import { dateAfter } from './dates.ts'
import { member } from './served-chain.ts'

/** Proofs tried in one turn of the event loop. */
const TRIES_A_TURN = 2_000_000

export class Forge {
  readonly #spec: Spec
  readonly #kernel: Kernel = openKernel()
  #blocks = 0

  constructor(spec: Spec) {
    this.#spec = spec
  }

  /**
   * A chain that goes on from another with so many blocks, all right; no two are alike.
   * @param moreZeros that the proofs of these blocks have beyond what the rules want
   */
  async longer(chain: readonly Block[], count: number, moreZeros = 0): Promise<readonly Block[]> {
    const blocks = [...chain]
    for (let i = 0; i < count; i++) blocks.push(await this.#next(last(blocks), { moreZeros }))
    return blocks
  }

  /** The same with a block that carries another hash than that of the block before; its proof is right. */
  async withBrokenLink(chain: readonly Block[], count: number): Promise<readonly Block[]> {
    const link = hashOfText(`no block ${++this.#blocks}`)
    const broken = await this.#next(last(chain), { link })
    return this.longer([...chain, broken], count - 1)
  }

  /** The same with a block whose proof does not solve its puzzle; its link is right. */
  async withWrongProof(chain: readonly Block[], count: number): Promise<readonly Block[]> {
    const parent = last(chain)
    const puzzle = this.#spec.rules.puzzle(parent.header)
    let proof = 1
    while (solves(puzzle, proof)) proof++
    const wrong = await this.#next(parent, { proof })
    return this.longer([...chain, wrong], count - 1)
  }

  /** A chain in which somebody has changed a transaction of a block afterwards; undefined where it has none. */
  withChangedTransaction(chain: readonly Block[], index: number): readonly Block[] | undefined {
    const block = chain[index - 1]
    const changed = block === undefined ? undefined : richer(parseJson(block.text))
    if (changed === undefined) return undefined
    return chain.with(index - 1, this.#spec.rules.decodeBlock(changed))
  }

  async #next(
    { header: parent, text }: Block,
    {
      link = parent.hash,
      proof,
      moreZeros = 0,
    }: { link?: BlockHash; proof?: number; moreZeros?: number },
  ): Promise<Block> {
    const solution = proof ?? (await this.#solve(parent, moreZeros))
    const past = pastOf({ ...parent, hash: link })
    const contents = { transactions: [], rewardTo: `judge-${++this.#blocks}` }
    const sealed = this.#spec.rules
      .template({ past, nowMs: 0, extraNonce: 0n, contents })
      .seal({ proof: solution, nowMs: 0, late: contents })
    const timestamp = new JsonNumber(await dateAfter(member(parseJson(text), 'timestamp')))
    const dated = withMember(parseJson(sealed.text) as JsonObject, 'timestamp', timestamp)
    return this.#spec.rules.decodeBlock(dated)
  }

  async #solve(parent: Header, moreZeros: number): Promise<number> {
    const easy = this.#spec.rules.puzzle(parent)
    const puzzle = { ...easy, zeros: easy.zeros + moreZeros }
    for (let from = 0; ; from += TRIES_A_TURN) {
      const { found } = this.#kernel.searchDecimal(puzzle, { from, tries: TRIES_A_TURN })
      if (found !== undefined) return found
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function last(chain: readonly Block[]): Block {
  const block = chain.at(-1)
  assert(block !== undefined, 'a chain has a genesis')
  return block
}

/** A block whose first transaction is worth one more. */
function richer(block: Json): Json | undefined {
  if (!(block instanceof JsonObject)) return undefined
  const transactions = block.get('transactions')
  const first = Array.isArray(transactions) ? transactions[0] : undefined
  const amount = first instanceof JsonObject ? first.get('amount') : undefined
  if (!(amount instanceof JsonNumber) || !(first instanceof JsonObject)) return undefined
  const more = new JsonNumber(String(Math.trunc(Number(amount.token)) + 1))
  const changed = withMember(first, 'amount', more)
  return withMember(block, 'transactions', [changed, ...(transactions as Json[]).slice(1)])
}

function withMember(object: JsonObject, name: string, value: Json): JsonObject {
  return new JsonObject(object.entries.map(([key, old]) => [key, key === name ? value : old]))
}
