/** What the page says of numbers and digests, computed without a browser. */
import { describe, expect, it } from 'vitest'
import { leadingZeros, rewrittenNumbers } from '../../web/src/views/block/numbers.ts'
import { powerText } from '../../web/src/views/lab/great.ts'

describe('numbers that are hashed in another text than they were written', () => {
  it('are found in order, each once', () => {
    const written = '{"a": 1e-7, "b": [10.0, 1E5, 1e-7], "1e-7": "1e-7"}'
    const hashed = '{"a": 1e-07, "b": [10.0, 100000.0, 1e-07], "1e-7": "1e-7"}'
    expect(rewrittenNumbers(written, hashed)).toEqual([
      { written: '1e-7', hashed: '1e-07' },
      { written: '1E5', hashed: '100000.0' },
    ])
  })

  it('are none where the texts are the same', () => {
    expect(rewrittenNumbers('[1.50]', '[1.50]')).toEqual([])
  })
})

describe('the leading zeros of a digest', () => {
  it('are counted up to the first other digit', () => {
    expect(['00a0', 'f', '0000', ''].map(leadingZeros)).toEqual([2, 0, 4, 0])
  })
})

describe('a number beyond all names', () => {
  it('is written as a power of ten', () => {
    expect(powerText(16 ** 64)).toBe('1.2 × 10⁷⁷')
    expect(powerText(1e15)).toBe('1.0 × 10¹⁵')
  })
})
