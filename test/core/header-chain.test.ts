import { describe, expect, it } from 'vitest'
import { HeaderChainVerifier } from '../../src/core/header-chain.ts'
import { hexOf, knownBytes } from '../../src/core/nakamoto/bytes.ts'
import { decodeHeader, encodeHeader } from '../../src/core/nakamoto/header.ts'
import { headerRules } from '../../src/core/nakamoto/header-rules.ts'
import { BITCOIN_HEADERS } from '../../src/core/spec.ts'
import { describeShared } from '../helpers/vectors.ts'
import { type RealHeader, realHeaders } from './nakamoto/headers.ts'
import { outcome, refusal } from './thrown.ts'

const { rules } = BITCOIN_HEADERS

function verified(headers: readonly RealHeader[], firstHeight: number | undefined) {
  const verifier = new HeaderChainVerifier(rules, firstHeight)
  for (const { raw, height, hash } of headers) {
    verifier.push(raw, firstHeight === undefined ? { hash } : { height, hash })
  }
  return verifier
}

/** What was left out, as code → [of how many, made of all from this position on]. */
function left(verifier: HeaderChainVerifier): Record<string, [number, number]> {
  return Object.fromEntries(
    verifier.open.map(({ check, count, last }) => [check.code, [count, last + 1]]),
  )
}

describe('bitcoin-headers', () => {
  it('has the checks of headers alone', () => {
    expect(rules.checks.map(({ step, code }) => `${step}:${code}`)).toEqual([
      'header:bad-header',
      'header:bad-genesis',
      'header:bad-diffbits',
      'header:high-hash',
      'place:bad-index',
      'place:bad-previous-hash',
      'place:bad-diffbits',
      'place:time-too-old',
    ])
  })
})

