/** Neighbours that hurt with blocks: false, forked, forged, moving, endless chains. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Block } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { solves } from '../../src/core/puzzle.ts'
import { blockAfter, branch, EASY, payment } from '../helpers/chains.ts'
import { body, OK } from './answers.ts'
import type { Script, Visit } from './hostile-server.ts'
import type { Hostile } from './hostile-table.ts'
import { after, OURS, partText, wholeText } from './hostile-world.ts'

const { genesis } = EASY.rules
const TIP = OURS[5] ?? genesis
/** A good block after our tip. */
const NEXT = blockAfter(TIP, { salt: 9, transactions: [payment('Eve', 'Eve')] })
/** A genesis of its own. */
const OTHER_GENESIS = EASY.rules.decodeBlock(
  parseJson(genesis.text.replace(/"timestamp": [^,]+/, '"timestamp": 5')),
)
/** Leaves our chain and the honest one after their third block. */
const FORKED = [...OURS.slice(0, 3), ...after(OURS.slice(0, 3), 20, 3)]
const BIG = payment('x'.repeat(1_000), 'y'.repeat(1_000))

/** Answers each question with a good answer, for a chain that may be another each time. */
function serves(chainAt: (visit: Visit) => readonly Block[]): Script {
  return async (visit) => {
    const asked = await visit.asked()
    visit.end(OK + partText(chainAt(visit), asked))
  }
}

/** Answers the first question with our tip and this text of the next block. */
function next(text: string): Script {
  return body(`{"chain": [${TIP.text}, ${text}], "length": 7}`)
}

/** The next block with something changed in its text. */
function changed(what: string | RegExp, to: string): Script {
  const text = NEXT.text.replace(what, to)
  if (text === NEXT.text) throw new Error('nothing changed')
  return next(text)
}

/** The next block with another value under a key. */
function changedKey(key: string, value: string): Script {
  return changed(new RegExp(`"${key}": ("[^"]*"|[^,}]*)`), `"${key}": ${value}`)
}

function invalid(rule: string, block: number) {
  return { verdict: 'invalid', rule, block } as const
}

/** A block's text with a proof that is none. */
function withoutWork({ header, text }: Block, parent: Block): string {
  const puzzle = EASY.rules.puzzle(parent.header)
  let proof = header.proof + 1
  while (solves(puzzle, proof)) proof++
  return text.replace(/"proof": \d+/, `"proof": ${proof}`)
}

const wrongPart = { verdict: 'misbehaved', reason: 'wrong-part' } as const
const unstable = { verdict: 'misbehaved', reason: 'unstable' } as const
const tooLarge = { verdict: 'misbehaved', reason: 'too-large' } as const

const LENGTHS = [
  ['1e9', { verdict: 'misbehaved', reason: 'bad-length' }, 1],
  ['7', { verdict: 'misbehaved', reason: 'bad-length' }, 1],
  ['9007199254740991', { verdict: 'misbehaved', reason: 'bad-length' }, 1],
  // What is no length is not told on.
  ['-1', { verdict: 'shorter', length: undefined }, 0],
  ['0.5', { verdict: 'shorter', length: undefined }, 0],
  ['1e400', { verdict: 'shorter', length: undefined }, 0],
  ['"7"', { verdict: 'shorter', length: undefined }, 0],
  ['[7]', { verdict: 'shorter', length: undefined }, 0],
  ['9'.repeat(60_000), { verdict: 'shorter', length: undefined }, 0],
] as const

const lengths: Hostile[] = [
  ...LENGTHS.map(
    ([length, expected, faults]): Hostile => ({
      does: `says that it has ${length.slice(0, 20)} blocks and sends none`,
      script: body(`{"chain": [], "length": ${length}}`),
      expected,
      faults,
    }),
  ),
  ...['1e9', '-1', '0', '3'].map(
    (length): Hostile => ({
      does: `says that it has ${length} blocks and sends four`,
      script: body(wholeText(OURS.slice(0, 4)).replace('"length": 4', `"length": ${length}`)),
      expected: {
        verdict: 'shorter' as const,
        length: 4,
        // What is no length at all is as if it were not said.
        ...(length === '-1' ? {} : { reason: 'bad-length' as const }),
      },
      faults: length === '-1' ? 0 : 1,
    }),
  ),
]

const LONG = [...OURS, ...after(OURS, 30, 5)]
const LAST = LONG.at(-1) ?? genesis

