import { isIPv6, type LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { forbiddenAddresses } from '../../../src/adapters/net/forbidden-addresses.ts'
import { parseAddress } from '../../../src/node/peers/address.ts'
import { WHOLE_CHAIN } from '../../../src/node/pull/asking.ts'
import { hasIpv6 } from '../../helpers/ipv6.ts'
import { body } from '../../hostile/answers.ts'
import { startHostile } from '../../hostile/hostile-server.ts'
import { failed, finds, openPeers } from '../../hostile/told-peers.ts'

const TEXT = '{"chain": [], "length": 0}'

function isForbidden(address: string): boolean {
  return forbiddenAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

describe('forbidden addresses', () => {
  it.each([
    ['169.254.0.0', 'the first link-local address'],
    ['169.254.169.254', 'the metadata service of most clouds'],
    ['169.254.170.2', 'the credentials of AWS containers'],
    ['169.254.255.255', 'the last link-local address'],
    ['::ffff:169.254.169.254', 'IPv4 in IPv6'],
    ['::ffff:a9fe:a9fe', 'the same in hex'],
    ['0:0:0:0:0:ffff:a9fe:a9fe', 'the same in full'],
    ['64:ff9b::a9fe:a9fe', 'through NAT64'],
    ['64:ff9b::a9fe:0', 'the first through NAT64'],
    ['64:ff9b::a9fe:ffff', 'the last through NAT64'],
    ['2002:a9fe:a9fe::1', 'through 6to4'],
    ['64:ff9b::100.100.100.200', 'the metadata service of Alibaba through NAT64'],
    ['64:ff9b::a83f:8110', 'the wire server of Azure through NAT64'],
    ['64:ff9b::192.0.0.192', 'the metadata service of Oracle through NAT64'],
    ['64:ff9b::224.0.0.1', 'multicast through NAT64'],
    ['64:ff9b::255.255.255.255', 'broadcast through NAT64'],
    ['64:ff9b::0.0.0.0', 'this machine by accident, through NAT64'],
    ['2002:6464:64c8::1', 'the metadata service of Alibaba through 6to4'],
    ['2002:a83f:8110::', 'the wire server of Azure through 6to4'],
    ['2002:e000:1::', 'multicast through 6to4'],
    ['::ffff:0:169.254.169.254', 'IPv4-translated'],
    ['::ffff:0:100.100.100.200', 'the metadata service of Alibaba, IPv4-translated'],
    ['::169.254.169.254', 'IPv4-compatible'],
    ['::100.100.100.200', 'the metadata service of Alibaba, IPv4-compatible'],
    ['::2', 'the first of "this network", IPv4-compatible'],
    ['::0.255.255.255', 'the last of "this network", IPv4-compatible'],
    ['64:ff9b:1::', "the first of NAT64 of a network's own"],
    ['64:ff9b:1::a9fe:a9fe', 'link-local behind a prefix of 96 bits of it'],
    ['64:ff9b:1:a9fe:a9:fe00::', 'link-local behind a prefix of 48 bits of it'],
    ['64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'the last of it'],
    ['2001::', 'the first of Teredo'],
    ['2001:0:4136:e378:8000:63bf:5601:5601', 'link-local through Teredo, every bit turned'],
    ['2001:0:ffff:ffff:ffff:ffff:ffff:ffff', 'the last of Teredo'],
    ['fe80::', 'the first link-local address of IPv6'],
    ['fe80::1', 'a link-local address of IPv6'],
    ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'the last link-local address of IPv6'],
    ['fd00:ec2::254', 'the metadata service of AWS over IPv6'],
    ['fd20:ce::254', 'the metadata service of Google over IPv6'],
    ['100.100.100.200', 'the metadata service of Alibaba'],
    ['::ffff:100.100.100.200', 'the same in IPv6'],
    ['192.0.0.192', 'the metadata service of Oracle'],
    ['168.63.129.16', 'the wire server of Azure'],
    ['::ffff:168.63.129.16', 'the same in IPv6'],
    ['224.0.0.0', 'the first multicast address'],
    ['239.255.255.255', 'the last multicast address'],
    ['255.255.255.255', 'broadcast'],
    ['ff02::1', 'multicast of IPv6'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'the last multicast address of IPv6'],
    ['0.0.0.0', 'this machine by accident'],
    ['0.255.255.255', 'the last of "this network"'],
    ['::ffff:0.0.0.0', 'the same in IPv6'],
    ['::', 'this machine by accident, in IPv6'],
  ])('hold %s: %s', (address) => {
    expect(isForbidden(address)).toBe(true)
  })

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback of IPv6'],
    ['::ffff:127.0.0.1', 'loopback in IPv6'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.254', 'private'],
    ['192.168.0.1', 'private'],
    ['::ffff:192.168.0.1', 'private, in IPv6'],
    ['100.64.0.1', 'shared by a provider'],
    ['100.100.100.199', 'just before Alibaba'],
    ['100.100.100.201', 'just after Alibaba'],
    ['169.253.255.255', 'just before link-local'],
    ['169.255.0.0', 'just after link-local'],
    ['168.63.129.15', 'just before Azure'],
    ['192.0.0.193', 'just after Oracle'],
    ['223.255.255.255', 'just before multicast'],
    ['1.0.0.0', 'just after "this network"'],
    ['8.8.8.8', 'public'],
    ['2001:db8::1', 'of IPv6'],
    ['fd12:3456:789a::1', 'private, of IPv6'],
    ['fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'just before link-local of IPv6'],
    ['64:ff9b::a9fd:ffff', 'just before link-local through NAT64'],
    ['64:ff9b::a9ff:0', 'just after link-local through NAT64'],
    ['2002:a9fd:ffff::', 'just before link-local through 6to4'],
    ['64:ff9b::192.168.0.1', 'private, through NAT64'],
    ['64:ff9b::8.8.8.8', 'public, through NAT64'],
    ['64:ff9b::6464:64c9', 'just after Alibaba through NAT64'],
    ['64:ff9b:0:ffff:ffff:ffff:ffff:ffff', "just before NAT64 of a network's own"],
    ['64:ff9b:2::', "just after NAT64 of a network's own"],
    ['2002:c0a8:1::', 'private, through 6to4'],
    ['::ffff:0:192.168.0.1', 'private, IPv4-translated'],
    ['::192.168.0.1', 'private, IPv4-compatible'],
    ['::1.0.0.0', 'just after "this network", IPv4-compatible'],
    ['2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'just before Teredo'],
    ['2001:1::', 'just after Teredo'],
  ])('do not hold %s: %s', (address) => {
    expect(isForbidden(address)).toBe(false)
  })
})

describe('nodes at forbidden addresses', () => {
  it.each([
    '169.254.169.254',
    'http://169.254.169.254/chain',
    '169.0xfea9fe',
    '0xa9.254.0251.0376',
    '0xa9fea9fe',
    '0xA9.0xFE.0xA9.0xFE',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[2002:a9fe:a9fe::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '168.63.129.16',
    '255.255.255.255',
    '224.0.0.1',
    '[ff02::1]',
  ])('are not connected to, written as %s', async (text) => {
    const { peers, inputs, over } = openPeers()
    peers.ask(1, parseAddress(text), WHOLE_CHAIN)
    await over(1)
    expect(inputs).toEqual([failed(1, 'forbidden-address')])
  })

  it.each(['0.0.0.0', '0x0.0', '[::]', '[::ffff:0.0.0.0]', 'localhost'])(
    'are not what %s means: this machine, by both loopbacks',
    async (host) => {
      for (const loopback of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
        const server = await startHostile(body(TEXT), loopback)
        const { peers, inputs, over } = openPeers()
        peers.ask(1, parseAddress(`${host}:${server.port}`), WHOLE_CHAIN)
        await over(1)
        expect(inputs.at(-1)).toMatchObject({ type: 'ended', ask: 1 })
        expect(server.connections).toBe(1)
      }
    },
  )

  it.each([
    [['169.254.169.254']],
    [['fe80::1']],
    [['::ffff:169.254.169.254']],
    [['169.254.169.254', 'fd00:ec2::254']],
    [['0.0.0.0']],
  ])('are not connected to when a name leads to %s', async (addresses) => {
    const { peers, inputs, over } = openPeers({ lookup: finds(...addresses) })
    peers.ask(1, 'innocent.example:80', WHOLE_CHAIN)
    await over(1)
    expect(inputs).toEqual([failed(1, 'forbidden-address')])
  })

  it('are looked for again each time that a name is asked', async () => {
    const server = await startHostile(body(TEXT))
    let isRebound = false
    const lookup: LookupFunction = (name, options, callback) => {
      finds(isRebound ? '169.254.169.254' : '127.0.0.1')(name, options, callback)
    }
    const { peers, inputs, over } = openPeers({ lookup })
    const address = `rebinding.example:${server.address.split(':')[1]}`
    peers.ask(1, address, WHOLE_CHAIN)
    await over(1)
    isRebound = true
    peers.ask(2, address, WHOLE_CHAIN)
    await over(2)
    expect(inputs.at(-1)).toEqual(failed(2, 'forbidden-address'))
    expect(server.connections).toBe(1)
  })
})