describeShared("a chain of Bitcoin's headers", () => {
  const early = realHeaders('bitcoin_headers_0_2016.csv')
  const late = realHeaders('bitcoin_headers_822528_826560.csv')
  const at = (headers: readonly RealHeader[], i: number) => {
    const header = headers[i]
    if (header === undefined) throw new Error(`no header ${i}`)
    return header
  }

  it('is valid from its genesis on, every check made, with its chainwork', () => {
    const verifier = verified(early, 0)
    expect(verifier.count).toBe(2_017)
    expect(verifier.open).toEqual([])
    expect(verifier.ends?.first.hash).toBe(rules.genesis)
    const pair = realHeaders('bitcoin_retarget_headers.csv').find(({ height }) => height === 2_016)
    expect(verifier.work).toBe(BigInt(`0x${pair?.row.chainwork}`))
  })

  it('is valid from the middle on, and says what could not be checked of which', () => {
    expect(left(verified(late, 822_528))).toEqual({
      'bad-index': [1, 1],
      'bad-previous-hash': [1, 1],
      'bad-diffbits': [1, 1],
      'time-too-old': [11, 11],
    })
  })

  it('is not checked for the difficulty of a period whose beginning is not there', () => {
    // From the second header of a period on, the next retarget is 2,015 headers later.
    expect(left(verified(late.slice(1), 822_529))['bad-diffbits']).toEqual([2, 2_016])
    expect(left(verified(late.slice(2_016), 824_544))['bad-diffbits']).toEqual([1, 1])
  })

  it('shows its heights by the first change of its bits, where none is said', () => {
    // The first change is where a period ends of which all headers are there.
    expect(left(verified(late, undefined))).toEqual({
      'bad-index': [1, 1],
      'bad-previous-hash': [1, 1],
      'time-too-old': [11, 11],
      'bad-diffbits': [2_016, 2_016],
    })
    // Here not all of them are, so the first that is checked comes after it.
    const some = verified(late.slice(100), undefined)
    expect(left(some)['bad-diffbits']).toEqual([1_917, 1_917])
    expect(some.work).toBe(verified(late.slice(100), 822_628).work)
  })

  it('is not checked for the difficulty where no height is known and the bits never change', () => {
    expect(left(verified(late.slice(0, 2_016), undefined))['bad-diffbits']).toEqual([2_016, 2_016])
    expect(left(verified(early.slice(1), undefined))['bad-diffbits']).toEqual([2_016, 2_016])
  })

  it('refuses a change of its bits that is no period after another, where no height is known', () => {
    const unlinked = headerRules(
      {
        difficulty: { type: 'bitcoin', spacingSec: 600 },
        easiestBits: 0x1d00ffff,
        maxFutureSec: 0,
      },
      rules.genesis,
      ({ code }) => code !== 'bad-previous-hash',
    )
    const verifier = new HeaderChainVerifier(unlinked, undefined)
    for (const { raw } of late.slice(0, 2_017)) verifier.push(raw)
    // It has the bits of the period before, and work for them.
    expect(outcome(() => verifier.push(at(late, 10).raw))).toBe('bad-diffbits')
  })

  const after = (count: number, headers = early) =>
    verified(headers.slice(0, count), at(headers, 0).height)

  it('refuses a header that does not link', () => {
    expect(outcome(() => after(5).push(at(early, 6).raw))).toBe('bad-previous-hash')
    expect(outcome(() => after(5).push(at(early, 5).raw))).toBe('accepted')
  })

  it('refuses a header without its work', () => {
    const { raw } = at(early, 5)
    const fields = decodeHeader(knownBytes(raw))
    const forged = hexOf(encodeHeader({ ...fields, nonce: fields.nonce + 1 }))
    expect(outcome(() => after(5).push(forged))).toBe('high-hash')
  })

  it('refuses bits that the difficulty does not demand', () => {
    // The real header under another height: there is no retarget there, and here there was one.
    const verifier = verified(
      late.slice(0, 2_016).map((h) => ({ ...h, height: h.height - 1 })),
      822_527,
    )
    const retarget = at(late, 2_016)
    expect(refusal(() => verifier.push(retarget.raw))).toMatchObject({
      code: 'bad-diffbits',
      data: { got: expect.stringMatching(/^17/), expected: expect.stringMatching(/^17/) },
    })
  })

  it('refuses another genesis, and a header that says it is one', () => {
    const testnet = at(realHeaders('testnet3_fork_headers.csv'), 0)
    expect(outcome(() => new HeaderChainVerifier(rules, 0).push(testnet.raw))).toBe('bad-genesis')
    const verifier = () => new HeaderChainVerifier(rules, 0)
    expect(outcome(() => verifier().push(at(early, 0).raw))).toBe('accepted')
    expect(outcome(() => verifier().push(at(early, 1).raw))).toBe('bad-previous-hash')
    expect(outcome(() => new HeaderChainVerifier(rules, 5).push(at(early, 0).raw))).toBe(
      'bad-index',
    )
    expect(outcome(() => after(5).push(at(early, 0).raw))).toBe('bad-previous-hash')
  })

  it('refuses a height or a hash that is not what the bytes are', () => {
    const { raw, hash } = at(early, 5)
    expect(outcome(() => after(5).push(raw, { height: 5, hash }))).toBe('accepted')
    expect(refusal(() => after(5).push(raw, { height: 6 }))).toMatchObject({
      code: 'bad-claim',
      kind: 'mutated',
      data: { field: 'height', expected: 5, got: 6 },
    })
    expect(refusal(() => after(5).push(raw, { hash: at(early, 6).hash }))).toMatchObject({
      code: 'bad-claim',
      data: { field: 'hash', expected: hash },
    })
  })

  it.each(['', '00', `${'0'.repeat(158)}`, `${'0'.repeat(162)}`, 'x'.repeat(160), 'A'.repeat(160)])(
    'refuses what is not 80 bytes in lowercase hex: "%s"',
    (hex) => expect(outcome(() => after(5).push(hex))).toBe('bad-header'),
  )

  it("finds the testnet's rule for slow blocks to be no rule of this chain", () => {
    const testnet = realHeaders('testnet3_fork_headers.csv').filter(
      ({ row }) => row.branch === 'main',
    )
    const verifier = new HeaderChainVerifier(rules, 1)
    // Its first headers obey the main network's rules too: only a difficulty above the least would tell.
    for (const { raw } of testnet.slice(1)) verifier.push(raw)
    expect(verifier.count).toBe(546)
  })
})
