/** Whole chains that other programs made: the tutorial's node, and the Python package's. */
import { describe, expect, it } from 'vitest'
import { hashOfText } from '../../../src/core/hash.ts'
import { type Json, parseJson } from '../../../src/core/json/json.ts'
import { CLASSIC, parseSpec, type Spec, TOYCHAIN_PY } from '../../../src/core/spec.ts'
import { ChainVerifier } from '../../../src/core/verify.ts'
import { ownVector } from '../../helpers/vectors.ts'
import { scanned } from '../json/scanned.ts'

/** The blocks of a `/chain` answer or an array, read as a node would read them. */
function blocksOf(text: string): Json[] {
  const elements = scanned([text])
  if (typeof elements === 'string') return expect.unreachable(elements)
  return elements.map((element) => parseJson(element))
}

function verdictOf(blocks: readonly Json[], { rules }: Spec) {
  const verifier = new ChainVerifier(rules)
  for (const block of blocks) verifier.push(block)
  return verifier.verdict()
}

describe('chains of other programs', () => {
  const tutorial = blocksOf(ownVector('tutorial-chain.json'))
  const older = blocksOf(ownVector('toychain-0.1-chain.json'))

  it("finds the tutorial node's chain valid under classic", () => {
    expect(tutorial.length).toBeGreaterThan(4)
    expect(verdictOf(tutorial, CLASSIC)).toMatchObject({ valid: true, length: tutorial.length })
  })

  it("finds the Python package's chain valid under toychain-py", () => {
    expect(verdictOf(older, TOYCHAIN_PY)).toMatchObject({ valid: true, length: 4 })
  })

  it('refuses each under the other dialect by its genesis', () => {
    const refused = { valid: false, block: 1, error: { code: 'bad-genesis' } }
    expect(verdictOf(tutorial, TOYCHAIN_PY)).toMatchObject(refused)
    expect(verdictOf(older, CLASSIC)).toMatchObject(refused)
  })

  it('refuses each by its first proof where only the genesis is as in the other', () => {
    const refused = { valid: false, block: 2, error: { code: 'high-hash' } }
    const mixed = (covers: boolean, link: string) =>
      parseSpec(
        `{"name": "x", "rules": "classic", "proof_covers_last_hash": ${covers}, ` +
          `"genesis": {"previous_hash": ${link}}}`,
      )
    expect(verdictOf(tutorial, mixed(false, '"1"'))).toMatchObject(refused)
    expect(verdictOf(older, mixed(true, '1'))).toMatchObject(refused)
  })

  it('links each block to the one before by the hash of its canonical text', () => {
    for (const [blocks, { rules }] of [
      [tutorial, CLASSIC],
      [older, TOYCHAIN_PY],
    ] as const) {
      const decoded = blocks.map((block) => rules.decodeBlock(block))
      for (const [i, block] of decoded.entries()) {
        expect(hashOfText(rules.hashedText(block))).toBe(block.header.hash)
        expect(block.header.parent).toBe(decoded[i - 1]?.header.hash)
      }
    }
  })
})

describe("chains of the tutorial's own code, amounts and names chosen to be awkward", () => {
  interface Sample {
    readonly index: number
    readonly wire: string
    readonly canonical: string
    readonly hash: string
  }
  const { blocks }: { blocks: Sample[] } = JSON.parse(ownVector('dvf_chain_plain.json'))
  const forks: { common_prefix: number; chain_a_wire: string; chain_b_wire: string } = JSON.parse(
    ownVector('dvf_fork_pair.json'),
  )

  it('hashes each block as Python did, from what a peer would send', () => {
    expect(blocks).toHaveLength(25)
    for (const { index, wire, canonical, hash } of blocks) {
      const block = CLASSIC.rules.decodeBlock(parseJson(wire))
      expect(block.header.index).toBe(index)
      expect(CLASSIC.rules.hashedText(block)).toBe(canonical)
      expect(block.header.hash).toBe(hash)
    }
  })

  it('keeps the hash when our own text of a block is sent on', () => {
    for (const { wire, hash } of blocks) {
      const { text } = CLASSIC.rules.decodeBlock(parseJson(wire))
      expect(CLASSIC.rules.decodeBlock(parseJson(text)).header.hash).toBe(hash)
    }
  })

  it('finds the chain valid', () => {
    const chain = blocks.map(({ wire }) => parseJson(wire))
    const tip = { hash: blocks.at(-1)?.hash }
    expect(verdictOf(chain, CLASSIC)).toMatchObject({ valid: true, length: 25, tip })
  })

  it('finds both branches of a fork valid, one blocks longer than the other', () => {
    const [a, b] = [forks.chain_a_wire, forks.chain_b_wire].map(blocksOf)
    if (a === undefined || b === undefined) return expect.unreachable()
    expect(verdictOf(a, CLASSIC)).toMatchObject({ valid: true, length: 14, chainwork: 14n })
    expect(verdictOf(b, CLASSIC)).toMatchObject({ valid: true, length: 16, chainwork: 16n })
    const hashes = [a, b].map((blocks) =>
      blocks.map((json) => CLASSIC.rules.decodeBlock(json).header.hash),
    )
    const common = forks.common_prefix
    expect(hashes[0]?.slice(0, common)).toEqual(hashes[1]?.slice(0, common))
    expect(hashes[0]?.[common]).not.toBe(hashes[1]?.[common])
  })
})
