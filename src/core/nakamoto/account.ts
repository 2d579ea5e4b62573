/**
 * What the ledger keeps of an account, as a text: its balance and how many payments it has made, `"5000 3"`.
 * An account that has made none and has nothing is not kept; one that has paid is never forgotten, or its first
 * payments could be made again.
 */
import type { LedgerDraft, LedgerReader } from '../ledger.ts'

export interface Account {
  /** Units. */
  readonly balance: number
  /** What the next payment has to carry. */
  readonly nonce: number
}

export function accountIn(ledger: LedgerReader, address: string): Account {
  const [balance = '0', nonce = '0'] = ledger.account(address)?.split(' ') ?? []
  return { balance: Number(balance), nonce: Number(nonce) }
}

function write(ledger: LedgerDraft, address: string, { balance, nonce }: Account): void {
  ledger.set(address, balance === 0 && nonce === 0 ? undefined : `${balance} ${nonce}`)
}

/** Gives units to an account. */
export function credit(ledger: LedgerDraft, address: string, units: number): void {
  const { balance, nonce } = accountIn(ledger, address)
  write(ledger, address, { balance: balance + units, nonce })
}

/** Takes units from an account for its next payment. */
export function debit(ledger: LedgerDraft, address: string, units: number): void {
  const { balance, nonce } = accountIn(ledger, address)
  write(ledger, address, { balance: balance - units, nonce: nonce + 1 })
}
