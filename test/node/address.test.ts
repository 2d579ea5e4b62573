import { describe, expect, it } from 'vitest'
import { MAX_ADDRESS_CHARS } from '../../src/core/limits.ts'
import { parseAddress } from '../../src/node/address.ts'
import { codeOf } from '../helpers/errors.ts'

describe('the address of a node', () => {
  it.each([
    ['127.0.0.1:5001', '127.0.0.1:5001'],
    ['http://192.168.0.5:5000', '192.168.0.5:5000'],
    ['http://Node.Example/', 'node.example'],
    ['http://localhost:5001/chain?x=1', 'localhost:5001'],
    ['[::1]:5000', '[::1]:5000'],
    ['a_b-c.d:1', 'a_b-c.d:1'],
    ['x:65535', 'x:65535'],
    ['x:00080', 'x:80'],
  ])('keeps %s as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })

  it.each([
    '',
    ' ',
    'a b',
    'http://',
    'ftp://host:1',
    'https://host:1',
    'host:',
    'host:0',
    'host:65536',
    'host:port',
    'user@host:1',
    'http://user:pw@host',
    '-a:1',
    'a-:1',
    '::1',
    'host:1:2',
    '/chain',
    'host?x',
    'hôst:1',
  ])('refuses %j', (text) => {
    expect(codeOf(() => parseAddress(text))).toBe('bad-address')
  })

  it('is bounded in length', () => {
    const longest = 'a'.repeat(MAX_ADDRESS_CHARS)
    expect(parseAddress(longest)).toBe(longest)
    expect(codeOf(() => parseAddress(`${longest}a`))).toBe('bad-address')
  })
})
