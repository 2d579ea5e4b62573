/** JSON texts of blocks and transactions to be read by classic, each field as it is to be written. */
import type { Block, Transaction } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { CLASSIC, withDifficulty } from '../../../src/core/spec.ts'

/** Classic where any proof will do. */
export const EASY = withDifficulty(CLASSIC, 0)

/** Tokens by key; undefined leaves a key out. */
export type Fields = Readonly<Record<string, string | undefined>>

export const SOME_HASH = '0123456789abcdef'.repeat(4)

const GENESIS_FIELDS = {
  index: '1',
  previous_hash: '"1"',
  proof: '100',
  timestamp: '1.5',
  transactions: '[]',
}

const BLOCK_FIELDS = { ...GENESIS_FIELDS, index: '2', previous_hash: `"${SOME_HASH}"`, proof: '7' }

const TRANSACTION_FIELDS = { amount: '1', recipient: '"b"', sender: '"a"' }

function objectText(fields: Fields): string {
  const members = Object.entries(fields).filter(([, token]) => token !== undefined)
  return `{${members.map(([key, token]) => `"${key}": ${token}`).join(', ')}}`
}

/** A genesis, with some of its fields changed. */
export function genesisText(fields: Fields = {}): string {
  return objectText({ ...GENESIS_FIELDS, ...fields })
}

/** The second block of some chain, with some of its fields changed. */
export function blockText(fields: Fields = {}): string {
  return objectText({ ...BLOCK_FIELDS, ...fields })
}

export function transactionText(fields: Fields = {}): string {
  return objectText({ ...TRANSACTION_FIELDS, ...fields })
}

export function decodeBlock(text: string): Block {
  return EASY.rules.decodeBlock(parseJson(text))
}

export function decodeTransaction(text: string): Transaction {
  return EASY.rules.decodeTransaction(parseJson(text))
}

/** Transaction texts that fill exactly so many bytes of a block, `", "` between them included. */
export function transactionsOfBytes(bytes: number): string[] {
  const bare = transactionText({ recipient: '""', sender: '""' }).length
  const party = (chars: number) => `"${'x'.repeat(chars)}"`
  const full = transactionText({ recipient: party(1_000), sender: party(1_000) })
  const texts: string[] = []
  let left = bytes
  while (left > 2 * full.length) {
    texts.push(full)
    left -= full.length + ', '.length
  }
  // What is left is more than one and at most two of them: two halves.
  const half = Math.floor((left - ', '.length) / 2)
  for (const size of [half, left - ', '.length - half]) {
    const chars = size - bare
    const recipient = Math.min(chars, 1_000)
    texts.push(transactionText({ recipient: party(recipient), sender: party(chars - recipient) }))
  }
  return texts
}
