/**
 * What node.ts and portable.ts have in common: one suite, run against each, so that every node
 * gives the same verdict. SHA-256: FIPS 180-4 and its published examples. Ed25519: RFC 8032, and
 * the strict choice wherever it leaves one open.
 */
import { describe, expect, it } from 'vitest'
import { describeShared, sharedVector } from '../helpers/vectors.ts'

export interface Crypto {
  sha256Hex(asciiText: string): string
  sha256(bytes: Uint8Array): Uint8Array
  verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}

/** A signature to be judged; all fields in hex. */
export interface SignatureCase {
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

/** RFC 8032, section 7.1, TEST 2. */
export const VALID_CASE: SignatureCase = {
  publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  message: '72',
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
}

/** The order of the group that Ed25519 signs in. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n

export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function hex(data: Uint8Array): string {
  return Buffer.from(data).toString('hex')
}

/** 32 bytes, the least significant first, as hex. */
export function littleEndian(value: bigint): string {
  return hex(bytes(value.toString(16).padStart(64, '0')).toReversed())
}

export function scalar(littleEndianHex: string): bigint {
  return BigInt(`0x${hex(bytes(littleEndianHex).toReversed())}`)
}

export function verdict(crypto: Crypto, { signature, message, publicKey }: SignatureCase): boolean {
  return crypto.verifyEd25519(bytes(signature), bytes(message), bytes(publicKey))
}

export function cryptoContract(name: string, crypto: Crypto): void {
  describe(`${name}: SHA-256`, () => sha256Contract(crypto))
  describe(`${name}: Ed25519`, () => ed25519Contract(crypto))
  describeShared(`${name}: published Ed25519 vectors`, () => ed25519Vectors(crypto))
}

/** Text → digest. NIST, "Examples with intermediate values", SHA-256; the empty text from NIST's CAVP. */
const SHA256_EXAMPLES: readonly (readonly [text: string, digest: string])[] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr' +
      'lmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
]

function sha256Contract(crypto: Crypto): void {
  for (const [text, digest] of SHA256_EXAMPLES) {
    it(`digests the example of ${text.length} characters, as text and as bytes`, () => {
      expect(crypto.sha256Hex(text)).toBe(digest)
      expect(hex(crypto.sha256(new TextEncoder().encode(text)))).toBe(digest)
    })
  }

  it('reads only its part of a larger buffer, and leaves it as it was', () => {
    const buffer = new TextEncoder().encode('-abc-')
    expect(hex(crypto.sha256(buffer.subarray(1, 4)))).toBe(crypto.sha256Hex('abc'))
    expect(new TextDecoder().decode(buffer)).toBe('-abc-')
  })
}

function ed25519Contract(crypto: Crypto): void {
  const { publicKey, signature } = VALID_CASE
  const r = signature.slice(0, 64)
  const s = signature.slice(64)

  function refused(changed: Partial<SignatureCase>): void {
    expect(verdict(crypto, { ...VALID_CASE, ...changed })).toBe(false)
  }

  it('accepts a signature over its message by its key', () => {
    expect(verdict(crypto, VALID_CASE)).toBe(true)
  })

  it('refuses it over another message', () => {
    refused({ message: '73' })
    refused({ message: '' })
    refused({ message: '7200' })
  })

  it('refuses a signature of 63 or 65 bytes', () => {
    refused({ signature: signature.slice(0, -2) })
    refused({ signature: `${signature}00` })
    refused({ signature: '' })
  })

  it('refuses a key of 31 or 33 bytes', () => {
    refused({ publicKey: publicKey.slice(0, -2) })
    refused({ publicKey: `${publicKey}00` })
    refused({ publicKey: '' })
  })

  it('refuses an S that is too large by the order of the group, though it solves the equation', () => {
    refused({ signature: r + littleEndian(scalar(s) + L) })
  })

  it('refuses S = 0, S = L - 1, S = L and the largest S', () => {
    for (const other of [0n, L - 1n, L, 2n ** 256n - 1n]) {
      refused({ signature: r + littleEndian(other) })
    }
  })

  it('refuses a key that is no point of the curve', () => {
    // y = 2 has no x: (y² - 1) / (dy² + 1) is not a square.
    refused({ publicKey: littleEndian(2n) })
  })

  it('refuses an R that is no point of the curve', () => {
    refused({ signature: littleEndian(2n) + s })
  })
}

function ed25519Vectors(crypto: Crypto): void {
  interface Signed {
    readonly public: string
    readonly message: string
    readonly signature: string
  }

  function signed(file: string): SignatureCase[] {
    const { cases }: { cases: Signed[] } = JSON.parse(sharedVector(file))
    return cases.map((item) => ({ ...item, publicKey: item.public }))
  }

  it('accepts the signatures of RFC 8032, and no other S', () => {
    const cases = signed('ed25519/rfc8032.json')
    expect(cases).toHaveLength(5)
    for (const item of cases) {
      expect(verdict(crypto, item), item.signature).toBe(true)
      const s = scalar(item.signature.slice(64))
      const malleated = item.signature.slice(0, 64) + littleEndian(s + L)
      expect(verdict(crypto, { ...item, signature: malleated }), malleated).toBe(false)
    }
  })

  it("accepts the lines of djb's sign.input", () => {
    const cases = signed('ed25519/djb_sign_input.json')
    expect(cases).toHaveLength(257)
    for (const item of cases) expect(verdict(crypto, item), item.signature).toBe(true)
  })

  it("agrees with each of Wycheproof's verdicts", () => {
    const { testGroups }: { testGroups: WycheproofGroup[] } = JSON.parse(
      sharedVector('ed25519/wycheproof_ed25519.json'),
    )
    const tests = testGroups.flatMap(({ publicKey, tests }) =>
      tests.map((test) => ({
        ...test,
        message: test.msg,
        signature: test.sig,
        publicKey: publicKey.pk,
      })),
    )
    expect(tests).toHaveLength(68)
    for (const test of tests) {
      expect(verdict(crypto, test), `${test.tcId} ${test.comment}`).toBe(test.result === 'valid')
    }
  })

  it("is strict over the cases of speccheck, as libsodium and Dalek's strict verifier are", () => {
    const { cases }: { cases: { pub_key: string; message: string; signature: string }[] } =
      JSON.parse(sharedVector('ed25519/speccheck_cases.json'))
    const verdicts = cases.map(({ pub_key, message, signature }) =>
      verdict(crypto, { publicKey: pub_key, message, signature }) ? 'V' : 'X',
    )
    expect(verdicts.join('')).toBe('XXXVXXXXXXXX')
  })

  it('accepts none of the signatures with small-order keys that ZIP 215 accepts', () => {
    const { cases }: { cases: { vk_bytes: string; sig_bytes: string }[] } = JSON.parse(
      sharedVector('ed25519/zip215_small_order_noncanonical.json'),
    )
    expect(cases).toHaveLength(88)
    const message = hex(new TextEncoder().encode('Zcash'))
    for (const { vk_bytes: publicKey, sig_bytes: signature } of cases) {
      expect(verdict(crypto, { publicKey, message, signature }), publicKey + signature).toBe(false)
    }
  })
}

interface WycheproofGroup {
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly msg: string
    readonly sig: string
    readonly result: 'valid' | 'invalid'
  }[]
}
