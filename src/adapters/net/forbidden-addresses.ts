/**
 * Addresses where no node is ever asked, whatever name led there: a node that somebody registers must
 * not become a way to the secrets of a cloud machine (server-side request forgery). Loopback and
 * private networks stay open: that is where classes are.
 */
import { BlockList } from 'node:net'

export const forbiddenAddresses = new BlockList()

// Link-local, with the metadata service of most clouds (RFC 3927; RFC 4291, section 2.5.6).
forbiddenAddresses.addSubnet('169.254.0.0', 16, 'ipv4')
forbiddenAddresses.addSubnet('fe80::', 10, 'ipv6')
// The same through NAT64 (RFC 6052) and 6to4 (RFC 3056), which carry IPv4 addresses inside.
forbiddenAddresses.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')
forbiddenAddresses.addSubnet('2002:a9fe::', 32, 'ipv6')
// Metadata services elsewhere: AWS and Google over IPv6, Alibaba, Oracle, Azure.
forbiddenAddresses.addAddress('fd00:ec2::254', 'ipv6')
forbiddenAddresses.addAddress('fd20:ce::254', 'ipv6')
forbiddenAddresses.addAddress('100.100.100.200', 'ipv4')
forbiddenAddresses.addAddress('192.0.0.192', 'ipv4')
forbiddenAddresses.addAddress('168.63.129.16', 'ipv4')
// Nobody in particular: multicast, broadcast, and what means "this machine" only by accident.
forbiddenAddresses.addSubnet('224.0.0.0', 4, 'ipv4')
forbiddenAddresses.addSubnet('ff00::', 8, 'ipv6')
forbiddenAddresses.addAddress('255.255.255.255', 'ipv4')
forbiddenAddresses.addSubnet('0.0.0.0', 8, 'ipv4')
forbiddenAddresses.addAddress('::', 'ipv6')
