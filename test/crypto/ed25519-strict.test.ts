import { describe, expect, it } from 'vitest'
import { hasStrictEncoding } from '../../src/crypto/ed25519-strict.ts'
import { bytes, littleEndian, VALID_CASE } from './contract.ts'

const P = 2n ** 255n - 19n
/** The y of the points of order 8 is this one and its negative. */
const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
const SIGN_BIT = 2n ** 255n

const A = VALID_CASE.publicKey
const R = VALID_CASE.signature.slice(0, 64)
const S = VALID_CASE.signature.slice(64)

function strict(r: string, a: string): boolean {
  return hasStrictEncoding(bytes(r + S), bytes(a))
}

/** Whether this point passes as A, and as R; the rule is one for both. */
function asEither(point: bigint): { a: boolean; r: boolean } {
  return { a: strict(R, littleEndian(point)), r: strict(littleEndian(point), A) }
}

const PASSES = { a: true, r: true }
const REFUSED = { a: false, r: false }

describe('hasStrictEncoding', () => {
  it('passes a canonical A and R of large order', () => {
    expect(strict(R, A)).toBe(true)
  })

  it('passes the largest y below p, whatever the sign of x', () => {
    // p - 2: p - 1 is of small order.
    expect(asEither(P - 2n)).toEqual(PASSES)
    expect(asEither(P - 2n + SIGN_BIT)).toEqual(PASSES)
  })

  it.each([P, P + 1n, P + 2n, 2n ** 255n - 1n])(
    'refuses y = %d, from p on, with either sign',
    (y) => {
      expect(asEither(y)).toEqual(REFUSED)
      expect(asEither(y + SIGN_BIT)).toEqual(REFUSED)
    },
  )

  it('passes a y that differs from the uncanonical ones in one byte only', () => {
    for (let byte = 1; byte < 31; byte++) {
      expect(asEither(2n ** 255n - 1n - (1n << BigInt(8 * byte)))).toEqual(PASSES)
    }
    expect(asEither(2n ** 255n - 1n - (1n << 248n))).toEqual(PASSES)
  })

  it.each([
    ['1, the neutral element', 1n],
    ['-1, of order 2', P - 1n],
    ['0, of order 4', 0n],
    ['of order 8', ORDER_8],
    ['of order 8 too', P - ORDER_8],
  ])('refuses the small-order y that is %s, with either sign', (_, y) => {
    expect(asEither(y)).toEqual(REFUSED)
    expect(asEither(y + SIGN_BIT)).toEqual(REFUSED)
  })

  it('passes the neighbours of the small-order points', () => {
    for (const y of [2n, ORDER_8 - 1n, ORDER_8 + 1n, P - ORDER_8 - 1n, P - ORDER_8 + 1n, P - 2n]) {
      expect(asEither(y)).toEqual(PASSES)
    }
  })

  it('refuses any other length than 64 and 32 bytes', () => {
    expect(hasStrictEncoding(bytes(R + S.slice(2)), bytes(A))).toBe(false)
    expect(hasStrictEncoding(bytes(`${R + S}00`), bytes(A))).toBe(false)
    expect(hasStrictEncoding(bytes(R + S), bytes(A.slice(2)))).toBe(false)
    expect(hasStrictEncoding(bytes(R + S), bytes(`${A}00`))).toBe(false)
  })
})
