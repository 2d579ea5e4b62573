import { describe, expect, it } from 'vitest'
import { hintOn } from '../../src/core/hints.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { CLASSIC, type Spec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import { chainOf } from '../helpers/mined-chains.ts'

/** What is said of a chain that was made under one spec, under another. */
function hint(made: Spec, asked: Spec, length = 3): string {
  const verifier = new ChainVerifier(asked.rules)
  for (const { text } of chainOf(made, length)) verifier.push(parseJson(text))
  const verdict = verifier.verdict()
  return verdict.valid ? 'valid' : hintOn(verdict.error, asked)
}

describe('what would make two nodes agree', () => {
  it('is the preset of the other chain', () => {
    expect(hint(TOYCHAIN_PY, CLASSIC, 1)).toContain('--chain toychain-py')
    expect(hint(CLASSIC, TOYCHAIN_PY, 1)).toContain('--chain classic')
    expect(hint(withDifficulty(TOYCHAIN_PY, 1), withDifficulty(CLASSIC, 2))).toContain(
      '--chain toychain-py',
    )
  })

  it.each([1, 2])('is the lower difficulty of the other chain: %i', (difficulty) => {
    const said = hint(withDifficulty(CLASSIC, difficulty), withDifficulty(CLASSIC, 6))
    expect(said).toContain(`--difficulty ${difficulty}`)
  })

  it('is nothing where the rules agree, or nothing is known', () => {
    expect(hint(withDifficulty(CLASSIC, 2), withDifficulty(CLASSIC, 1))).toBe('valid')
    const spec = CLASSIC
    for (const [code, data] of [
      ['bad-genesis', { field: 'proof', expected: 100, got: 7 }],
      ['bad-genesis', { field: 'previous_hash', expected: '"1"', got: '"0"' }],
      ['bad-previous-hash', { expected: 'a', got: 'b' }],
      ['high-hash', { expected: '4 leading zeros', got: 'f'.repeat(64) }],
    ] as const) {
      expect(hintOn({ code, data }, spec)).toBe('')
    }
  })
})
