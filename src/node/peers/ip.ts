/**
 * The spellings of an IP address, and the one that is kept: `127.1` and `0x7f.0.0.1` lead where
 * `127.0.0.1` leads. IPv4 as inet_aton and the URL standard read it (url.spec.whatwg.org, "IPv4 parser"),
 * IPv6 as RFC 4291, section 2.2, writes it and RFC 5952 prints it.
 */

/** Whether a host can only be meant as an IPv4 address: its last label is a number. */
export function endsInNumber(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i.test(host)
}

/** The four numbers of an IPv4 address, in whichever spelling; undefined for what is none. */
export function canonicalIpv4(host: string): string | undefined {
  const parts = host.replace(/\.$/, '').split('.')
  const last = parts.length - 1
  if (parts.length > 4) return undefined
  let value = 0
  for (const [i, part] of parts.entries()) {
    const number = numberOf(part)
    // The last one fills what the others leave of the four bytes.
    const limit = i === last ? 256 ** (4 - last) : 256
    if (number === undefined || number >= limit) return undefined
    value += i === last ? number : number * 256 ** (3 - i)
  }
  return [3, 2, 1, 0].map((byte) => Math.floor(value / 256 ** byte) % 256).join('.')
}

/** A part of an IPv4 address: decimal, octal after a 0, hexadecimal after 0x. */
function numberOf(part: string): number | undefined {
  if (/^0x[0-9a-f]*$/i.test(part)) return part.length === 2 ? 0 : Number(part)
  if (/^0[0-7]+$/.test(part)) return Number.parseInt(part, 8)
  return /^(?:0|[1-9]\d*)$/.test(part) ? Number(part) : undefined
}

/**
 * An IPv6 address, without brackets, in its shortest form, or the IPv4 address that it maps
 * (`::ffff:127.0.0.1`, RFC 4291, section 2.5.5.2); undefined for what is none.
 */
export function canonicalIpv6(text: string): string | undefined {
  const groups = groupsOf(text)
  if (groups === undefined) return undefined
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const { at, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, at).join(':')}::${hex.slice(at + length).join(':')}`
}

/** The eight groups of an IPv6 address, of which one run of zeros may be written as `::`. */
function groupsOf(text: string): number[] | undefined {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const last = halves.at(-1)
  const dotted = last?.at(-1)?.includes('.') === true ? last.pop() : undefined
  if (dotted !== undefined) {
    if (!isDottedIpv4(dotted)) return undefined
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number)
    last?.push(((a << 8) | b).toString(16), ((c << 8) | d).toString(16))
  }
  const written = halves.flat()
  if (!written.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const missing = 8 - written.length
  if (halves.length === 1 ? missing !== 0 : halves.length !== 2 || missing < 1) return undefined
  const [before = [], after = []] = halves
  const zeros = Array<string>(missing).fill('0')
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16))
}

function isDottedIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && canonicalIpv4(text) === text
}

/** The longest run of zeros, the first of several (RFC 5952, section 4.2.3). */
function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 }
  let length = 0
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { at: i - length + 1, length }
  }
  return best
}
