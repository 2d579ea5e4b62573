/** Neighbours that hurt with the text of an answer: its encoding, its JSON, its size. */
import { always, body, CHUNKED, chunk, endless, OK } from './answers.ts'
import type { Hostile } from './hostile-table.ts'
import { BLOCK_CHARS, OURS, wholeText } from './hostile-world.ts'

const SHORT = wholeText(OURS.slice(0, 4))
const KIB = 1_024

const badEncoding = { verdict: 'misbehaved', reason: 'bad-encoding' } as const
const notAChain = { verdict: 'misbehaved', reason: 'not-a-chain' } as const
const badBlock = { verdict: 'invalid', rule: 'bad-block-type', block: 1 } as const
const noBlocks = { verdict: 'shorter', length: undefined } as const

/** A good answer with bytes in the middle of it that are none of UTF-8. */
function spoilt(...bytes: number[]): Buffer {
  const [start, end] = [SHORT.slice(0, 20), SHORT.slice(20)]
  return Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)])
}

const encodings: Hostile[] = [
  { does: 'sends bytes that are none of UTF-8', script: body(spoilt(0xff)), expected: badEncoding },
  {
    does: 'encodes a surrogate (CESU-8)',
    script: body(spoilt(0xed, 0xa0, 0x80)),
    expected: badEncoding,
  },
  {
    does: 'encodes a letter longer than needed',
    script: body(spoilt(0xc0, 0xaf)),
    expected: badEncoding,
  },
  {
    does: 'ends in the middle of a letter',
    script: body(Buffer.concat([Buffer.from(SHORT), Buffer.from([0xe2, 0x82])])),
    expected: badEncoding,
  },
  {
    does: 'writes Latin-1 and says so',
    script: body(spoilt(0x22, 0xfc, 0x22), 'content-type: application/json; charset=iso-8859-1'),
    expected: badEncoding,
  },
  {
    does: 'writes UTF-16 with its mark',
    script: body(Buffer.from(`\ufeff${SHORT}`, 'utf16le')),
    expected: badEncoding,
  },
  {
    does: 'writes UTF-16 without a mark',
    script: body(Buffer.from(SHORT, 'utf16le')),
    expected: notAChain,
  },
  // RFC 8259, section 8.1: who reads may ignore it.
  {
    does: 'begins with a byte order mark',
    script: body(`\ufeff${SHORT}`),
    expected: { verdict: 'shorter', length: 4 },
    faults: 0,
  },
  {
    does: 'calls its chain a page',
    script: body(SHORT, 'content-type: text/html'),
    expected: { verdict: 'shorter', length: 4 },
    faults: 0,
  },
]

const shapes: Hostile[] = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '7',
    '"chain"',
    '{}',
    '{"length": 7}',
    '{"chain": null}',
    '{"chain": 5, "length": 5}',
    '{"chain": {}}',
    '{"chain": "[]"}',
    '{"Chain": []}',
    '{"a": {"chain": []}}',
    '{"chain": []',
    '{"chain": [}',
    '{"chain": [,]}',
    '{"chain": []}{}',
    '{"chain": [],}',
    "{'chain': []}",
    '{"chain": [NaN]}',
    '{"chain": [1 2]}',
    '{"chain": [], "chain": []}',
    '{"chain": [] // none\n}',
    '<!doctype html><h1>It works</h1>',
    'data: {"chain": []}\n\n',
    ')]}\',\n{"chain": []}',
    '{"chain": []}\0',
  ].map(
    (text): Hostile => ({
      does: `answers ${JSON.stringify(text)}`,
      script: body(text),
      expected: notAChain,
    }),
  ),
  ...['[]', '{"chain": []}', '{"__proto__": [7], "chain": []}'].map(
    (text): Hostile => ({
      does: `answers ${text}`,
      script: body(text),
      expected: noBlocks,
      faults: 0,
    }),
  ),
  ...[
    '[7]',
    '{"chain": [1, 2, 3]}',
    '{"chain": [null]}',
    '{"chain": [[]]}',
    '{"chain": ["{}"]}',
  ].map((text): Hostile => ({ does: `answers ${text}`, script: body(text), expected: badBlock })),
  {
    does: 'answers a chain of empty objects',
    script: body('{"chain": [{}]}'),
    expected: { verdict: 'invalid', rule: 'bad-block-keys', block: 1 },
  },
  {
    does: 'nests a value in a block too deep',
    script: body(`{"chain": [${'['.repeat(70)}${']'.repeat(70)}]}`),
    expected: notAChain,
  },
  {
    does: 'nests a value beside its chain too deep',
    script: body(`{"a": ${'['.repeat(70)}${']'.repeat(70)}, "chain": []}`),
    expected: notAChain,
  },
]

