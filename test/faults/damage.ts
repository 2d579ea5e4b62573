/**
 * What can happen to the files of a data folder: cut, deleted, bits flipped, pages lost or taken
 * for others. Chance comes from the one seed of all tests (volume.ts).
 */
import { DatabaseSync } from 'node:sqlite'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { chance, SEED } from '../helpers/volume.ts'
import type { Files } from './killed-node.ts'

export interface Damage {
  readonly name: string
  readonly files: Files
}

export const PAGE_BYTES = 4_096
export const LOG_HEADER_BYTES = 32
/** A page in the log, with its header (sqlite.org/fileformat2.html, section 4.1). */
export const FRAME_BYTES = 24 + PAGE_BYTES

export function bytesOf(files: Files, name: string): Buffer {
  const bytes = files.get(name)
  if (bytes === undefined) throw new Error(`there is no ${name}`)
  return bytes
}

function changed(files: Files, file: string, change: (bytes: Buffer) => Buffer | undefined): Files {
  const bytes = change(Buffer.from(bytesOf(files, file)))
  const others = [...files].filter(([name]) => name !== file)
  return new Map(bytes === undefined ? others : [...others, [file, bytes]])
}

/** Lengths at each boundary, one less and one more; the whole file left out. */
export function boundaries(
  files: Files,
  name: string,
  { first = 0, each }: { first?: number; each: number },
): number[] {
  const { length } = bytesOf(files, name)
  const lengths: number[] = []
  for (let at = first; at <= length; at += each) lengths.push(at - 1, at, at + 1)
  return lengths.filter((at) => at >= 0 && at < length)
}

export function cut(files: Files, name: string, lengths: readonly number[]): Damage[] {
  return lengths.map((length) => ({
    name: `${name} cut to ${length}`,
    files: changed(files, name, (bytes) => bytes.subarray(0, length)),
  }))
}

export function without(files: Files, name: string): Damage {
  return { name: `without ${name}`, files: changed(files, name, () => undefined) }
}

export function replaced(files: Files, name: string, by: Buffer): Damage {
  const others = [...files].filter(([each]) => each !== name)
  return { name: `another ${name}`, files: new Map([...others, [name, by]]) }
}

/** Each page of the database in turn: all zeroes, or the page so many further on. */
export function lostPages(files: Files, insteadPagesOn?: number): Damage[] {
  const count = bytesOf(files, DATABASE_FILE).length / PAGE_BYTES
  return Array.from({ length: count }, (_, page) => {
    const start = page * PAGE_BYTES
    const other = ((page + (insteadPagesOn ?? 0)) % count) * PAGE_BYTES
    return {
      name: `page ${page + 1} ${insteadPagesOn === undefined ? 'zeroed' : `taken from ${other}`}`,
      files: changed(files, DATABASE_FILE, (bytes) => {
        if (insteadPagesOn === undefined) bytes.fill(0, start, start + PAGE_BYTES)
        else bytes.copy(bytes, start, other, other + PAGE_BYTES)
        return bytes
      }),
    }
  })
}

/** One bit at a place. */
export function flip(files: Files, name: string, place: { at: number; bit: number }): Damage {
  const { at, bit } = place
  return {
    name: `${name} byte ${at} bit ${bit}`,
    files: changed(files, name, (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
      return bytes
    }),
  }
}

/** Single bits at places of these pages (from 1), or of the whole file. */
export function flips(
  files: Files,
  name: string,
  { count, seed = SEED, pages }: { count: number; seed?: number; pages?: readonly number[] },
): Damage[] {
  const pick = chance(seed)
  const { length } = bytesOf(files, name)
  return Array.from({ length: count }, () => {
    const page = pages?.[pick(pages.length)]
    const at = page === undefined ? pick(length) : (page - 1) * PAGE_BYTES + pick(PAGE_BYTES)
    return flip(files, name, { at, bit: pick(8) })
  })
}

/** The pages of each table and index (sqlite.org/dbstat.html). */
export function pagesByOwner(path: string): ReadonlyMap<string, readonly number[]> {
  const db = new DatabaseSync(path, { readOnly: true })
  const pages = new Map<string, number[]>()
  for (const { name, pageno } of db.prepare('SELECT name, pageno FROM dbstat').all()) {
    pages.set(String(name), [...(pages.get(String(name)) ?? []), Number(pageno)])
  }
  db.close()
  return pages
}

/** Where a text begins that a table or an index holds, not counting what lies in freed space. */
export function placeOf(bytes: Buffer, pages: readonly number[], text: string): number {
  for (const page of pages) {
    const start = (page - 1) * PAGE_BYTES
    const at = inUse(bytes.subarray(start, start + PAGE_BYTES)).indexOf(text, 0, 'latin1')
    if (at >= 0) return start + at
  }
  throw new Error(`no page has ${text}`)
}

/** A page with its gap and its freed blocks blank (sqlite.org/fileformat2.html, section 1.6). */
function inUse(page: Buffer): Buffer {
  const used = Buffer.from(page)
  // The rest of a long row: it begins with the number of the next page, and has no gaps.
  if (page[0] === 0) return used
  used.fill(0, 0, page.readUInt16BE(5))
  for (let at = page.readUInt16BE(1); at !== 0; at = page.readUInt16BE(at)) {
    used.fill(0, at, at + page.readUInt16BE(at + 2))
  }
  return used
}
