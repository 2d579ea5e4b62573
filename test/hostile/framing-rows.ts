/** Neighbours that lie about where their answer ends: lengths and chunks. */
import { always, andStays, CHUNKED, chunk, endless, head } from './answers.ts'
import type { Hostile } from './hostile-table.ts'
import { OURS, wholeText } from './hostile-world.ts'

/** A good chain, which is shorter than ours. */
const SHORT = wholeText(OURS.slice(0, 4))
const KIB = 1_024

const badHttp = { verdict: 'misbehaved', reason: 'bad-http' } as const
const tooSlow = { verdict: 'misbehaved', reason: 'too-slow' } as const
const tooLarge = { verdict: 'misbehaved', reason: 'too-large' } as const

const lengths: Hostile[] = [
  {
    does: 'sends less than its content-length and closes',
    script: always(head('200 OK', 'content-length: 9999') + SHORT),
    expected: badHttp,
  },
  {
    does: 'sends less than its content-length and waits',
    script: andStays(head('200 OK', 'content-length: 9999') + SHORT),
    expected: tooSlow,
    isSlow: true,
  },
  {
    does: 'sends more than its content-length',
    script: always(head('200 OK', 'content-length: 40', 'connection: close') + SHORT),
    expected: badHttp,
  },
  {
    does: 'states a negative content-length',
    script: always(head('200 OK', 'content-length: -1') + SHORT),
    expected: badHttp,
  },
  {
    does: 'states a content-length beyond 2^64',
    script: always(head('200 OK', `content-length: ${'9'.repeat(30)}`) + SHORT),
    expected: badHttp,
  },
  {
    does: 'states two content-lengths',
    script: always(head('200 OK', `content-length: ${SHORT.length}`, 'content-length: 7') + SHORT),
    expected: badHttp,
  },
  {
    does: 'states a length and sends chunks',
    script: always(
      head('200 OK', 'content-length: 7', 'transfer-encoding: chunked') + chunk(SHORT),
    ),
    expected: badHttp,
  },
]

const chunks: Hostile[] = [
  {
    does: 'sends a chunk of no size',
    script: always(`${CHUNKED}xyz\r\n${SHORT}`),
    expected: badHttp,
  },
  {
    does: 'sends a chunk of negative size',
    script: always(`${CHUNKED}-5\r\n${SHORT}`),
    expected: badHttp,
  },
  {
    does: 'sends a chunk of more than 2^64 bytes',
    script: always(`${CHUNKED}${'f'.repeat(17)}\r\n${SHORT}`),
    expected: badHttp,
  },
  {
    does: 'never ends a chunk extension',
    script: endless(`${CHUNKED}5;`, 'x'.repeat(KIB)),
    expected: badHttp,
  },
  {
    does: 'wraps each byte into a long chunk extension',
    script: endless(
      `${CHUNKED}${chunk('{"chain": [')}`,
      `1;${'x'.repeat(8 * KIB)}\r\n \r\n`.repeat(8),
    ),
    expected: tooLarge,
  },
  {
    does: 'never ends the zeros before a chunk size',
    script: endless(CHUNKED, '0'.repeat(64 * KIB)),
    expected: tooLarge,
  },
  {
    does: 'never ends its trailers',
    script: endless(`${CHUNKED}${chunk(SHORT)}0\r\n`, 'x-more: 1\r\n'.repeat(100)),
    expected: badHttp,
  },
  { does: 'leaves out the last chunk', script: always(CHUNKED + chunk(SHORT)), expected: badHttp },
  {
    does: 'leaves out the last chunk and waits',
    script: andStays(CHUNKED + chunk(SHORT)),
    expected: tooSlow,
    isSlow: true,
  },
]

/** By what they have in common. */
export const FRAMING_ROWS = {
  'content-lengths': lengths,
  chunks,
} satisfies Record<string, readonly Hostile[]>
