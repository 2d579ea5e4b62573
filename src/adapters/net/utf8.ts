/** UTF-8 from outside, strictly: what is not UTF-8 is not JSON either (RFC 8259, section 8.1). */
import { DecodeError } from '../../core/errors.ts'

/** Reads bytes that come at once, or in pieces: `{ stream: true }` for each, none at the end. */
export class Utf8Reader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })

  /** @throws DecodeError `json-syntax` */
  read(bytes?: Uint8Array, { stream = false } = {}): string {
    try {
      return this.#decoder.decode(bytes, { stream })
    } catch {
      // The decoder says only that it failed, not where.
      throw new DecodeError('json-syntax', { expected: 'UTF-8' })
    }
  }
}
