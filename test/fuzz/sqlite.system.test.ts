/**
 * Reading a damaged data folder: each row that is read is of its form, or the reading is a
 * StoreError; a node opens the data or says why not; `verify` gives a verdict. Single faults, each
 * with its code, are in test/adapters/sqlite/sqlite-store.system.test.ts.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { openForReading } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { isBlockHash } from '../../src/core/hash.ts'
import { jsonNumber } from '../../src/core/json/json.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import type { StoreReader, TreeHeader } from '../../src/node/store/store.ts'
import { EASY, textsOf } from '../helpers/chains.ts'
import type { fc } from '../helpers/fast-check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run } from '../helpers/toychain.ts'
import {
  damagedFile,
  type FileDamage,
  fileDamages,
  MAIN,
  type OddCell,
  oddCells,
  pageOf,
  putCells,
  putDatabase,
  SIDE,
  wholeDatabase,
} from './damaged-data.ts'
import { documentedCode, fuzz, outcomeOf } from './runs.ts'

const HASHES = [...MAIN, ...SIDE].map(({ header }) => header.hash)

/** Everything that a reader reads; each part by itself, so that a fault hides no other. */
const READINGS: readonly ((reader: StoreReader) => readonly (TreeHeader | undefined)[])[] = [
  (reader) => [reader.tip()],
  (reader) => HASHES.map((hash) => reader.header(hash)),
  (reader) => reader.sideTips(10),
  (reader) => reader.weakestSideTips(10),
  (reader) =>
    nothing(MAIN.map((_, i) => reader.hashAt(i + 1)).every((hash) => !hash || isBlockHash(hash))),
  (reader) => nothing(HASHES.every((hash) => isText(reader.text(hash) ?? ''))),
  (reader) => nothing(HASHES.every((hash) => typeof reader.hasChildren(hash) === 'boolean')),
  (reader) => [...reader.blocksWith('miner-0', 9)],
  (reader) => nothing(MAIN.every((_, i) => textsOf(reader, i + 1, 3).every(isText))),
  (reader) => nothing(reader.pooled(Number.MIN_SAFE_INTEGER, 10).every(({ text }) => isText(text))),
  (reader) => nothing([...reader.nodes(), reader.identity() ?? ''].every(isText)),
  (reader) => nothing(!Number.isNaN(reader.sideBytes())),
]

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** No headers, of a reading that was right. */
function nothing(isRight: boolean): readonly TreeHeader[] {
  expect(isRight).toBe(true)
  return []
}

/** Reads everything; the codes of what could not be read. */
function readAll(folder: string, check: (header: TreeHeader) => void): string {
  const opened = outcomeOf(() => openForReading(folder))
  if ('code' in opened) return `not opened: ${opened.code}`
  const codes = READINGS.flatMap((read) => {
    const outcome = outcomeOf(() => read(opened.value))
    if ('code' in outcome) return [outcome.code]
    for (const header of outcome.value) if (header !== undefined) check(header)
    return []
  })
  const closed = outcomeOf(() => opened.value.close())
  if ('code' in closed) return closed.code
  return codes[0] ?? 'whole'
}

function checkHash({ hash, parent, chainwork }: TreeHeader): void {
  expect(isBlockHash(hash)).toBe(true)
  expect(parent === undefined || isBlockHash(parent)).toBe(true)
  expect(chainwork).toBeGreaterThanOrEqual(0n)
}

/** The header's numbers go into answers and decisions as they are. */
function checkNumbers({ index, proof, sizeBytes, timestamp }: TreeHeader): void {
  expect(Number.isSafeInteger(index) && index >= 1, `index ${index}`).toBe(true)
  expect(Number.isSafeInteger(proof) && proof >= 0, `proof ${proof}`).toBe(true)
  expect(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0, `size ${sizeBytes}`).toBe(true)
  expect(jsonNumber(timestamp), `timestamp ${timestamp}`).toBeDefined()
}

/**
 * Makes endless reading of the current transactions an error, which a loop without turns is not.
 */
function boundReads(store: SqliteStore): void {
  const pooled = store.pooled.bind(store)
  let reads = 0
  store.pooled = (after, limit) => {
    if (++reads > 100) throw new Error('the current transactions are read without end')
    return pooled(after, limit)
  }
}

/** Opens the data as a node does, reads what it serves and makes a block. */
function runNode(folder: string): string {
  const opened = outcomeOf(() => SqliteStore.open(folder, EASY))
  if ('code' in opened) return `not opened: ${opened.code}`
  try {
    boundReads(opened.value)
    const chain = new BlockChain({ spec: EASY, store: opened.value })
    for (let index = 1; index <= Math.min(chain.length, 9); index++) chain.block(index)
    chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 1_900_000_000_000, rewardTo: 'm' })
    return 'goes on'
  } catch (error) {
    return documentedCode(error)
  } finally {
    outcomeOf(() => opened.value.close())
  }
}

/** Runs `toychain verify --data`. */
async function verify(folder: string): Promise<string> {
  const { status, out } = await run(['verify', '--data', folder, '--json'])
  if (status === 2) return 'unreadable (2)'
  const verdict: { valid: boolean; code?: string } = JSON.parse(out)
  expect(status).toBe(verdict.valid ? 0 : 1)
  return verdict.code ?? 'valid'
}

interface Data {
  readonly damage?: FileDamage
  readonly cells?: readonly OddCell[]
}

describe.each<[string, fc.Arbitrary<Data>]>([
  ['a file with bytes changed', fileDamages.map((damage) => ({ damage }))],
  ['a file with odd rows', oddCells.map((cells) => ({ cells }))],
])('%s', (what, input) => {
  const isLoose = what.includes('rows')
  let whole: Buffer = Buffer.alloc(0)
  let folder = ''
  beforeEach(() => {
    whole = wholeDatabase({ isLoose })
    folder = temporaryFolder()
  })

  function make({ damage, cells }: Data): string {
    putDatabase(folder, damage === undefined ? whole : damagedFile(whole, damage))
    if (cells !== undefined) putCells(folder, cells)
    return folder
  }

  it('gives the current transactions in order, whichever byte of theirs is changed', () => {
    const [begin, end] = pageOf(whole, '"amount": 2.0')
    for (let at = begin; at < end; at++) {
      if (whole[at] === 0) continue
      const bytes = Buffer.from(whole)
      bytes[at] = 78
      putDatabase(folder, bytes)
      const reader = outcomeOf(() => openForReading(folder))
      if ('code' in reader) continue
      const pooled = outcomeOf(() => reader.value.pooled(Number.MIN_SAFE_INTEGER, 10))
      outcomeOf(() => reader.value.close())
      const places = 'value' in pooled ? pooled.value.map(({ place }) => place) : []
      expect(places, `byte ${at - begin} of the page`).toEqual(places.toSorted((a, b) => a - b))
    }
  })

  fuzz('is read as texts and hashes, or not at all', {
    input,
    share: 0.3,
    reaches: ['whole', 'store-damaged'],
    check: (data) => readAll(make(data), checkHash),
  })

  fuzz('gives no header with numbers that no block has', {
    input,
    share: 0.3,
    reaches: ['whole', 'store-damaged'],
    check: (data) => readAll(make(data), checkNumbers),
  })

  fuzz('is what a node goes on with, or says why not', {
    input,
    share: 0.1,
    reaches: ['goes on'],
    check: (data) => runNode(make(data)),
  })

  fuzz('is verified, or said to be unreadable', {
    input,
    share: 0.2,
    reaches: ['valid'],
    check: (data) => verify(make(data)),
  })
})
