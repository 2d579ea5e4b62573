import { isIPv6 } from 'node:net'
import { describe, expect, it } from 'vitest'
import { MAX_ADDRESS_CHARS } from '../../../src/core/limits.ts'
import { parseAddress } from '../../../src/node/peers/address.ts'
import { codeOf, errorOf } from '../../helpers/errors.ts'
import { fc } from '../../helpers/fast-check.ts'

describe('the address of a node', () => {
  it.each([
    ['127.0.0.1:5001', '127.0.0.1:5001'],
    ['http://192.168.0.5:5000', '192.168.0.5:5000'],
    ['http://Node.Example/', 'node.example'],
    ['http://localhost:5001/chain', 'localhost:5001'],
    ['localhost:5001/chain/', 'localhost:5001'],
    ['  http://localhost:5001/\r\n', 'localhost:5001'],
    ['\t127.0.0.1:5001\n', '127.0.0.1:5001'],
    ['\u00a0a:1\u3000', 'a:1'],
    ['http:5000', 'http:5000'],
    ['node1:80', 'node1:80'],
    ['1.example:80', '1.example:80'],
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
    '6154',
    '6154:80',
    'http://6154',
    'http//h:1',
    'https//h:1',
    'http:/h:1',
    'http:h:1',
    '//h:1',
    'http://h:1/flask',
    'http://h:1/chain?x=1',
    'h:1/chain//',
    'h:1/mine',
    'h:1#a',
    '1.2.3.256:1',
    '1.2.3.4.5:1',
    '08.1.1.1:1',
    '1..2:1',
    'a.1:1',
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
    const kept = parseAddress(`[${host}]:1`)
    expect(parseAddress(`http://[${host}]/`)).toBe(kept.replace(/:1$/, ''))
    expect(parseAddress(kept)).toBe(kept)
    // The URL standard's spelling, but for what stands for an address of IPv4, or for this machine.
    const isOther = host === '::' || host.startsWith('::ffff:')
    if (!isOther) expect(kept).toBe(new URL(`http://[${host}]:1`).host)
  })

  it.each([
    ['http://0.0.0.0:5000', 'localhost:5000'],
    ['0:5000', undefined],
    ['0.0.0.0', 'localhost'],
    ['0.0:5000', 'localhost:5000'],
    ['0x0.0:5000', 'localhost:5000'],
    ['[::]:5000', 'localhost:5000'],
    ['[0:0::0]:5000', 'localhost:5000'],
    ['[::ffff:0.0.0.0]:5000', 'localhost:5000'],
    ['127.0.01:5000', '127.0.0.1:5000'],
    ['127.1:5000', '127.0.0.1:5000'],
    ['0x7f.1:5000', '127.0.0.1:5000'],
    ['0177.0.0.1:5000', '127.0.0.1:5000'],
    ['127.0.256:5000', '127.0.1.0:5000'],
    ['[::ffff:127.0.0.1]:5000', '127.0.0.1:5000'],
    ['[::ffff:7f00:1]:5000', '127.0.0.1:5000'],
    ['[0:0:0:0:0:0:0:1]:5000', '[::1]:5000'],
  ])('of this machine is recognised in %s: %s', (text, address) => {
    if (address === undefined) expect(codeOf(() => parseAddress(text))).toBe('bad-address')
    else expect(parseAddress(text)).toBe(address)
  })

  it('of IPv4 is spelt as the URL standard spells it, and refused where that refuses it', () => {
    const part = fc.constantFrom('0', '1', '01', '010', '08', '0x', '0xff', '0xg', '255', '256')
    const long = fc.constantFrom('65535', '65536', '16777215', '16777216', '4294967295', '')
    const host = fc.array(fc.oneof(part, long), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(host, (parts) => {
        const text = parts.join('.')
        const url = URL.parse(`http://${text}:1`)
        // A final dot is the URL standard's own.
        const expected = text.endsWith('.') || text.startsWith('.') ? undefined : url?.host
        const found = codeOf(() => parseAddress(`${text}:1`))
          ? undefined
          : parseAddress(`${text}:1`)
        expect(found).toBe(expected === '0.0.0.0:1' ? 'localhost:1' : expected)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['6154', 'a host before the port, as in 127.0.0.1:6154'],
    ['http//h:1', 'a colon after the scheme, as in http://h:1'],
    ['http://h:1/flask', 'a host and a port without a path, as in h:1'],
    ['https://h:1', 'host:port or http://host:port'],
    ['h:0', 'a port from 1 to 65535'],
  ])('that is wrong names the right form: %s', (text, expected) => {
    expect(errorOf(() => parseAddress(text))).toMatchObject({ data: { expected, got: text } })
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
