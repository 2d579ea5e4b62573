import { describe, expect, it } from 'vitest'
import { addressOf, keyOf } from '../../../src/core/nakamoto/address.ts'
import {
  bytesOfGroups,
  decodeBech32m,
  encodeBech32m,
  groupsOf,
} from '../../../src/core/nakamoto/bech32m.ts'
import { fc } from '../../helpers/fast-check.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'
import { ALICE } from './people.ts'

describeShared('Bech32m: the vectors of BIP350', () => {
  const vectors: {
    valid_bech32m: string[]
    invalid_bech32m: { string: string; reason: string }[]
  } = JSON.parse(sharedVector('addresses_keys/bech32m_bip350.json'))

  it.each(vectors.valid_bech32m)('%s is one, and is written so again', (text) => {
    const decoded = decodeBech32m(text)
    expect(decoded && encodeBech32m(decoded)).toBe(text.toLowerCase())
  })

  it.each(vectors.invalid_bech32m)('"$string" is none: $reason', ({ string }) => {
    expect(decodeBech32m(string)).toBeUndefined()
  })
})

describe('groups of five bits', () => {
  it('hold any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const groups = groupsOf(bytes)
        expect(groups).toHaveLength(Math.ceil((bytes.length * 8) / 5))
        expect(bytesOfGroups(groups)).toEqual(bytes)
      }),
    )
  })

  it('are no bytes where what is left over is not zero, or a whole group', () => {
    expect(bytesOfGroups([31, 28])).toEqual(Uint8Array.of(255))
    expect(bytesOfGroups([31, 29])).toBeUndefined()
    expect(bytesOfGroups([31, 28, 0])).toBeUndefined()
    expect(bytesOfGroups([])).toEqual(new Uint8Array(0))
  })
})

describe('an address', () => {
  const { key, address } = ALICE

  it('is toy1 and 58 letters, and gives its key back', () => {
    expect(address).toMatch(/^toy1[02-9ac-hj-np-z]{58}$/)
    expect(keyOf(address)).toEqual(key)
    expect(addressOf(key)).toBe(address)
  })

  it('is one text only: not in capitals, not of another prefix or length', () => {
    expect(keyOf(address.toUpperCase())).toBeUndefined()
    expect(keyOf(encodeBech32m({ prefix: 'bc', groups: groupsOf(key) }))).toBeUndefined()
    for (const length of [31, 33]) {
      const groups = groupsOf(new Uint8Array(length))
      expect(keyOf(encodeBech32m({ prefix: 'toy', groups }))).toBeUndefined()
    }
    expect(keyOf('')).toBeUndefined()
  })

  it('is none with any one letter changed', () => {
    for (let at = 4; at < address.length; at++) {
      const other = address[at] === 'q' ? 'p' : 'q'
      expect(keyOf(address.slice(0, at) + other + address.slice(at + 1))).toBeUndefined()
    }
  })
})
