/**
 * Checksums of rows: SQLite keeps none of its database. Each row that the program reads has one, the
 * CRC-32 of its values. It begins from the data's own random id and from the number that the row is
 * found by, so that neither a row of other data nor one in another's place passes for it.
 */
import { crc32 } from 'node:zlib'
import type { Database } from './database.ts'

export class RowSums {
  readonly #seed: number

  constructor(dataId: string) {
    this.#seed = crc32(dataId)
  }

  /**
   * @param number what the row is found by; 0 where one of the values is that
   * @param text its values with a space between them
   */
  of(number: number, text: string | Uint8Array): number {
    return crc32(text, (this.#seed + number) >>> 0)
  }
}

/** The checksums of a database's rows. @throws StoreError `store-damaged` */
export function sumsOf(db: Database): RowSums {
  const id = db.get("SELECT value FROM meta WHERE key = 'data_id'")?.value
  if (typeof id !== 'string') throw db.damaged('the id of the data is missing')
  return new RowSums(id)
}

/** Lets SQL say `row_sum(data_id, number, value, …)`. */
export function defineRowSum(db: Database): void {
  db.define('row_sum', (dataId, number, ...values) =>
    new RowSums(String(dataId)).of(Number(number), values.join(' ')),
  )
}
