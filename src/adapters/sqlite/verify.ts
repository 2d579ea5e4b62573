/**
 * Checks all that a data folder holds: every block on every branch by every rule, what the tables
 * say of it, and each row's checksum. Blocks are taken in the order in which they came, one at a
 * time, so a chain of any length is verified in the memory of two blocks.
 */
import type { Block } from '../../core/block.ts'
import { pastOf } from '../../core/checks.ts'
import type { Consensus } from '../../core/consensus.ts'
import { DecodeError, RuleError } from '../../core/errors.ts'
import { type Json, parseJson } from '../../core/json/json.ts'
import { emptyChain, type Verdict } from '../../core/verify.ts'
import { pooledPages, type TreeHeader } from '../../node/store/store.ts'
import { storedTransaction } from '../../node/store/stored.ts'
import type { SqliteSnapshot, StoredBlock } from './snapshot.ts'

/** Current transactions read at once. */
const PAGE = 1_000

/**
 * @param onProgress told the part of all blocks that has been checked, 0 to 1
 * @throws StoreError `store-damaged` for what is wrong with no block in particular
 */
export function verifyData(
  data: SqliteSnapshot,
  rules: Consensus,
  onProgress: (fraction: number) => void,
): Verdict {
  data.checkStructure()
  checkRest(data, rules)
  const count = data.blockCount
  let blocks = 0
  let last: StoredBlock | undefined
  for (const stored of data.blocks()) {
    try {
      const block = rules.decodeBlock(parseStored(stored.text))
      compareHeader(stored, block)
      compareWithParent(stored, rules, parentOf(stored, { data, last }))
      if (!stored.isFound(block)) throw differs('parties', 'of this block', 'of another')
      if (!stored.isHeaderAsWritten) throw differs('sum', 'as written', 'another')
      if (!stored.isTextAsWritten) throw differs('sum of the text', 'as written', 'another')
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      return { valid: false, block: stored.header.index, error }
    }
    last = stored
    onProgress(++blocks / count)
  }
  data.expectBodies(blocks)
  return verdictOf(data)
}

/** What stands beside the blocks: reading it checks its checksums. */
function checkRest(data: SqliteSnapshot, rules: Consensus): void {
  data.identity()
  data.nodes()
  for (const page of pooledPages(data, PAGE)) {
    for (const { text } of page) storedTransaction(rules, text)
  }
}

function verdictOf(data: SqliteSnapshot): Verdict {
  const tip = data.tip()
  if (tip !== undefined) return { valid: true, length: tip.index, tip, chainwork: tip.chainwork }
  const error = emptyChain()
  return { valid: false, block: 0, error }
}

/** A stored text that is no JSON is a bad block, not an unreadable store. */
function parseStored(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof DecodeError) return text
    throw error
  }
}

function compareHeader({ header, text }: StoredBlock, block: Block): void {
  for (const field of ['hash', 'parent', 'index', 'timestamp', 'proof', 'raw'] as const) {
    if (header[field] !== block.header[field])
      throw differs(field, block.header[field], header[field])
  }
  if (header.sizeBytes !== text.length) throw differs('size', text.length, header.sizeBytes)
}

interface Parent {
  readonly header: TreeHeader
  readonly isActive: boolean
}

/** The block before, which is mostly the one that was checked last. */
function parentOf(
  { header: { parent: hash } }: StoredBlock,
  { data, last }: { data: SqliteSnapshot; last: StoredBlock | undefined },
): Parent | undefined {
  if (hash === undefined) return undefined
  if (hash === last?.header.hash) return last
  const header = data.header(hash)
  if (header === undefined) throw new RuleError('prev-blk-not-found', { previous_hash: hash })
  return { header, isActive: data.hashAt(header.index) === hash }
}

function compareWithParent(
  { header, isActive }: StoredBlock,
  rules: Consensus,
  parent: Parent | undefined,
): void {
  rules.checkPlace(header, pastOf(parent?.header))
  const work = (parent?.header.chainwork ?? 0n) + rules.work(header)
  if (header.chainwork !== work) throw differs('chainwork', work, header.chainwork)
  // One block of each index is active, by a unique index: with this, those are one chain.
  if (isActive && parent?.isActive === false) throw differs('active', 0, 1)
}

function differs(field: string, expected: unknown, got: unknown): RuleError {
  return new RuleError('bad-stored-header', { field, expected: String(expected), got: String(got) })
}
