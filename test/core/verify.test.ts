import { describe, expect, it } from 'vitest'
import { AssertionError } from '../../src/core/errors.ts'
import { type Json, parseJson } from '../../src/core/json/json.ts'
import { CLASSIC, withDifficulty } from '../../src/core/spec.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import { sealed } from '../helpers/chains.ts'

const { rules } = withDifficulty(CLASSIC, 0)

/** The texts of a valid chain of so many blocks. */
function chain(length: number): string[] {
  const blocks = [rules.genesis]
  let parent = rules.genesis.header
  for (let i = 1; i < length; i++) {
    const block = sealed(rules, {
      parent,
      transactions: [],
      proof: i,
      timestampMs: i,
      rewardTo: 'm',
    })
    blocks.push(block)
    parent = block.header
  }
  return blocks.map(({ text }) => text)
}

function verdictOf(texts: readonly string[]) {
  const verifier = new ChainVerifier(rules)
  for (const text of texts) verifier.push(parseJson(text))
  return verifier.verdict()
}

describe('ChainVerifier', () => {
  it('finds a chain of good blocks valid, and knows its length, tip and work', () => {
    const texts = chain(5)
    const last = rules.decodeBlock(parseJson(texts.at(-1) ?? ''))
    expect(verdictOf(texts)).toEqual({ valid: true, length: 5, tip: last.header, chainwork: 5n })
  })

  it('finds a genesis alone valid', () => {
    const tip = rules.genesis.header
    expect(verdictOf(chain(1))).toEqual({ valid: true, length: 1, tip, chainwork: 1n })
  })

  it('refuses a chain without any block', () => {
    const verdict = verdictOf([])
    expect(verdict).toMatchObject({ valid: false, block: 0, error: { code: 'empty-chain' } })
  })

  it('names the block at fault, counted from 1, and the rule', () => {
    const texts = chain(4)
    expect(verdictOf(texts.with(2, '{}'))).toMatchObject({
      valid: false,
      block: 3,
      error: { code: 'bad-block-keys' },
    })
    expect(verdictOf(texts.toSpliced(2, 1))).toMatchObject({
      block: 3,
      error: { code: 'bad-index' },
    })
    expect(verdictOf(texts.slice(1))).toMatchObject({ block: 1, error: { code: 'bad-index' } })
    expect(verdictOf([...texts, ...texts])).toMatchObject({
      block: 5,
      error: { code: 'bad-index' },
    })
  })

  it('finds a change in any block but the last by the link of the next', () => {
    const texts = chain(4)
    for (const [i, text] of texts.slice(0, -1).entries()) {
      const changed = text.replace(/"timestamp": [^,]+/, '"timestamp": 12345.0')
      expect(verdictOf(texts.with(i, changed))).toMatchObject({
        block: i + 2,
        error: { code: 'bad-previous-hash' },
      })
    }
  })

  it('keeps the first fault and takes no more blocks', () => {
    const verifier = new ChainVerifier(rules)
    const [first = '', second = ''] = chain(2)
    expect(verifier.push(parseJson(first))?.index).toBe(1)
    expect(verifier.push('no block')).toBeUndefined()
    expect(verifier.push(parseJson(second))).toBeUndefined()
    expect(verifier.push(null)).toBeUndefined()
    expect(verifier.length).toBe(2)
    expect(verifier.verdict()).toMatchObject({ block: 2, error: { code: 'bad-block-type' } })
  })

  it('has a verdict after every block', () => {
    const verifier = new ChainVerifier(rules)
    for (const [i, text] of chain(3).entries()) {
      verifier.push(parseJson(text))
      expect(verifier.verdict()).toMatchObject({ valid: true, length: i + 1 })
    }
  })

  it('does not take a broken invariant of ours for a fault of the chain', () => {
    const broken = {
      ...rules,
      decodeBlock(_json: Json): never {
        throw new AssertionError('ours')
      },
    }
    expect(() => new ChainVerifier(broken).push(null)).toThrow(AssertionError)
  })
})
