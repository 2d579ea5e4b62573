/** The blocks of a chain in a file or a pipe, read one after another, with a bar that shows how far. */
import { Utf8Reader } from '../adapters/net/utf8.ts'
import { ElementScanner } from '../core/json/scan.ts'
import { MAX_WRITTEN_BLOCK_CHARS } from '../core/limits.ts'
import type { Chunks } from './input.ts'
import { Exit, type Progress } from './terminal.ts'

/**
 * The text of each block. @throws Exit 2 where there is nothing; DecodeError `json-syntax`
 * @param totalBytes how much there is to read; undefined for a pipe, which shows no bar
 */
export async function* blocksIn(
  input: Chunks,
  { progress, totalBytes }: { progress: Progress; totalBytes: number | undefined },
): AsyncGenerator<string> {
  const scanner = new ElementScanner('chain', { maxElementChars: MAX_WRITTEN_BLOCK_CHARS })
  const utf8 = new Utf8Reader()
  let readBytes = 0
  try {
    for await (const chunk of input) {
      readBytes += chunk.length
      yield* scanner.push(utf8.read(chunk, { stream: true }))
      if (totalBytes !== undefined) progress.at(Math.min(1, readBytes / totalBytes))
    }
    if (readBytes === 0) throw new Exit(2, 'unreadable: the input is empty')
    yield* scanner.push(utf8.read())
    scanner.end()
  } finally {
    progress.end()
  }
}
