/** What somebody types to add nodes: several addresses, apart by spaces or commas, western or Chinese. */
import { addressIn } from '../../../../src/node/peers/address.ts'

export interface TypedAddresses {
  /** In the form that nodes keep, each once. */
  readonly addresses: readonly string[]
  /** What is no address, as it was typed. */
  readonly malformed: readonly string[]
}

export function readAddresses(text: string): TypedAddresses {
  const words = text.split(/[\s,\uff0c\u3001]+/).filter((word) => word !== '')
  const read = words.map((word) => ({ word, address: addressIn(word) }))
  return {
    addresses: [...new Set(read.map(({ address }) => address))].filter(
      (address) => address !== undefined,
    ),
    malformed: read.filter(({ address }) => address === undefined).map(({ word }) => word),
  }
}
