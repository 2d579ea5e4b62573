import { hash } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import * as node from '../../src/crypto/node.ts'
import * as portable from '../../src/crypto/portable.ts'
import { fc } from '../helpers/fast-check.ts'
import { hex, L, littleEndian, type SignatureCase, scalar, verdict } from './contract.ts'

/** Both verdicts, which have to be one. */
function agreed(item: SignatureCase): boolean {
  const ours = verdict(node, item)
  expect(verdict(portable, item), JSON.stringify(item)).toBe(ours)
  return ours
}

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.uint8Array({ maxLength: 100 })

/** A valid signature by a random key. */
const signedCase = fc.record({ secret: bytesOf(32), message }).map(({ secret, message }) => ({
  publicKey: hex(ed25519.getPublicKey(secret)),
  message: hex(message),
  signature: hex(ed25519.sign(message, secret)),
}))

function flipBit(hexText: string, bit: number): string {
  const at = Math.floor(bit / 4) % hexText.length
  const digit = Number.parseInt(hexText.charAt(at), 16) ^ (1 << (bit % 4))
  return hexText.slice(0, at) + digit.toString(16) + hexText.slice(at + 1)
}

describe('node.ts and portable.ts', () => {
  it('give the same SHA-256 for bytes and texts of any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 300 }),
        (data, text) => {
          expect(portable.sha256(data)).toEqual(node.sha256(data))
          const ascii = JSON.stringify(text).replace(/[^ -~]/g, '?')
          expect(portable.sha256Hex(ascii)).toBe(node.sha256Hex(ascii))
        },
      ),
    )
  })

  it('accept what was signed', () => {
    fc.assert(
      fc.property(signedCase, (item) => {
        expect(agreed(item)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  it('refuse a signature, key or message with one bit changed', () => {
    const fields = fc.constantFrom('publicKey' as const, 'message' as const, 'signature' as const)
    fc.assert(
      fc.property(signedCase, fields, fc.nat(511), (item, field, bit) => {
        fc.pre(item[field] !== '')
        expect(agreed({ ...item, [field]: flipBit(item[field], bit) })).toBe(false)
      }),
      { numRuns: 80 },
    )
  })

  it('agree over random bytes', () => {
    fc.assert(
      fc.property(bytesOf(32), message, bytesOf(64), (publicKey, message, signature) => {
        expect(
          agreed({ publicKey: hex(publicKey), message: hex(message), signature: hex(signature) }),
        ).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('do not multiply by the cofactor: points of mixed order pass only if their torsion cancels', () => {
    const torsion = torsionGenerator()
    const scalars = fc.bigInt({ min: 1n, max: L - 1n })
    fc.assert(
      fc.property(scalars, scalars, fc.nat(7), fc.nat(7), message, (a, r, i, j, message) => {
        const publicKey = mixed(a, i).toBytes()
        const commitment = mixed(r, j).toBytes()
        const k = challenge(commitment, publicKey, message)
        const s = littleEndian((r + k * a) % L)
        const item = {
          publicKey: hex(publicKey),
          message: hex(message),
          signature: hex(commitment) + s,
        }
        // [S]B - [k]A is the prime-order part of R, less k times the torsion of A.
        const cancels = (BigInt(j) + k * BigInt(i)) % 8n === 0n
        expect(agreed(item)).toBe(cancels)
      }),
      { numRuns: 80 },
    )

    function mixed(large: bigint, small: number) {
      const { BASE, ZERO } = ed25519.Point
      const part = small === 0 ? ZERO : torsion.multiplyUnsafe(BigInt(small))
      return BASE.multiplyUnsafe(large).add(part)
    }
  })
})

/** A point of order 8: its multiples are the eight points of small order. */
function torsionGenerator() {
  const y = '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'
  const point = ed25519.Point.fromHex(y)
  expect(point.double().double().is0(), 'not of order 4').toBe(false)
  expect(point.double().double().double().is0(), 'of order 8').toBe(true)
  return point
}

/** RFC 8032's k: SHA-512 of R, A and the message, modulo L. */
function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return scalar(hash('sha512', Buffer.concat([r, a, message]))) % L
}
