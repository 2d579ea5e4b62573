/**
 * An output of a program that serves others meanwhile: it never waits for whoever reads it, and keeps
 * little for one who does not (a stopped terminal, a pipe with nobody at its end). What has no room is
 * dropped and counted, and the count is said once there is room again.
 */
import type { Writable } from 'node:stream'
import { MAX_UNREAD_OUTPUT_BYTES } from '../core/limits.ts'

/** What Node.js has beneath the stream of a terminal, and hides. */
interface WithHandle {
  readonly _handle?: { readonly setBlocking?: (isBlocking: boolean) => unknown }
}

export class PatientOutput {
  readonly #stream: Writable
  #dropped = 0

  constructor(stream: Writable & { readonly isTTY?: boolean } & WithHandle) {
    this.#stream = stream
    // Node.js writes to a terminal synchronously: Ctrl+S would stop the node, and not its output alone.
    if (stream.isTTY === true) stream._handle?.setBlocking?.(false)
    stream.on('drain', () => this.#tell())
  }

  write(text: string): void {
    if (this.#stream.writableLength >= MAX_UNREAD_OUTPUT_BYTES) this.#dropped++
    else this.#stream.write(text)
  }

  #tell(): void {
    if (this.#dropped === 0) return
    const lines = this.#dropped === 1 ? '1 line was' : `${this.#dropped} lines were`
    this.#dropped = 0
    this.#stream.write(`toychain: ${lines} dropped here, since nobody read them\n`)
  }
}
