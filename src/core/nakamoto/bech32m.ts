/**
 * Bech32m: groups of five bits as text that is hard to mistype, with a checksum that finds up to four wrong
 * letters. Source: BIP350, over BIP173.
 */

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** What each of the five bits that leave the checksum at its top puts back. */
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
const BECH32M = 0x2bc830a3
const CHECKSUM_LETTERS = 6
const MAX_LETTERS = 90

/** The same for all five together. */
const OF_TOP: readonly number[] = Array.from({ length: 32 }, (_, top) =>
  GENERATORS.reduce((sum, generator, i) => (((top >> i) & 1) === 1 ? sum ^ generator : sum), 0),
)

/** The checksum before anything, and what stands in its place while it is made. */
const START = 1
const NO_CHECKSUM: readonly number[] = [0, 0, 0, 0, 0, 0]

const VALUE_OF_LETTER: ReadonlyMap<string, number> = new Map(
  Array.from(LETTERS, (letter, value) => [letter, value]),
)

export interface Bech32m {
  /** What stands before the last "1", in lowercase. */
  readonly prefix: string
  /** Numbers from 0 to 31. */
  readonly groups: readonly number[]
}

/** @param prefix lowercase; with the groups at most 90 letters */
export function encodeBech32m({ prefix, groups }: Bech32m): string {
  const read = polymod(polymod(START, expanded(prefix)), groups)
  const checksum = polymod(read, NO_CHECKSUM) ^ BECH32M
  let text = `${prefix}1`
  for (const group of groups) text += LETTERS[group]
  for (let i = CHECKSUM_LETTERS - 1; i >= 0; i--) text += LETTERS[(checksum >> (5 * i)) & 31]
  return text
}

/** Undefined for a text that is no Bech32m. */
export function decodeBech32m(text: string): Bech32m | undefined {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return undefined
  const separatorAt = lower.lastIndexOf('1')
  const prefix = lower.slice(0, separatorAt)
  const letters = lower.slice(separatorAt + 1)
  const isPrinted = /^[!-~]+$/.test(prefix)
  if (separatorAt < 1 || !isPrinted || lower.length > MAX_LETTERS) return undefined
  if (letters.length < CHECKSUM_LETTERS) return undefined
  const groups: number[] = []
  for (const letter of letters) {
    const group = VALUE_OF_LETTER.get(letter)
    if (group === undefined) return undefined
    groups.push(group)
  }
  if (polymod(polymod(START, expanded(prefix)), groups) !== BECH32M) return undefined
  return { prefix, groups: groups.slice(0, -CHECKSUM_LETTERS) }
}

/** Bytes as groups of five bits, zeros at the end. */
export function groupsOf(bytes: Uint8Array): number[] {
  const groups: number[] = []
  let value = 0
  let bits = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      groups.push((value >> bits) & 31)
    }
  }
  if (bits > 0) groups.push((value << (5 - bits)) & 31)
  return groups
}

/** The bytes of groups; undefined where what is left over is not fewer than five bits, all zero. */
export function bytesOfGroups(groups: readonly number[]): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((groups.length * 5) / 8))
  let value = 0
  let bits = 0
  let at = 0
  for (const group of groups) {
    value = ((value << 5) | group) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (value >> bits) & 0xff
  }
  const rest = value & ((1 << bits) - 1)
  return bits < 5 && rest === 0 ? bytes : undefined
}

function expanded(prefix: string): number[] {
  const codes = Array.from(prefix, (char) => char.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

/** Takes groups into the checksum. */
function polymod(state: number, groups: readonly number[]): number {
  let checksum = state
  for (const group of groups) {
    checksum = ((checksum & 0x1ffffff) << 5) ^ group ^ (OF_TOP[checksum >>> 25] ?? 0)
  }
  return checksum
}
