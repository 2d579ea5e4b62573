/** The lab's sample: truly mined, at each difficulty, for each way in which a proof covers the last hash. */
import { describe, expect, it } from 'vitest'
import { puzzleDigest } from '../../src/core/puzzle.ts'
import { CLASSIC, parseSpec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import { leadingZeros } from '../../web/src/chain/numbers.ts'
import { minedAgain, withPayment } from '../../web/src/views/lab/draft.ts'
import { judge } from '../../web/src/views/lab/judge.ts'
import { DIFFICULTIES, sampleCopy, samplePreset } from '../../web/src/views/lab/sample.ts'

describe.each([CLASSIC, TOYCHAIN_PY])('the sample for a node of $name', (preset) => {
  it.each(DIFFICULTIES)(
    'has five blocks that the rules find valid, with %i zeros each',
    (zeros) => {
      const copy = sampleCopy(preset, zeros)
      const drafts = copy.originals.map(({ draft }) => draft)
      expect(copy.before).toEqual(preset.rules.genesis.header)
      expect(copy.rules.puzzle(preset.rules.genesis.header).zeros).toBe(zeros)
      expect(drafts).toHaveLength(5)
      const judgement = judge(copy, drafts)
      expect(judgement.blocks.map(({ fate }) => fate)).toEqual(Array(5).fill('valid'))
      for (const { parent, block } of judgement.blocks) {
        if (parent === undefined || block === undefined) throw new Error('a block cannot be read')
        const digest = puzzleDigest(copy.rules.puzzle(parent), block.header.proof)
        expect(leadingZeros(digest)).toBeGreaterThanOrEqual(zeros)
      }
    },
  )

  it('is invalid from the block after a changed amount on', () => {
    const copy = sampleCopy(preset, 4)
    const [first, ...rest] = copy.originals.map(({ draft }) => draft)
    if (first === undefined) throw new Error('the sample is empty')
    const payment = { sender: 'Lea', recipient: 'Mark', amount: '1000' }
    const judgement = judge(copy, [withPayment(first, 0, payment), ...rest])
    expect(judgement.blocks.map(({ fate }) => fate)).toEqual([
      'valid',
      'invalid',
      ...Array(3).fill('invalidated'),
    ])
    expect(judgement).toMatchObject({ editedCount: 1, minedCount: 0 })
  })

  it('counts a block that was only mined again as mined, and as edited once a field is', () => {
    const copy = sampleCopy(preset, 4)
    const [first, ...rest] = copy.originals.map(({ draft }) => draft)
    const parent = copy.before
    if (first === undefined || parent === undefined) throw new Error('the sample is empty')
    const mined = minedAgain(first, parent, 7)
    expect(judge(copy, [mined, ...rest])).toMatchObject({ editedCount: 0, minedCount: 1 })
    const both = { ...mined, timestamp: '1' }
    expect(judge(copy, [both, ...rest])).toMatchObject({ editedCount: 1, minedCount: 0 })
  })
})

describe('the sample', () => {
  it("follows a node's own rules as to what a proof covers", () => {
    expect(samplePreset(withDifficulty(CLASSIC, 9))).toBe(CLASSIC)
    const bare = parseSpec('{"name": "x", "rules": "classic", "proof_covers_last_hash": false}')
    expect(samplePreset(bare)).toBe(TOYCHAIN_PY)
  })
})
