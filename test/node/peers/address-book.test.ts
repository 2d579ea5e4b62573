import { describe, expect, it } from 'vitest'
import { MAX_NODES } from '../../../src/core/limits.ts'
import {
  hostAndPort,
  parseAddress,
  parseAddresses,
  sameAddress,
} from '../../../src/node/peers/address.ts'
import { AddressBook } from '../../../src/node/peers/address-book.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { codeOf, errorOf } from '../../helpers/errors.ts'

describe('several addresses', () => {
  it('are kept in their order and in one form', () => {
    expect(parseAddresses(['http://B:1/', 'a', 'B:01'])).toEqual(['b:1', 'a', 'b:1'])
    expect(parseAddresses([])).toEqual([])
  })

  it('are refused together, each malformed one named with its place', () => {
    const error = errorOf(() => parseAddresses(['a:1', 'b c', 'd', '', 'e:99999']))
    expect(error).toMatchObject({
      code: 'bad-address',
      data: {
        expected: [
          'host:port or http://host:port',
          'host:port or http://host:port',
          'a port from 1 to 65535',
        ],
        got: ['b c', '', 'e:99999'],
        at: ['1', '3', '4'],
      },
    })
  })
})

describe('where to connect', () => {
  it.each([
    ['127.0.0.1:5001', '127.0.0.1', 5001],
    ['node.example', 'node.example', 80],
    ['[::1]:5000', '::1', 5000],
    ['[fe80::1]', 'fe80::1', 80],
    ['x:65535', 'x', 65535],
  ])('%s is %s at port %i', (text, host, port) => {
    expect(hostAndPort(parseAddress(text))).toEqual({ host, port })
  })

  it('is the same for two addresses but for a port that is HTTP’s', () => {
    expect(sameAddress('a', 'a:80')).toBe(true)
    expect(sameAddress('[::1]:80', '[::1]')).toBe(true)
    expect(sameAddress('a:80', 'a:81')).toBe(false)
    expect(sameAddress('a', 'b')).toBe(false)
  })
})

describe('the address book', () => {
  it('keeps new addresses once, in order of their names, and says which were new', () => {
    const book = new AddressBook(new MemoryStore())
    expect(book.register(['b:1', 'http://a:1', 'B:1'])).toEqual(['b:1', 'a:1'])
    expect(book.register(['a:1', 'c'])).toEqual(['c'])
    expect(book.addresses).toEqual(['a:1', 'b:1', 'c'])
  })

  it('keeps all or none', () => {
    const book = new AddressBook(new MemoryStore())
    expect(codeOf(() => book.register(['a:1', ':']))).toBe('bad-address')
    expect(book.addresses).toEqual([])
  })

  it('keeps as many as the limit, and of one too many none', () => {
    const book = new AddressBook(new MemoryStore())
    const names = Array.from({ length: MAX_NODES }, (_, i) => `n${i}`)
    book.register(names.slice(0, MAX_NODES - 1))
    expect(codeOf(() => book.register(['x', 'y']))).toBe('too-many-nodes')
    expect(book.addresses).toHaveLength(MAX_NODES - 1)
    expect(book.register(['x', 'n0', 'X'])).toEqual(['x'])
    expect(codeOf(() => book.register(['y']))).toBe('too-many-nodes')
    expect(book.register(['n0'])).toEqual([])
  })

  it('forgets an address, however it is written, and says whether it was known', () => {
    const book = new AddressBook(new MemoryStore())
    book.register(['a:1', 'b:1'])
    expect(book.remove('http://A:1/')).toBe(true)
    expect(book.remove('a:1')).toBe(false)
    expect(codeOf(() => book.remove(':'))).toBe('bad-address')
    expect(book.addresses).toEqual(['b:1'])
  })

  it('writes in the store transaction that is open', () => {
    const store = new MemoryStore()
    const book = new AddressBook(store)
    store.begin()
    book.register(['a:1'])
    store.rollback()
    expect(book.addresses).toEqual([])
  })
})
