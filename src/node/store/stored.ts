/**
 * Reading back what we wrote ourselves. Text in the store has passed every check, so a fault in it is
 * damage to the data and never a refusal of somebody's request.
 */
import type { Block, Header, Transaction } from '../../core/block.ts'
import type { Consensus } from '../../core/consensus.ts'
import { DecodeError, RuleError } from '../../core/errors.ts'
import { parseJson } from '../../core/json/json.ts'
import { StoreError } from './store.ts'

/** @throws StoreError `store-damaged` */
export function storedBlock(rules: Consensus, text: string): Block {
  return readBack('block', () => rules.decodeBlock(parseJson(text)))
}

/** The same for a block whose header is known: it is not hashed again. @throws StoreError `store-damaged` */
export function restoredBlock(rules: Consensus, header: Header, text: string): Block {
  return readBack('block', () => rules.restore(header, parseJson(text)))
}

/** @throws StoreError `store-damaged` */
export function storedTransaction(rules: Consensus, text: string): Transaction {
  return readBack('transaction', () => rules.decodeTransaction(parseJson(text)))
}

function readBack<T>(what: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof RuleError || cause instanceof DecodeError)) throw cause
    throw new StoreError('store-damaged', `a stored ${what} is damaged: ${cause.message}`, {
      cause,
    })
  }
}
