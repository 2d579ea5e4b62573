/** Bitcoin headers for the tests: real ones, and the plain loop over node:crypto beside the kernel. */
import { hash } from 'node:crypto'
import { sharedVector } from '../helpers/vectors.ts'

export const GENESIS =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd' +
  '7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c'

export interface RealHeader {
  readonly height: string
  readonly header: Uint8Array
  readonly nonce: number
  readonly target: bigint
}

/** The headers of a file of shared vectors whose number in the file is a multiple of `every`. */
export function realHeaders(file: string, every: number): RealHeader[] {
  const rows = sharedVector(file)
    .split('\n')
    .filter((line) => /^\d/.test(line))
  return rows
    .filter((_, i) => i % every === 0)
    .map((row) => {
      const [height = '', , hex = ''] = row.split(',')
      return { height, ...realHeader(hex) }
    })
}

export function realHeader(hex: string): Omit<RealHeader, 'height'> {
  const bytes = Buffer.from(hex, 'hex')
  const bits = bytes.readUInt32LE(72)
  const target = BigInt(bits & 0xffffff) << BigInt(8 * ((bits >>> 24) - 3))
  return { header: new Uint8Array(bytes), nonce: bytes.readUInt32LE(76), target }
}

/** A number of 256 bits as 32 bytes, the highest first. */
export function targetBytes(target: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(target.toString(16).padStart(64, '0'), 'hex'))
}

/** The number that decides about a nonce, by node:crypto. */
export function headerNumber(header: Uint8Array, nonce: number): bigint {
  const bytes = Buffer.from(header)
  bytes.writeUInt32LE(nonce, 76)
  const digest = hash('sha256', hash('sha256', bytes, 'buffer'), 'buffer')
  return BigInt(`0x${digest.reverse().toString('hex')}`)
}
