/**
 * Searches the nonce of a block header of 80 bytes whose double SHA-256, read as a little-endian
 * number, is small enough. What does not depend on the nonce is computed once:
 *
 *     block 1   bytes 0-63                                  once: the midstate
 *     block 2   w0 w1 w2 | nonce | 80000000 0 ... 0 | 640   rounds 0-3 but for the nonce
 *     hash 2    digest, 8 words  | 80000000 0 ... 0 | 256   round 0 but for word 0
 *
 * Of the second hash only the last word is wanted, the number's highest. It is the e of round 60,
 * so rounds 61-63 are not done, and of rounds 57-60 only e. More of the schedule could be folded
 * (words 20-35), but that gained nothing: code that is shared and short outweighs it.
 */
import {
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
import { add, atMost, first, second, small0, small1, splat, swapped, xor } from './words'

/** The header's bytes; its last four, the nonce, are not read. */
export const HEADER = memory.data(80, 16)

const k = memory.data(64 * WIDEST, 16)
const initial = memory.data(8 * WIDEST, 16)
const midstate = memory.data(8 * WIDEST, 16)
/** The state after round 3 but for the nonce, which belongs into its a and e. */
const state3 = memory.data(8 * WIDEST, 16)
/** The state after round 0 of the second hash but for its first word, likewise. */
const state0 = memory.data(8 * WIDEST, 16)
const state = memory.data(8 * WIDEST, 16)
const w = memory.data(64 * WIDEST, 16)
const kw = memory.data(20 * WIDEST, 16)
const w2 = memory.data(64 * WIDEST, 16)
const kw2 = memory.data(17 * WIDEST, 16)
const plain = memory.data(8 * sizeof<u32>(), 16)

/** One round on the eight words of `plain`. */
function round(kw: u32): void {
  const a = at<u32>(plain, 0)
  const b = at<u32>(plain, 1)
  const t1 = first(
    at<u32>(plain, 4),
    at<u32>(plain, 5),
    at<u32>(plain, 6),
    at<u32>(plain, 7),
    kw,
  )
  const t2 = second(a, b, a ^ b, b ^ at<u32>(plain, 2))
  memory.copy(plain + sizeof<u32>(), plain, 7 * sizeof<u32>())
  put<u32>(plain, 0, t1 + t2)
  put<u32>(plain, 4, at<u32>(plain, 4) + t1)
}

@inline
function setWord<T>(w: usize, kw: usize, i: usize, x: T): void {
  put(w, i, x)
  put(kw, i, add(x, at<T>(k, i)))
}

/** Takes over what is in HEADER. */
export function prepare<T>(): void {
  splatAll<T>(k, K, 64)
  splatAll<T>(initial, INITIAL, 8)
  memory.copy(plain, INITIAL, 8 * sizeof<u32>())
  compress(plain, HEADER)
  splatAll<T>(midstate, plain, 8)
  for (let i: usize = 0; i < 16; i++) {
    let word = i < 3 ? bswap(at<u32>(HEADER, 16 + i)) : 0
    if (i == 4) word = 0x80000000
    if (i == 15) word = 640
    setWord(w, kw, i, splat<T>(word))
    if (i < 4) round(word + at<u32>(K, i))
  }
  splatAll<T>(state3, plain, 8)
  for (let i: usize = 16; i < 18; i++) setWord(w, kw, i, word<T>(w, i))

  memory.copy(plain, INITIAL, 8 * sizeof<u32>())
  round(at<u32>(K, 0))
  splatAll<T>(state0, plain, 8)
  for (let i: usize = 8; i < 16; i++) {
    setWord(w2, kw2, i, splat<T>(i == 8 ? 0x80000000 : i == 15 ? 256 : 0))
  }
}

/** The words of the schedule up to 19; `nonces` is the message's word 3. */
@inline
function firstWords<T>(nonces: T): void {
  put(w, 3, nonces)
  setWord(w, kw, 18, add(add(small0(nonces), small1(at<T>(w, 16))), at<T>(w, 2)))
  setWord(w, kw, 19, add(add(small0(at<T>(w, 4)), small1(at<T>(w, 17))), nonces))
}

/** Begins with a state that lacks a word in its a and e. */
@inline
function start<T>(from: usize, missing: T): void {
  put(state, 0, add(at<T>(from, 0), missing))
  put(state, 1, at<T>(from, 1))
  put(state, 2, at<T>(from, 2))
  put(state, 3, at<T>(from, 3))
  put(state, 4, add(at<T>(from, 4), missing))
  put(state, 5, at<T>(from, 5))
  put(state, 6, at<T>(from, 6))
  put(state, 7, at<T>(from, 7))
}

/** The digest of the first hash, as the second's words 0-7. */
@inline
function firstHash<T>(nonces: T): void {
  firstWords(nonces)
  start<T>(state3, nonces)
  rounds<T>(state, kw + 4 * sizeof<T>(), kw + 20 * sizeof<T>())
  scheduledRounds<T>(state, w + 4 * sizeof<T>(), k + 20 * sizeof<T>(), k + 60 * sizeof<T>())
  lastFour<T>()
}

/** Rounds 60-63 of the first hash, and the midstate added. */
@inline
function lastFour<T>(): void {
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
  put(w, 60, word<T>(w, 60))
  h = first(e, f, g, h, add(at<T>(w, 60), at<T>(k, 60)))
  d = add(d, h)
  x = xor(a, b)
  h = add(h, second(a, b, x, y))
  put(w, 61, word<T>(w, 61))
  g = first(d, e, f, g, add(at<T>(w, 61), at<T>(k, 61)))
  c = add(c, g)
  y = xor(h, a)
  g = add(g, second(h, a, y, x))
  put(w, 62, word<T>(w, 62))
  f = first(c, d, e, f, add(at<T>(w, 62), at<T>(k, 62)))
  b = add(b, f)
  x = xor(g, h)
  f = add(f, second(g, h, x, y))
  put(w, 63, word<T>(w, 63))
  e = first(b, c, d, e, add(at<T>(w, 63), at<T>(k, 63)))
  a = add(a, e)
  y = xor(f, g)
  e = add(e, second(f, g, y, x))
  put(w2, 0, add(e, at<T>(midstate, 0)))
  put(w2, 1, add(f, at<T>(midstate, 1)))
  put(w2, 2, add(g, at<T>(midstate, 2)))
  put(w2, 3, add(h, at<T>(midstate, 3)))
  put(w2, 4, add(a, at<T>(midstate, 4)))
  put(w2, 5, add(b, at<T>(midstate, 5)))
  put(w2, 6, add(c, at<T>(midstate, 6)))
  put(w2, 7, add(d, at<T>(midstate, 7)))
}

/** The last word of the second hash. */
@inline
function secondHash<T>(): T {
  for (let i: usize = 1; i < 8; i++) put(kw2, i, add(at<T>(w2, i), at<T>(k, i)))
  setWord(w2, kw2, 16, add(at<T>(w2, 0), small0(at<T>(w2, 1))))
  start<T>(state0, at<T>(w2, 0))
  rounds<T>(state, kw2 + sizeof<T>(), kw2 + 17 * sizeof<T>())
  scheduledRounds<T>(state, w2 + sizeof<T>(), k + 17 * sizeof<T>(), k + 57 * sizeof<T>())
  return lastE<T>()
}

/** The e of rounds 57-60 alone, which becomes the last word. */
@inline
function lastE<T>(): T {
  for (let i: usize = 57; i < 61; i++) put(w2, i, word<T>(w2, i))
  const e = at<T>(state, 4)
  const f = at<T>(state, 5)
  const g = at<T>(state, 6)
  const h = at<T>(state, 7)
  const e57 = add(at<T>(state, 3), first(e, f, g, h, add(at<T>(w2, 57), at<T>(k, 57))))
  const e58 = add(at<T>(state, 2), first(e57, e, f, g, add(at<T>(w2, 58), at<T>(k, 58))))
  const e59 = add(at<T>(state, 1), first(e58, e57, e, f, add(at<T>(w2, 59), at<T>(k, 59))))
  const e60 = add(at<T>(state, 0), first(e59, e58, e57, e, add(at<T>(w2, 60), at<T>(k, 60))))
  return add(e60, at<T>(initial, 7))
}

const offsets = memory.data<u32>([0, 1, 2, 3], 16)

/**
 * The lowest of `tries` (below 2^31) nonces from `from` on whose number has at most `top` as its
 * highest 32 bits, as its distance from `from`; -1 if there is none.
 */
export function search<T>(from: u32, tries: u32, top: u32): i32 {
  const tops = splat<T>(top)
  for (let done: u32 = 0; done < tries; done += sizeof<T>() / sizeof<u32>()) {
    firstHash(swapped(add(splat<T>(from + done), at<T>(offsets, 0))))
    const small = atMost(swapped(secondHash<T>()), tops)
    if (small) {
      const found = done + ctz(small)
      return found < tries ? found : -1
    }
  }
  return -1
}
