/**
 * The addresses of other nodes: parseAddress, parseAddresses, hostAndPort, sameAddress,
 * AddressBook. One form for one place, or `bad-address`; what is bracketed is as Node.js reads it
 * (test/node/ address.test.ts has the groups of IPv6 in every number).
 */
import { isIPv6 } from 'node:net'
import { describe, expect } from 'vitest'
import { MAX_ADDRESS_CHARS } from '../../src/core/limits.ts'
import {
  hostAndPort,
  parseAddress,
  parseAddresses,
  sameAddress,
} from '../../src/node/peers/address.ts'
import { AddressBook } from '../../src/node/peers/address-book.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { fc } from '../helpers/fast-check.ts'
import { anyText, damagedText } from './inputs.ts'
import { fuzz, outcomeOf, way } from './runs.ts'

const ALPHABET = [
  'a',
  'Z',
  '0',
  '9',
  '.',
  '-',
  '_',
  ':',
  '[',
  ']',
  '/',
  '@',
  '%',
  '?',
  '#',
  ' ',
  'é',
]
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom('localhost', 'A_b', 'x'.repeat(MAX_ADDRESS_CHARS), '[::ffff:1.2.3.4]', '[::]'),
)
const port = fc.oneof(
  fc.constant(''),
  fc.nat(70_000).map((number) => `:${number}`),
  fc.constantFrom(':080', ':00000', ':', ':-1', ':1e3', ':+1', ': 1', ':９'),
)
const scheme = fc.constantFrom('', '', 'http://', 'HTTP://', 'https://', 'http:', '//')
const path = fc.constantFrom('', '', '/', '/chain?x#y', '/ ', '?x', '\n', '\0')
const whole = fc.tuple(scheme, host, port, path).map((parts) => parts.join(''))
const soup = fc
  .array(fc.constantFrom(...ALPHABET), { maxLength: 12 })
  .map((parts) => parts.join(''))
const likely = fc.tuple(host, fc.constantFrom('', ':80', ':81')).map((parts) => parts.join(''))
const address = fc.oneof(whole, damagedText(whole), soup, anyText)

describe('an address', () => {
  fuzz('is kept in one form, which leads to one place, or refused', {
    input: address,
    share: 2,
    reaches: ['accepted', 'bad-address'],
    check: (text) =>
      way(
        outcomeOf(() => parseAddress(text)),
        (kept) => {
          expect(parseAddress(kept)).toBe(kept)
          const url = `http://${kept}/chain`
          if (url.length <= MAX_ADDRESS_CHARS) expect(parseAddress(url)).toBe(kept)
          expect(kept.length).toBeLessThanOrEqual(MAX_ADDRESS_CHARS)
          expect(kept).toMatch(/^[a-z0-9._:[\]-]+$/)
          const place = hostAndPort(kept)
          expect(place.host).not.toBe('')
          expect(place.port).toBeGreaterThanOrEqual(1)
          expect(place.port).toBeLessThanOrEqual(65_535)
          expect(kept.startsWith('[')).toBe(isIPv6(place.host))
          // The name that it is asked under is the one that a URL has.
          const parsed = URL.parse(url)
          if (parsed !== null) expect(Number(parsed.port || 80)).toBe(place.port)
        },
      ),
  })

  fuzz('is the same as another exactly if host and port are', {
    input: fc.tuple(fc.oneof(likely, address), fc.oneof(likely, address), fc.boolean()),
    reaches: ['the same', 'others', 'bad-address'],
    check: ([text, other, isDefault]) => {
      const one = outcomeOf(() => parseAddress(text))
      const two = outcomeOf(() => parseAddress(isDefault ? `${text}:80` : other))
      if ('code' in one || 'code' in two) return 'bad-address'
      const isSame = sameAddress(one.value, two.value)
      expect(sameAddress(two.value, one.value)).toBe(isSame)
      expect(sameAddress(one.value, one.value)).toBe(true)
      expect(isSame).toBe(
        JSON.stringify(hostAndPort(one.value)) === JSON.stringify(hostAndPort(two.value)),
      )
      return isSame ? 'the same' : 'others'
    },
  })

  fuzz('is kept in the book once, all of a list or none', {
    input: fc.array(address, { maxLength: 6 }),
    reaches: ['accepted', 'bad-address'],
    check: (texts) => {
      const book = new AddressBook(new MemoryStore())
      const all = outcomeOf(() => parseAddresses(texts))
      const outcome = outcomeOf(() => book.register(texts))
      const single = texts.map((text) => outcomeOf(() => parseAddress(text)))
      expect('code' in outcome).toBe(single.some((one) => 'code' in one))
      expect('code' in all).toBe('code' in outcome)
      if ('code' in outcome) {
        expect(book.addresses).toEqual([])
        return outcome.code
      }
      const kept = new Set(single.flatMap((one) => ('value' in one ? [one.value] : [])))
      expect(new Set(book.addresses)).toEqual(kept)
      expect(book.register(texts)).toEqual([])
      for (const text of texts) expect(outcomeOf(() => book.remove(text))).toHaveProperty('value')
      expect(book.addresses).toEqual([])
      return 'accepted'
    },
  })
})