const blocks: Hostile[] = [
  {
    does: 'adds a key to a block',
    script: changed('{', '{"nonce": 1, '),
    expected: invalid('bad-block-keys', 7),
  },
  {
    does: 'adds __proto__ to a block',
    script: changed('{', '{"__proto__": {"index": 7}, '),
    expected: invalid('bad-block-keys', 7),
  },
  {
    does: 'repeats a key of a block',
    script: changed('{', '{"index": 8, '),
    expected: invalid('bad-block-keys', 7),
  },
  {
    does: 'writes an index with a point',
    script: changedKey('index', '7.0'),
    expected: invalid('bad-index', 7),
  },
  {
    does: 'writes a proof of 100,000 digits',
    script: changedKey('proof', '9'.repeat(90_000)),
    expected: invalid('bad-proof', 7),
  },
  {
    does: 'writes a negative proof',
    script: changedKey('proof', '-1'),
    expected: invalid('bad-proof', 7),
  },
  {
    does: 'writes a timestamp beyond all doubles',
    script: changedKey('timestamp', '1e999'),
    expected: invalid('bad-timestamp', 7),
  },
  {
    does: 'writes a previous hash in capitals',
    script: changedKey('previous_hash', `"${TIP.header.hash.toUpperCase()}"`),
    expected: invalid('bad-previous-hash', 7),
  },
  { does: 'pays in text', script: changedKey('amount', '"1"'), expected: invalid('bad-amount', 7) },
  {
    does: 'sends transactions that are none',
    script: changed(/"transactions": .*/, '"transactions": {"length": 1}}'),
    expected: invalid('bad-transactions', 7),
  },
  { does: 'does no work', script: next(withoutWork(NEXT, TIP)), expected: invalid('high-hash', 7) },
  {
    does: 'sends a block of more bytes than a block may have',
    script: next(NEXT.text.replace('[{', `[${`${BIG.text}, `.repeat(600)}{`)),
    expected: invalid('bad-blk-length', 7),
    limits: { peerBytes: 3_000_000 },
    blockChars: 2_000_000,
  },
  {
    does: 'sends our whole chain in another order',
    script: body(wholeText([0, 2, 1, 3, 4, 5].map((i) => OURS[i] ?? genesis))),
    expected: invalid('bad-index', 2),
  },
  {
    does: 'sends our whole chain without its end',
    script: body(wholeText(OURS.slice(0, 5))),
    expected: { verdict: 'shorter', length: 5 },
    faults: 0,
  },
  {
    does: 'sends our whole chain without its middle',
    script: body(wholeText([...OURS.slice(0, 2), ...OURS.slice(3)])),
    expected: invalid('bad-index', 3),
  },
  {
    does: 'sends our genesis twice',
    script: body(wholeText([genesis, genesis])),
    expected: invalid('bad-index', 2),
  },
  {
    does: 'forks at the genesis and does no work',
    script: body(
      `[${OTHER_GENESIS.text}, ${withoutWork(blockAfter(OTHER_GENESIS), OTHER_GENESIS)}]`,
    ),
    expected: invalid('high-hash', 2),
  },
  {
    does: 'forges its genesis',
    script: body(`[${genesis.text.replace('100', '101')}]`),
    expected: invalid('bad-genesis', 1),
  },
  {
    does: 'forges the last block of a long chain',
    script: body(wholeText(LONG).replace(LAST.text, withoutWork(LAST, LONG.at(-2) ?? genesis))),
    expected: invalid('high-hash', 36),
  },
]

const movements: Hostile[] = [
  {
    does: 'has another chain each time that it is asked',
    script: serves(({ number }) => [
      ...OURS.slice(0, 2),
      ...after(OURS.slice(0, 2), 24, 100 + number),
    ]),
    expected: unstable,
  },
  {
    does: 'answers every question with the block before the one asked for',
    script: async (visit) => {
      const { from, limit } = await visit.asked()
      visit.end(OK + partText(FORKED, { from: from - 1, limit }))
    },
    expected: wrongPart,
  },
  {
    does: 'looks forked, and answers a look at one block with another',
    script: async (visit) => {
      const { from, limit } = await visit.asked()
      const at = limit === 1 ? from + 1 : from
      visit.end(OK + partText(FORKED, { from: at, limit }))
    },
    expected: wrongPart,
  },
  {
    does: 'looks forked, and answers a look at one block with many',
    script: async (visit) => {
      const { from } = await visit.asked()
      visit.end(OK + partText(FORKED, { from, limit: 20 }))
    },
    expected: wrongPart,
  },
  {
    does: 'looks forked, and then has no blocks at all',
    script: async (visit) => {
      const { from, limit } = await visit.asked()
      visit.end(OK + (limit === 1 ? '{"chain": []}' : partText(FORKED, { from, limit })))
    },
    expected: unstable,
  },
  {
    does: 'looks forked, and breaks off the second answer',
    script: async (visit) => {
      const asked = await visit.asked()
      visit.end(visit.number === 0 ? OK + partText(FORKED, asked) : '')
    },
    expected: { verdict: 'unreachable', reason: 'connection-failed' },
  },
  {
    does: 'sends our last block again and again',
    script: async (visit) => {
      await visit.asked()
      await visit.send(`${OK}{"chain": [${TIP.text}`)
      await visit.flood(`, ${TIP.text}`)
    },
    expected: invalid('bad-index', 7),
  },
  {
    does: 'sends valid blocks without end, each full of payments',
    script: async (visit) => {
      await visit.asked()
      await visit.send(`${OK}{"chain": [${genesis.text}`)
      const transactions = Array.from({ length: 20 }, () => BIG)
      let last: Block = genesis
      do {
        last = blockAfter(last, { salt: 7, transactions })
        await nextTurn()
      } while (await visit.send(`, ${last.text}`))
    },
    expected: tooLarge,
    // Fewer blocks than ours: else it would be our chain for a while, and rightly.
    limits: { peerBytes: 200_000 },
  },
  {
    does: 'sends valid blocks letter by letter',
    script: async (visit) => {
      await visit.asked()
      const texts = [genesis, ...branch(genesis, 50, 6)].map(({ text }) => text)
      await visit.send(`${OK}{"chain": [${texts.slice(0, 3)}`)
      await visit.drip(`, ${texts.slice(3)}`, 50)
    },
    expected: { verdict: 'misbehaved', reason: 'too-slow' },
    isSlow: true,
  },
]

/** By what they have in common. */
export const CHAIN_ROWS = {
  lengths: lengths,
  blocks: blocks,
  'chains that move': movements.map((row) => ({ ...row, isFirst: !row.isSlow })),
} satisfies Record<string, readonly Hostile[]>
