/** An account's address: its public key of 32 bytes as Bech32m, `toy1…`. It is the account's name too. */
import { bytesOfGroups, decodeBech32m, encodeBech32m, groupsOf } from './bech32m.ts'

const PREFIX = 'toy'

export const KEY_BYTES = 32

export function addressOf(key: Uint8Array): string {
  return encodeBech32m({ prefix: PREFIX, groups: groupsOf(key) })
}

/** The key of an address in lowercase, which is the only way that we write one; undefined for any other text. */
export function keyOf(address: string): Uint8Array | undefined {
  const decoded = address === address.toLowerCase() ? decodeBech32m(address) : undefined
  if (decoded?.prefix !== PREFIX) return undefined
  const key = bytesOfGroups(decoded.groups)
  return key?.length === KEY_BYTES ? key : undefined
}
