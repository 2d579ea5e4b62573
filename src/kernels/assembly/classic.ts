/**
 * Searches the decimal number inside a text whose SHA-256 begins with zero bits. The text comes
 * padded to blocks of 64 bytes, with a number of at least three digits that ends in "00". The last
 * two digits count from 00 to 99 without touching any other byte, so for each hundred:
 *
 *     blocks before those two digits   once for the hundred: the state they leave
 *     the one that holds them (or two) every time; the digits are put into their words
 *     blocks behind                    every time, but with the words scheduled once for the text
 *
 * then the digits above are counted up in place. The lanes are neighbours: 00 01 02 03, 04 ... (A
 * fifth text, on the units for plain integers, gained 7 % on an idle core and lost 30 % on one that
 * is shared with a busy sibling.)
 */
import {
  addAll,
  at,
  compress,
  INITIAL,
  K,
  put,
  rounds,
  scheduledRounds,
  splatAll,
  WIDEST,
  word,
} from './sha256'
import { add, hasNone, splat } from './words'

/** The text lies here, and behind it, for each of its blocks, 64 words of the schedule. */
const text: usize = (__heap_base + 15) & ~15

const k = memory.data(64 * WIDEST, 16)
const state = memory.data(8 * WIDEST, 16)
const before = memory.data(8 * WIDEST, 16)
const leading = memory.data(8 * WIDEST, 16)
/** The words of the (at most two) blocks with the last two digits, and with the constants added. */
const w = memory.data(2 * 64 * WIDEST, 16)
const kw = memory.data(2 * 16 * WIDEST, 16)
/** What each of 00 to 99 adds to the word of its first digit, and to the word of its second. */
const tens = memory.data(100 * sizeof<u32>(), 16)
const units = memory.data(100 * sizeof<u32>(), 16)
const plain = memory.data(8 * sizeof<u32>(), 16)
const unchanging = memory.data(8 * sizeof<u32>(), 16)

/** Makes room for a text of so many blocks, and says where it goes; 0 if there is no memory. */
export function reserve<T>(blocks: u32): usize {
  const end = u64(text) + u64(blocks) * (64 + 64 * sizeof<T>())
  const pages = (end + 0xffff) >> 16
  const missing = i64(pages) - memory.size()
  if (missing > 0 && (pages > 0xffff || memory.grow(i32(missing)) < 0)) return 0
  return text
}

/** The table of a block behind the digits. */
@inline
function behind<T>(blocks: u32, block: u32): usize {
  return text + blocks * 64 + block * (64 * sizeof<T>())
}

/** The digest of the reserved text: where its 32 bytes are. */
export function digest(blocks: u32): usize {
  memory.copy(plain, INITIAL, 8 * sizeof<u32>())
  for (let i: u32 = 0; i < blocks; i++) compress(plain, text + i * 64)
  for (let i: usize = 0; i < 8; i++) put(plain, i, bswap(at<u32>(plain, i)))
  return plain
}

/** Takes over the reserved text; `unitsAt` is where the number's last digit is. */
function prepare<T>(blocks: u32, unitsAt: u32, digitsAt: u32): void {
  splatAll<T>(k, K, 64)
  const isSameWord = (unitsAt & 3) != 0
  for (let i: u32 = 0; i < 100; i++) {
    const unit = (i % 10) << (24 - 8 * (unitsAt & 3))
    const ten = (i / 10) << (24 - 8 * ((unitsAt - 1) & 3))
    put<u32>(tens, i, isSameWord ? ten + unit : ten)
    put<u32>(units, i, unit)
  }
  memory.copy(unchanging, INITIAL, 8 * sizeof<u32>())
  for (let i: u32 = 0; i < digitsAt >> 6; i++) compress(unchanging, text + i * 64)
  for (let i = (unitsAt >> 6) + 1; i < blocks; i++) scheduleBehind<T>(blocks, i)
}

/** The whole schedule of a block that never changes, the constants added. */
function scheduleBehind<T>(blocks: u32, block: u32): void {
  const table = behind<T>(blocks, block)
  for (let i: usize = 0; i < 16; i++) {
    put(table, i, splat<T>(bswap(at<u32>(text + block * 64, i))))
  }
  for (let i: usize = 16; i < 64; i++) put(table, i, word<T>(table, i))
  for (let i: usize = 0; i < 64; i++) put(table, i, add(at<T>(table, i), at<T>(k, i)))
}

