/**
 * The checks of a header alone, in the order in which they are made: its form and work, its place after its
 * ancestors, its time. A chain of headers (`bitcoin-headers`) has these and no others.
 */
import type { Header } from '../block.ts'
import { NOT_CHECKABLE, type Past, type Row, Rows } from '../checks.ts'
import type { BlockHash } from '../hash.ts'
import type { BodyReading } from './body.ts'
import { type Difficulty, nextBits } from './difficulty.ts'
import { bitsOf, NO_HASH, timeOf } from './header.ts'
import { medianTimeSec } from './median-time.ts'
import type { BlockReading, TransactionReading } from './reading.ts'
import { bitsHex, decodeCompact, targetHex, targetOf } from './target.ts'

export type NakamotoRow = Row<BlockReading, TransactionReading, BodyReading>

export function nakamotoRows() {
  return new Rows<BlockReading, TransactionReading, BodyReading>()
}

export interface HeaderParameters {
  readonly difficulty: Difficulty
  /** Compact bits of the easiest target; a genesis of ours carries them. */
  readonly easiestBits: number
  /** How far a block's time may be ahead of the clock; undefined for any. */
  readonly maxFutureSec: number | undefined
}

const POW = 'Bitcoin Core, src/pow.cpp'
const CONTEXT = 'Bitcoin Core, src/validation.cpp, ContextualCheckBlockHeader'
const LATER = 'later' as const

const ENCODING = { source: 'ours: one encoding of a block, docs/NAKAMOTO.md' }

/** The form of a header. */
export function headerFormCheck(): NakamotoRow {
  return nakamotoRows().form('bad-header', ENCODING, ({ headerFault }) => headerFault)
}

/** The step `header`, of what has the form of one. */
export function workChecks(
  { easiestBits }: HeaderParameters,
  genesis: () => BlockHash,
): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  const limit = decodeCompact(easiestBits).magnitude
  return [
    rows.form(
      'bad-genesis',
      { source: 'the chain spec: a genesis is known by its hash', of: 'genesis' },
      ({ hash: got }) => {
        if (got === undefined || got === genesis()) return undefined
        return { field: 'hash', expected: genesis(), got }
      },
    ),
    rows.form('bad-diffbits', { source: `${POW}, DeriveTarget`, of: LATER }, ({ bits }) => {
      const target = bits === undefined ? limit : targetOf(bits)
      if (target !== undefined && target <= limit) return undefined
      const expected = `a target, none easier than ${bitsHex(easiestBits)}`
      return { expected, got: bitsHex(bits ?? 0) }
    }),
    rows.form('high-hash', { source: `${POW}, CheckProofOfWorkImpl`, of: LATER }, (read) => {
      const { hash, bits } = read
      if (hash === undefined || bits === undefined) return undefined
      const target = decodeCompact(bits).magnitude
      if (BigInt(`0x${hash}`) <= target) return undefined
      return { expected: `at most ${targetHex(target)}`, got: hash }
    }),
  ]
}

/** The step `place`. */
export function placeChecks({ difficulty, easiestBits }: HeaderParameters): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  const limit = decodeCompact(easiestBits).magnitude
  return [
    rows.place('bad-index', { source: 'the tutorial, new_block' }, ({ header, past }) => {
      const expected = (past.parent?.index ?? 0) + 1
      return header.index === expected ? undefined : { expected, got: header.index }
    }),
    rows.place(
      'bad-previous-hash',
      { source: 'the Bitcoin paper, section 4' },
      ({ header, past: { parent } }) => {
        if (header.parent === parent?.hash) return undefined
        return { expected: parent?.hash ?? NO_HASH, got: header.parent ?? NO_HASH }
      },
    ),
    rows.place('bad-diffbits', { source: CONTEXT, of: LATER }, ({ header, past }) => {
      const expected = isAfter(past) ? nextBits(past, difficulty, limit) : NOT_CHECKABLE
      const got = bitsOf(header)
      if (expected === NOT_CHECKABLE) return NOT_CHECKABLE
      return got === expected ? undefined : { expected: bitsHex(expected), got: bitsHex(got) }
    }),
    rows.place(
      'time-too-old',
      { source: `${CONTEXT}; BIP113, the median`, of: LATER },
      ({ header, past }) => {
        const median = isAfter(past) ? medianTimeSec(past) : NOT_CHECKABLE
        if (median === NOT_CHECKABLE) return NOT_CHECKABLE
        const got = timeOf(header)
        return got > median ? undefined : { expected: `more than ${median}`, got }
      },
    ),
  ]
}

/** The step `time`; no check at all where any time will do. */
export function timeChecks({ maxFutureSec }: HeaderParameters): readonly NakamotoRow[] {
  if (maxFutureSec === undefined) return []
  return [
    nakamotoRows().time('time-too-new', { source: CONTEXT }, ({ header, nowMs }) => {
      const latest = Math.floor(nowMs / 1_000) + maxFutureSec
      const got = timeOf(header)
      return got <= latest ? undefined : { expected: `at most ${latest}`, got }
    }),
  ]
}

function isAfter(past: Past): past is Past & { readonly parent: Header } {
  return past.parent !== undefined
}
