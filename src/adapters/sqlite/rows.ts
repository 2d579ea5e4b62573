/**
 * One row of the data as values of the program: each of its type, and the row as it was written (sums.ts).
 * What is not is damage.
 */
import type { SQLOutputValue } from 'node:sqlite'
import type { RuleFault } from '../../core/errors.ts'
import { type BlockHash, isBlockHash } from '../../core/hash.ts'
import { jsonNumber } from '../../core/json/json.ts'
import type { Text, TreeHeader } from '../../node/store/store.ts'
import type { Database, Row } from './database.ts'
import { faultIn } from './ledger-texts.ts'
import type { RowSums } from './sums.ts'

export class RowReader {
  protected readonly db: Database
  protected readonly sums: RowSums

  constructor(db: Database, sums: RowSums) {
    this.db = db
    this.sums = sums
  }

  protected headerSum(row: Row): number {
    const { hash, previous_hash: parent, height, timestamp, proof, chainwork, size } = row
    const { raw, complete, condemned, version } = row
    const values = [
      hash,
      parent,
      timestamp,
      proof,
      chainwork,
      size,
      raw,
      complete,
      condemned,
      version,
    ]
    return this.sums.of(Number(height), values.join(' '))
  }

  protected parseHeader(row: Row): TreeHeader {
    return {
      hash: this.hash(row.hash),
      parent: row.previous_hash === null ? undefined : this.hash(row.previous_hash),
      index: this.integer(row.height, 1),
      timestamp: this.number(row.timestamp),
      proof: this.integer(row.proof),
      chainwork: this.work(row.chainwork),
      sizeBytes: this.integer(row.size),
      raw: this.string(row.raw),
      complete: row.complete === null ? undefined : this.integer(row.complete),
      condemned: row.condemned === null ? undefined : this.fault(row.condemned),
    }
  }

  protected work(value: SQLOutputValue | undefined): bigint {
    const text = this.string(value)
    return /^[0-9a-f]{64}$/.test(text)
      ? BigInt(`0x${text}`)
      : this.damaged(`"${text.slice(0, 80)}" where a branch's work should be`)
  }

  protected fault(value: SQLOutputValue | undefined): RuleFault {
    const fault = faultIn(this.string(value))
    return fault ?? this.damaged(`"${String(value).slice(0, 80)}" where a refusal should be`)
  }

  protected integer(value: SQLOutputValue | undefined, least = 0): number {
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? value
      : this.damaged(`${value} where a whole number should be`)
  }

  protected number(value: SQLOutputValue | undefined): string {
    const text = this.string(value)
    return jsonNumber(text) === undefined
      ? this.damaged(`"${text.slice(0, 80)}" where a number should be`)
      : text
  }

  protected hash(value: SQLOutputValue | undefined): BlockHash {
    const text = this.string(value)
    return isBlockHash(text) ? text : this.damaged(`"${text.slice(0, 80)}" where a hash should be`)
  }

  protected string(value: SQLOutputValue | Text | undefined): string {
    return typeof value === 'string'
      ? value
      : this.damaged(`${typeof value} where a text should be`)
  }

  protected changed(what: string): never {
    return this.damaged(`${what} is not as it was written (its checksum is another's)`)
  }

  protected damaged(what: string): never {
    throw this.db.damaged(what)
  }
}
