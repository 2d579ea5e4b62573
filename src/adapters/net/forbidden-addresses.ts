/**
 * Addresses where no node is ever asked, whatever name led there: a node that somebody registers must
 * not become a way to the secrets of a cloud machine (server-side request forgery). Loopback and
 * private networks stay open: that is where classes are.
 */
import { BlockList } from 'node:net'

export const forbiddenAddresses = new BlockList()

/** Subnets of IPv4, each as its address and the bits of its prefix. */
const SUBNETS_V4: readonly (readonly [address: string, bits: number])[] = [
  // Link-local, with the metadata service of most clouds (RFC 3927).
  ['169.254.0.0', 16],
  // Metadata services elsewhere: Alibaba, Oracle, Azure.
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
  // Nobody in particular: multicast, broadcast, and what means "this machine" only by accident.
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['0.0.0.0', 8],
]

/** IPv6 prefixes that have an IPv4 address behind them: tunnels and translators send there. */
const CARRIERS: readonly { bits: number; around: (hex: string) => string }[] = [
  // NAT64 (RFC 6052), 6to4 (RFC 3056), IPv4-translated (RFC 2765).
  { bits: 96, around: (hex) => `64:ff9b::${hex}` },
  { bits: 16, around: (hex) => `2002:${hex}::` },
  { bits: 96, around: (hex) => `::ffff:0:${hex}` },
  // IPv4-compatible (RFC 4291, section 2.5.5.1).
  { bits: 96, around: (hex) => `::${hex}` },
]

for (const [address, bits] of SUBNETS_V4) {
  // BlockList looks at IPv4-mapped addresses (::ffff:…) by itself.
  forbiddenAddresses.addSubnet(address, bits, 'ipv4')
  // Loopback is the IPv4-compatible 0.0.0.1, and stays open: see below.
  const carriers = address === '0.0.0.0' ? CARRIERS.slice(0, -1) : CARRIERS
  for (const carrier of carriers) {
    forbiddenAddresses.addSubnet(carrier.around(hexOf(address)), carrier.bits + bits, 'ipv6')
  }
}
forbiddenAddresses.addAddress('::', 'ipv6')
forbiddenAddresses.addRange('::2', '::ff:ffff', 'ipv6')

// NAT64 of a network's own (RFC 8215) and Teredo (RFC 4380) carry IPv4 addresses too, at a place that
// each network chooses, or with every bit turned: what is behind cannot be told, so nothing is asked.
forbiddenAddresses.addSubnet('64:ff9b:1::', 48, 'ipv6')
forbiddenAddresses.addSubnet('2001::', 32, 'ipv6')
// Link-local (RFC 4291, section 2.5.6), multicast, and the metadata services of AWS and Google.
forbiddenAddresses.addSubnet('fe80::', 10, 'ipv6')
forbiddenAddresses.addSubnet('ff00::', 8, 'ipv6')
forbiddenAddresses.addAddress('fd00:ec2::254', 'ipv6')
forbiddenAddresses.addAddress('fd20:ce::254', 'ipv6')

/** An IPv4 address as two groups of an IPv6 address. */
function hexOf(address: string): string {
  const hex = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  return `${hex.slice(0, 2).join('')}:${hex.slice(2).join('')}`
}
