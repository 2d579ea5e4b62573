/** Whether this machine has the loopback of IPv6. */
import { networkInterfaces } from 'node:os'

export const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((found) => found?.address === '::1')
