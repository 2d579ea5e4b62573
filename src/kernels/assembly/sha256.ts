/**
 * SHA-256's compression in parts, for one message or four side by side. A table is an array of T in
 * memory; `state` is one of eight. Eight rounds are written out and looped over, not all 64: code
 * that fits the processor's cache of decoded instructions runs at its full width. FIPS 180-4,
 * section 6.2.2.
 */
import { add, first, second, small0, small1, splat, xor } from './words'

/** The constants of the rounds. */
export const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])

/** The state before the first block. */
export const INITIAL = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

/** The largest T, in bytes: tables are made for it. */
export const WIDEST = 16

@inline
export function at<T>(table: usize, i: usize): T {
  return load<T>(table + i * sizeof<T>())
}

@inline
export function put<T>(table: usize, i: usize, x: T): void {
  store<T>(table + i * sizeof<T>(), x)
}

/** Fills a table with `length` words, each in every lane. */
export function splatAll<T>(table: usize, words: usize, length: usize): void {
  for (let i: usize = 0; i < length; i++) put(table, i, splat<T>(at<u32>(words, i)))
}

/** Adds a table of eight to another. */
@inline
export function addAll<T>(state: usize, other: usize): void {
  for (let i: usize = 0; i < 8; i++) put(state, i, add(at<T>(state, i), at<T>(other, i)))
}

/** The word i of the schedule, from those before it. */
@inline
export function word<T>(w: usize, i: usize): T {
  const sum = add(at<T>(w, i - 16), at<T>(w, i - 7))
  return add(add(sum, small0(at<T>(w, i - 15))), small1(at<T>(w, i - 2)))
}

/** Where the terms of the rounds come from: ready sums, or the schedule as it is made. */
type Ready = u32
type Scheduled = bool

/** What round i adds: its constant and its word. `k` is a table of sums, or of constants alone. */
@inline
function term<T, From>(w: usize, k: usize, i: usize): T {
  if (isBoolean<From>()) {
    put(w, 16 + i, word<T>(w, 16 + i))
    return add(at<T>(w, 16 + i), at<T>(k, i))
  }
  return at<T>(k, i)
}

@inline
function eights<T, From>(state: usize, w: usize, k: usize, end: usize): void {
  let a = at<T>(state, 0)
  let b = at<T>(state, 1)
  let c = at<T>(state, 2)
  let d = at<T>(state, 3)
  let e = at<T>(state, 4)
  let f = at<T>(state, 5)
  let g = at<T>(state, 6)
  let h = at<T>(state, 7)
  let x: T
  let y = xor(b, c)
  for (; k < end; k += 8 * sizeof<T>()) {
    h = first(e, f, g, h, term<T, From>(w, k, 0))
    d = add(d, h)
    x = xor(a, b)
    h = add(h, second(a, b, x, y))
    g = first(d, e, f, g, term<T, From>(w, k, 1))
    c = add(c, g)
    y = xor(h, a)
    g = add(g, second(h, a, y, x))
    f = first(c, d, e, f, term<T, From>(w, k, 2))
    b = add(b, f)
    x = xor(g, h)
    f = add(f, second(g, h, x, y))
    e = first(b, c, d, e, term<T, From>(w, k, 3))
    a = add(a, e)
    y = xor(f, g)
    e = add(e, second(f, g, y, x))
    d = first(a, b, c, d, term<T, From>(w, k, 4))
    h = add(h, d)
    x = xor(e, f)
    d = add(d, second(e, f, x, y))
    c = first(h, a, b, c, term<T, From>(w, k, 5))
    g = add(g, c)
    y = xor(d, e)
    c = add(c, second(d, e, y, x))
    b = first(g, h, a, b, term<T, From>(w, k, 6))
    f = add(f, b)
    x = xor(c, d)
    b = add(b, second(c, d, x, y))
    a = first(f, g, h, a, term<T, From>(w, k, 7))
    e = add(e, a)
    y = xor(b, c)
    a = add(a, second(b, c, y, x))
    if (isBoolean<From>()) w += 8 * sizeof<T>()
  }
  put(state, 0, a)
  put(state, 1, b)
  put(state, 2, c)
  put(state, 3, d)
  put(state, 4, e)
  put(state, 5, f)
  put(state, 6, g)
  put(state, 7, h)
}

/** Rounds by eights, over the table kw (each round's constant plus its word) up to `end`. */
export function rounds<T>(state: usize, kw: usize, end: usize): void {
  eights<T, Ready>(state, 0, kw, end)
}

/**
 * Rounds by eights together with the schedule: `w` is where the word 16 before the next round's is,
 * `k` the constants from the next round's on, up to `end`. The two hide each other's latency.
 */
export function scheduledRounds<T>(state: usize, w: usize, k: usize, end: usize): void {
  eights<T, Scheduled>(state, w, k, end)
}

const plainW = memory.data(64 * sizeof<u32>(), 16)
const plainKw = memory.data(16 * sizeof<u32>(), 16)
const before = memory.data(8 * sizeof<u32>(), 16)

/** Compresses one block of 64 bytes into a state, one message at a time. */
export function compress(state: usize, block: usize): void {
  memory.copy(before, state, 8 * sizeof<u32>())
  for (let i: usize = 0; i < 16; i++) {
    const word = bswap(at<u32>(block, i))
    put(plainW, i, word)
    put(plainKw, i, word + at<u32>(K, i))
  }
  rounds<u32>(state, plainKw, plainKw + 16 * sizeof<u32>())
  scheduledRounds<u32>(state, plainW, K + 16 * sizeof<u32>(), K + 64 * sizeof<u32>())
  addAll<u32>(state, before)
}
