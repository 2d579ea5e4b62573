/** Headers for tests: those of the shared files, and chains of made-up times and bits. */
import type { Header } from '../../../src/core/block.ts'
import type { Past } from '../../../src/core/checks.ts'
import { knownBytes } from '../../../src/core/nakamoto/bytes.ts'
import {
  encodeHeader,
  type HeaderFields,
  NO_HASH,
  placeHeader,
} from '../../../src/core/nakamoto/header.ts'
import { sharedVector } from '../../helpers/vectors.ts'

/** A row of a shared CSV file: its columns by name. */
export type CsvRow = Readonly<Record<string, string>>

export function csvRows(text: string): readonly CsvRow[] {
  const [names = '', ...rows] = text.split('\n').filter((line) => line !== '' && line[0] !== '#')
  const columns = names.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [columns[i], cell])))
}

export interface RealHeader {
  readonly height: number
  readonly hash: string
  readonly raw: string
  readonly header: Header
  readonly row: CsvRow
}

/** Real headers of a shared file, each with its place. */
export function realHeaders(name: string): readonly RealHeader[] {
  return csvRows(sharedVector(`headers/${name}`)).map((row) => {
    const { height = '', hash = '', header: raw = '' } = row
    const header = placeHeader(knownBytes(raw), Number(height) + 1)
    return { height: Number(height), hash, raw, header, row }
  })
}

export const SOME_FIELDS: HeaderFields = {
  version: 1,
  previousHash: NO_HASH,
  merkleRoot: NO_HASH,
  timeSec: 0,
  bits: 0x207fffff,
  nonce: 0,
}

/** Linked headers, the first of them a genesis, whatever rules they break. */
export function chainOf(parts: readonly Partial<HeaderFields>[]): readonly Header[] {
  let previousHash = NO_HASH
  return parts.map((part, i) => {
    const header = placeHeader(encodeHeader({ ...SOME_FIELDS, previousHash, ...part }), i + 1)
    previousHash = header.hash
    return header
  })
}

/** What a block after these stands on. @param known how many of the last are known */
export function pastOfAll(
  headers: readonly Header[],
  known = headers.length,
): Past & { readonly parent: Header } {
  const parent = headers.at(-1)
  if (parent === undefined) throw new Error('no header')
  const kept = new Map(headers.slice(-known).map((header) => [header.index, header]))
  return { parent, ancestor: (index) => kept.get(index) }
}
