/**
 * What commands read: a file, a pipe with a name, or standard input. Each has a bound, and a pipe that
 * brings nothing an end: somebody may name a device, or a pipe that nobody writes.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { PIPE_SILENCE_MS } from '../core/limits.ts'
import { Exit } from './terminal.ts'

const CHUNK_BYTES = 65_536
const PIPE_POLL_MS = 10

export type Chunks = AsyncIterable<Buffer>

/**
 * The bytes of a file or a pipe as they come. A pipe that brings nothing for so long is given up.
 * @throws Exit 2; a system error where it cannot be read
 */
export async function* readFrom(path: string, silenceMs = PIPE_SILENCE_MS): AsyncGenerator<Buffer> {
  // To open a pipe that nobody writes would wait for somebody, and the program with it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const isPipe = fstatSync(file).isFIFO()
    let silentMs = 0
    let hasBegun = false
    for (;;) {
      const chunk = readSome(file)
      // Before somebody has opened it for writing, a pipe seems to have ended.
      const isSilent = chunk === undefined || (isPipe && !hasBegun && chunk.length === 0)
      if (!isSilent) {
        if (chunk.length === 0) return
        yield chunk
        hasBegun = true
        silentMs = 0
      } else if (silentMs >= silenceMs) {
        throw new Exit(2, `unreadable: ${path} has brought nothing for ${silenceMs / 1_000} s`)
      } else {
        await wait(PIPE_POLL_MS)
        silentMs += PIPE_POLL_MS
      }
    }
  } finally {
    closeSync(file)
  }
}

/** All of it. @throws Exit 2 where it is more than so many bytes, and as `readFrom` does */
export async function readWhole(input: Chunks, name: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of input) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new Exit(2, `unreadable: ${name} has more than ${maxBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What is there; nothing at the end; undefined where a pipe has nothing yet. */
function readSome(file: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  try {
    return chunk.subarray(0, readSync(file, chunk))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN') return undefined
    throw cause
  }
}
