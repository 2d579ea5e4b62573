/**
 * A 32-bit word of SHA-256, or four side by side: every function is written once, for T = u32 and
 * for T = v128, and the compiler keeps the branch that fits. WebAssembly cannot rotate lanes, so
 * that costs three instructions; Ch and Maj cost three each. FIPS 180-4, section 4.1.2.
 */

/** The same word in every lane. */
@inline
export function splat<T>(word: u32): T {
  if (isVector<T>()) return i32x4.splat(word)
  return word
}

@inline
export function add<T>(x: T, y: T): T {
  if (isVector<T>()) return i32x4.add(x, y)
  return x + y
}

@inline
export function xor<T>(x: T, y: T): T {
  if (isVector<T>()) return v128.xor(x, y)
  return x ^ y
}

@inline
function and<T>(x: T, y: T): T {
  if (isVector<T>()) return v128.and(x, y)
  return x & y
}

@inline
function shiftRight<T>(x: T, bits: i32): T {
  if (isVector<T>()) return i32x4.shr_u(x, bits)
  return x >>> bits
}

@inline
function rotate<T>(x: T, bits: i32): T {
  if (isVector<T>()) return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits))
  return rotr<u32>(x, bits)
}

/** The bytes of every word in the opposite order. */
@inline
export function swapped<T>(x: T): T {
  if (isVector<T>()) {
    return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
  }
  return bswap<u32>(x)
}

/** One bit for each lane, the first lane lowest: whether x <= y. */
@inline
export function atMost<T>(x: T, y: T): u32 {
  if (isVector<T>()) return i32x4.bitmask(i32x4.le_u(x, y))
  return u32(x <= y)
}

/** One bit for each lane, the first lane lowest: whether x has none of the mask's bits. */
@inline
export function hasNone<T>(x: T, mask: T): u32 {
  if (isVector<T>()) return i32x4.bitmask(i32x4.eq(v128.and(x, mask), i32x4.splat(0)))
  return u32((x & mask) == 0)
}

/** The schedule's small sigma 0. */
@inline
export function small0<T>(x: T): T {
  return xor(xor(rotate(x, 7), rotate(x, 18)), shiftRight(x, 3))
}

/** The schedule's small sigma 1. */
@inline
export function small1<T>(x: T): T {
  return xor(xor(rotate(x, 17), rotate(x, 19)), shiftRight(x, 10))
}

/** T1, which a round adds to d and to the new a; kw is the round's constant and its word. */
@inline
export function first<T>(e: T, f: T, g: T, h: T, kw: T): T {
  const sigma = xor(xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25))
  return add(add(add(h, kw), xor(and(xor(f, g), e), g)), sigma)
}

/** T2, the rest of the new a. ab is a ^ b and bc is b ^ c, the ab of the round before. */
@inline
export function second<T>(a: T, b: T, ab: T, bc: T): T {
  const sigma = xor(xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22))
  return add(sigma, xor(and(ab, bc), b))
}
