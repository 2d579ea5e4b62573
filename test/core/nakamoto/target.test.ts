import { describe, expect, it } from 'vitest'
import {
  bitsHex,
  decodeCompact,
  encodeCompact,
  targetHex,
  targetOf,
  workOf,
} from '../../../src/core/nakamoto/target.ts'
import { fc } from '../../helpers/fast-check.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'

interface CompactVectors {
  readonly decode: readonly {
    readonly bits: string
    readonly magnitude_hex?: string
    readonly canonical_bits?: string
    readonly negative: boolean
    readonly overflow: boolean
  }[]
  readonly encode: readonly {
    readonly target_hex: string
    readonly bits: string
    readonly decodes_to?: string
  }[]
  readonly proof_of_work_rejects: readonly { readonly why: string; readonly bits?: string }[]
  readonly work_per_block: readonly { readonly bits: string; readonly work: string }[]
}

const SIGN_BIT = 0x800000

describeShared("Bitcoin Core's compact bits", () => {
  const vectors: CompactVectors = JSON.parse(sharedVector('headers/nbits_compact_vectors.json'))

  it.each(vectors.decode)('$bits decode', ({ bits, negative, overflow, ...vector }) => {
    const compact = decodeCompact(Number(bits))
    expect(compact).toMatchObject({ isNegative: negative, overflows: overflow })
    if (vector.magnitude_hex === undefined || vector.canonical_bits === undefined) {
      expect(overflow).toBe(true)
      return
    }
    expect(targetHex(compact.magnitude)).toBe(vector.magnitude_hex)
    const signed = encodeCompact(compact.magnitude) + (negative ? SIGN_BIT : 0)
    expect(signed).toBe(Number(vector.canonical_bits))
  })

  it.each(vectors.encode)('$target_hex encodes to $bits', ({ target_hex, bits, decodes_to }) => {
    expect(encodeCompact(BigInt(`0x${target_hex}`))).toBe(Number(bits))
    if (decodes_to !== undefined) {
      expect(targetHex(decodeCompact(Number(bits)).magnitude)).toBe(decodes_to)
    }
  })

  it.each(vectors.proof_of_work_rejects.filter(({ bits, why }) => bits && why !== 'too easy'))(
    'are no target: $why',
    ({ bits }) => expect(targetOf(Number(bits))).toBeUndefined(),
  )

  it.each(vectors.work_per_block)('$bits are $work hashes', ({ bits, work }) => {
    expect(workOf(decodeCompact(Number(bits)).magnitude)).toBe(BigInt(work))
  })
})

describe('targetOf', () => {
  it.each([
    ['zero', 0x00000000],
    ['zero, the mantissa shifted out', 0x01003456],
    ['negative', 0x04923456],
    ['just beyond 256 bits: three bytes', 0x21010000],
    ['just beyond 256 bits: two bytes', 0x22000100],
    ['just beyond 256 bits: one byte', 0x23000001],
    ['far beyond', 0xff7fffff],
  ])('has none for bits that are %s', (_, bits) => expect(targetOf(bits)).toBeUndefined())

  it.each([
    [0x2100ffff, 0xffffn << 240n],
    [0x220000ff, 0xffn << 248n],
    [0x207fffff, 0x7fffffn << 232n],
    [0x03000001, 1n],
    [0x01010000, 1n],
    [0x1d00ffff, 0xffffn << 208n],
  ])('has one just within: %i', (bits, target) => expect(targetOf(bits)).toBe(target))

  it('is not negative for a sign before a mantissa that is shifted out', () => {
    expect(decodeCompact(0x01803456)).toEqual({
      magnitude: 0n,
      isNegative: false,
      overflows: false,
    })
  })
})

describe('encodeCompact', () => {
  it('loses nothing but what has no room, and never sets the sign', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), fc.integer({ min: 0, max: 255 }), (n, shift) => {
        const target = n >> BigInt(shift)
        const bits = encodeCompact(target)
        const { magnitude, isNegative, overflows } = decodeCompact(bits)
        expect({ isNegative, overflows }).toEqual({ isNegative: false, overflows: false })
        expect(magnitude <= target && target - magnitude < target / 2n ** 15n + 1n).toBe(true)
        expect(encodeCompact(magnitude)).toBe(bits)
      }),
    )
  })

  it('is shown as eight digits', () => expect(bitsHex(encodeCompact(1n))).toBe('01010000'))
})

describe('workOf', () => {
  it('is one hash for every target that any hash meets, two for the half', () => {
    expect(workOf(2n ** 256n - 1n)).toBe(1n)
    expect(workOf(2n ** 255n - 1n)).toBe(2n)
    expect(workOf(1n)).toBe(2n ** 255n)
  })
})