const ENDLESS: readonly [what: string, start: string, again: string][] = [
  ['spaces before its chain', '', ' '],
  ['spaces in its chain', '{"chain": [', ' \n\t\r'],
  ['spaces after its chain', SHORT, ' '],
  ['digits', '', '1'],
  ['digits in its chain', '{"chain": [', '7'],
  ['brackets', '', '['],
  ['brackets in its chain', '{"chain": [', '['],
  ['objects in objects', '{"chain": [', '{"a":'],
  ['one string', '"', 'x'],
  ['one string in its chain', '{"chain": ["', 'x'],
  ['backslashes', '{"chain": ["', '\\\\'],
  ['one key', '{"', 'x'],
  ['keys before its chain', '{', '"a":1,'],
  ['keys after its chain', '{"chain": [], ', '"a":1,'],
  ['arrays under other keys', '{', '"a":[],'],
  ['closing brackets', '', ']'],
  ['NUL', '', '\0'],
]

const endlessTexts: Hostile[] = ENDLESS.map(([what, start, again]) => ({
  does: `sends ${what} without end`,
  script: endless(OK + start, again.repeat(Math.ceil((8 * KIB) / again.length))),
  expected: notAChain,
}))

const sizes: Hostile[] = [
  {
    does: 'sends a never-ending chunk of spaces',
    script: endless(`${CHUNKED}ffffffff\r\n`, ' '.repeat(64 * KIB)),
    expected: notAChain,
  },
  {
    does: 'sends one block of 9 MB',
    script: body(`{"chain": [{"index": "${'9'.repeat(9_000_000)}"}]}`),
    expected: notAChain,
  },
  {
    does: 'sends one value after another, more than it may',
    // Its blocks are small, and the first is found wanting.
    script: endless(`${OK}{"chain": [`, `${' '.repeat(KIB)}7,`.repeat(64)),
    expected: badBlock,
  },
  {
    does: 'spaces its blocks out, within what it may send',
    script: body(wholeText(OURS).replaceAll('}, {"index', `},${' '.repeat(90_000)}{"index`)),
    expected: { verdict: 'shorter', length: 6 },
    faults: 0,
  },
  {
    does: 'sends more bytes than it may, each piece as allowed',
    script: body(wholeText(OURS).replaceAll('}, {', `},${' '.repeat(90_000)}{`)),
    expected: { verdict: 'misbehaved', reason: 'too-large' },
    limits: { peerBytes: 4 * BLOCK_CHARS },
  },
  {
    does: 'repeats what looks like the start of an array after a long key',
    script: body(`{"${'\\n'.repeat(15_000)}"${':[]'.repeat(11_000)}}`),
    expected: notAChain,
  },
  {
    // As a slow and honest line may do too.
    does: 'sends its chain in chunks of one letter',
    script: always(`${CHUNKED}${Array.from(SHORT, chunk).join('')}0\r\n\r\n`),
    expected: { verdict: 'shorter', length: 4 },
    faults: 0,
  },
]

/** By what they have in common. */
export const BODY_ROWS = {
  encodings,
  shapes,
  'texts without end': endlessTexts,
  sizes,
} satisfies Record<string, readonly Hostile[]>
