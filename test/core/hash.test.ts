import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashOfText, isBlockHash } from '../../src/core/hash.ts'

describe('hashOfText', () => {
  it("is SHA-256, the digest's bytes in order, in lowercase hex", () => {
    // FIPS 180-4's example; Bitcoin would hash twice and show the bytes reversed.
    expect(hashOfText('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    const text = '{"index": 1, "previous_hash": "1", "proof": 100}'
    expect(hashOfText(text)).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('has the form of a hash', () => {
    expect(isBlockHash(hashOfText(''))).toBe(true)
  })
})

describe('isBlockHash', () => {
  const hash = '0123456789abcdef'.repeat(4)

  it('accepts 64 lowercase hex digits, and refuses 63 and 65', () => {
    expect(isBlockHash(hash)).toBe(true)
    expect(isBlockHash(hash.slice(1))).toBe(false)
    expect(isBlockHash(`${hash}0`)).toBe(false)
    expect(isBlockHash('')).toBe(false)
  })

  it('refuses uppercase, other letters, and anything around', () => {
    expect(isBlockHash(hash.toUpperCase())).toBe(false)
    expect(isBlockHash(hash.replace('f', 'g'))).toBe(false)
    expect(isBlockHash(`${hash}\n`)).toBe(false)
    expect(isBlockHash(` ${hash}`)).toBe(false)
    expect(isBlockHash(hash.replace('0', '\uff10'))).toBe(false)
  })
})