/** What is the same for a hundred: the blocks before, and the words without the last two digits. */
function prepareHundred<T>(from: u32, to: u32, digitsAt: u32): void {
  memory.copy(plain, unchanging, 8 * sizeof<u32>())
  for (let i = digitsAt >> 6; i < from; i++) compress(plain, text + i * 64)
  splatAll<T>(leading, plain, 8)
  for (let block = from; block <= to; block++) {
    const words = w + (block - from) * (64 * sizeof<T>())
    const sums = kw + (block - from) * (16 * sizeof<T>())
    for (let i: usize = 0; i < 16; i++) {
      const x = splat<T>(bswap(at<u32>(text + block * 64, i)))
      put(words, i, x)
      put(sums, i, add(x, at<T>(k, i)))
    }
  }
}

/** Counts the digits above the last two up by one. */
function countUp(unitsAt: u32): void {
  let digit = text + unitsAt - 2
  while (load<u8>(digit) == 0x39) store<u8>(digit--, 0x30)
  store<u8>(digit, load<u8>(digit) + 1)
}

@inline
function copyAll<T>(to: usize, from: usize): void {
  put(to, 0, at<T>(from, 0))
  put(to, 1, at<T>(from, 1))
  put(to, 2, at<T>(from, 2))
  put(to, 3, at<T>(from, 3))
  put(to, 4, at<T>(from, 4))
  put(to, 5, at<T>(from, 5))
  put(to, 6, at<T>(from, 6))
  put(to, 7, at<T>(from, 7))
}

/** Puts a word of a block with digits, and the sum that its round adds. */
@inline
function putDigits<T>(block: u32, i: u32, x: T): void {
  put(w + block * (64 * sizeof<T>()), i, x)
  put(kw + block * (16 * sizeof<T>()), i, add(x, at<T>(k, i)))
}

/** The first word of the digest, all blocks from `from` on done; those up to `to` hold digits. */
@inline
function firstWord<T>(blocks: u32, from: u32, to: u32): T {
  copyAll<T>(state, leading)
  for (let i = from; i < blocks; i++) {
    copyAll<T>(before, state)
    if (i <= to) {
      const sums = kw + (i - from) * (16 * sizeof<T>())
      rounds<T>(state, sums, sums + 16 * sizeof<T>())
      const words = w + (i - from) * (64 * sizeof<T>())
      scheduledRounds<T>(state, words, k + 16 * sizeof<T>(), k + 64 * sizeof<T>())
    } else {
      const sums = behind<T>(blocks, i)
      rounds<T>(state, sums, sums + 64 * sizeof<T>())
    }
    addAll<T>(state, before)
  }
  return at<T>(state, 0)
}

/**
 * The lowest of the numbers from `from` on and before `end` (both counted from the number that is
 * in the reserved text) whose digest's first word has none of the bits of `mask`; -1 if there is
 * none. All of them have as many digits, the first of these at `digitsAt`, the last at `unitsAt`.
 */
export function search<T>(
  blocks: u32,
  digitsAt: u32,
  unitsAt: u32,
  from: u32,
  end: u32,
  mask: u32,
): i32 {
  const lanes = u32(sizeof<T>() / sizeof<u32>())
  const masks = splat<T>(mask)
  const fromBlock = (unitsAt - 1) >> 6
  const toBlock = unitsAt >> 6
  const tensWord = ((unitsAt - 1) >> 2) & 15
  const unitsWord = (unitsAt >> 2) & 15
  const isSameWord = (unitsAt & 3) != 0
  prepare<T>(blocks, unitsAt, digitsAt)
  for (let hundred: u32 = 0; hundred < end; hundred += 100) {
    if (hundred > 0) countUp(unitsAt)
    prepareHundred<T>(fromBlock, toBlock, digitsAt)
    const tensBase = at<T>(w, tensWord)
    const unitsBase = at<T>(w + (toBlock - fromBlock) * (64 * sizeof<T>()), unitsWord)
    const begin = from > hundred ? from - hundred : 0
    for (let i = begin - (begin % lanes); i < 100 && hundred + i < end; i += lanes) {
      putDigits(0, tensWord, add(tensBase, load<T>(tens + i * sizeof<u32>())))
      if (!isSameWord) {
        const x = add(unitsBase, load<T>(units + i * sizeof<u32>()))
        putDigits(toBlock - fromBlock, unitsWord, x)
      }
      let good = hasNone(firstWord<T>(blocks, fromBlock, toBlock), masks)
      if (i < begin) good &= -1 << (begin - i)
      if (good) {
        const found = hundred + i + ctz(good)
        return found < end ? found : -1
      }
    }
  }
  return -1
}
