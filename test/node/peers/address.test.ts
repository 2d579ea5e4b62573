import { isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { MAX_ADDRESS_CHARS } from '../../../src/core/limits.ts'
import { parseAddress } from '../../../src/node/peers/address.ts'
import { codeOf } from '../../helpers/errors.ts'
import { fc } from '../../helpers/fast-check.ts'

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

  it.each([
    '::',
    '::1',
    '1::',
    'fe80::1',
    'FE80::A',
    '1:2:3:4:5:6:7:8',
    '0001:02:3:4:5:6:7:8',
    '1::3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '2001:db8::8:800:200c:417a',
    '::ffff:129.144.52.38',
    '::13.1.68.3',
    '0:0:0:0:0:0:13.1.68.3',
    '1:2:3:4:5::255.255.255.255',
  ])('is well-formed as [%s]', (host) => {
    expect(parseAddress(`[${host}]:1`)).toBe(`[${host.toLowerCase()}]:1`)
    expect(parseAddress(`http://[${host}]/`)).toBe(`[${host.toLowerCase()}]`)
  })

  it.each([
    '',
    ':',
    'a',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1::2::3',
    '1:::2',
    ':1::2',
    '1::2:',
    ':1:2:3:4:5:6:7:8',
    '00001::',
    'g::1',
    '1.2.3.4',
    '1.2.3.4::',
    '1.2.3.4::1',
    '::1.2.3',
    '::1.2.3.4.5',
    '::1.2.3.256',
    '::1.2.3.1000',
    '::01.2.3.4',
    '::1..3.4',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5:6:7:8:1.2.3.4',
    '1:2:3:4:5:6::1.2.3.4',
    '::1%lo',
  ])('is malformed as [%s]', (host) => {
    expect(codeOf(() => parseAddress(`[${host}]:1`))).toBe('bad-address')
  })

  it('with any host in brackets is well-formed where Node.js says so', () => {
    const group = fc.constantFrom('', '0', 'f', 'ab', '0001', '12345', '1.2.3.4', '1.2.3.256')
    fc.assert(
      fc.property(fc.array(group, { maxLength: 11 }), (groups) => {
        const host = groups.join(':')
        const isTaken = codeOf(() => parseAddress(`[${host}]`)) !== 'bad-address'
        expect(isTaken).toBe(isIPv6(host))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is bounded in length', () => {
    const longest = 'a'.repeat(MAX_ADDRESS_CHARS)
    expect(parseAddress(longest)).toBe(longest)
    expect(codeOf(() => parseAddress(`${longest}a`))).toBe('bad-address')
  })
})
