/**
 * One bit at a place where it means something: an amount in a block, the work of a branch, who is
 * the active chain. The node may refuse or may know better; it may not believe it. And
 * `toychain verify --data` says that the data are not valid.
 */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { bytesOf, type Damage, flip, pagesByOwner, placeOf } from './damage.ts'
import { examineAll, expectNoneWrong } from './examination.ts'
import { type KilledNode, killedNode, NODE_ID, type View, writeFiles } from './killed-node.ts'
import { verified } from './verified.ts'

/** How far a value of a row of `headers` is from its hash, where it has a fixed place. */
const AFTER_HASH = { active: -1, parent: 64, height: 128, timestamp: 129 }

interface Place {
  readonly owner: string
  /** A text that stands at the place or shortly before it. */
  readonly text: string
  readonly plus?: number
  readonly bit: number
}

interface Linked {
  readonly hash: string
  readonly parent: string
  readonly timestamp: string
}

interface Known {
  /** A block in the middle of the active chain, its end, and the end of a side branch. */
  readonly middle: Linked
  readonly tip: Linked
  readonly side: Linked
}

type Row = readonly [what: string, where: (known: Known) => Place]

/** A row begins with both: the hash by itself stands in the row of the next block too. */
const header = ({ hash, parent }: Linked, plus: number, bit: number) => {
  return { owner: 'headers', text: `${hash}${parent}`, plus, bit }
}
/** Behind the time, and a proof of one byte. */
const workAfter = ({ timestamp }: Linked) => AFTER_HASH.timestamp + timestamp.length + 1
const index = (owner: string, text: string) => ({ owner, text, plus: 8, bit: 0 })
const work = (height: number) => height.toString(16).padStart(64, '0')

const ROWS: readonly Row[] = [
  [
    'an amount in a block',
    () => ({ owner: 'bodies', text: '2.5, "recipient": "Lea", "sender": "5/0"', bit: 0 }),
  ],
  [
    'a block on a side branch',
    ({ side }) => ({ owner: 'bodies', text: `"${side.parent}", "proof"`, plus: 69, bit: 1 }),
  ],
  ['the hash of a block', ({ middle }) => header(middle, 8, 0)],
  ['the hash of the last block', ({ tip }) => header(tip, 8, 0)],
  ['the hash of a side block', ({ side }) => header(side, 8, 0)],
  ['the link of a block', ({ middle }) => header(middle, AFTER_HASH.parent + 8, 0)],
  ['the link of a side block', ({ side }) => header(side, AFTER_HASH.parent + 8, 0)],
  ['the index of a block', ({ middle }) => header(middle, AFTER_HASH.height, 5)],
  ['the index of the last block', ({ tip }) => header(tip, AFTER_HASH.height, 0)],
  ['the index of a side block', ({ side }) => header(side, AFTER_HASH.height, 0)],
  ['the time of the last block', ({ tip }) => header(tip, AFTER_HASH.timestamp + 5, 0)],
  ['the time of a side block', ({ side }) => header(side, AFTER_HASH.timestamp + 5, 0)],
  ['whether a block is active', ({ middle }) => header(middle, AFTER_HASH.active, 0)],
  ['whether the last block is active', ({ tip }) => header(tip, AFTER_HASH.active, 0)],
  ['whether a side block is active', ({ side }) => header(side, AFTER_HASH.active, 0)],
  ['the work of the last block', () => ({ owner: 'headers', text: work(32), plus: 4, bit: 0 })],
  ['the work of a block', () => ({ owner: 'headers', text: work(14), plus: 60, bit: 0 })],
  ['the work of a side branch', ({ side }) => header(side, workAfter(side) + 1, 3)],
  ['the index by hash', ({ tip }) => index('sqlite_autoindex_headers_1', tip.hash)],
  ['the index of children', ({ middle }) => index('headers_previous', middle.hash)],
  ['the index of side branches', () => index('headers_side', work(31))],
  [
    'the amount of a payment that waits',
    () => ({
      owner: 'current_transactions',
      text: '7, "recipient": "Mark", "sender": "late-2"',
      bit: 1,
    }),
  ],
  [
    'a name in a payment that waits',
    () => ({ owner: 'current_transactions', text: 'late-3', bit: 0 }),
  ],
  [
    'a key in a payment that waits',
    () => ({ owner: 'current_transactions', text: 'sender": "late-4', bit: 0 }),
  ],
  ['the address of a node', () => ({ owner: 'nodes', text: '10.0.0.12', bit: 1 })],
  ['the id of the node', () => ({ owner: 'meta', text: NODE_ID, bit: 0 })],
  ['the spec of the chain', () => ({ owner: 'meta', text: '"difficulty": 1', plus: 14, bit: 1 })],
]

/** What blocks are searched by: their texts are read, and rows that miss somebody are found. */
const SEARCH_ROWS: readonly Row[] = [
  ['a sender that is searched for', () => ({ owner: 'parties', text: '5/1', bit: 0 })],
  ['a recipient that is searched for', () => ({ owner: 'parties', text: 'Lea', bit: 0 })],
]

let node: KilledNode
let known: Known
beforeAll(() => {
  node = killedNode()
  const last: View = node.states.at(-1) ?? new Map()
  const answer = (question: string) => JSON.parse(last.get(question) ?? '')
  const [side] = answer('side tips')
  const middle = answer(`header ${answer('hash at 17')}`)
  known = { middle, tip: answer('tip'), side }
})

function damaged([what, where]: Row): Damage {
  const { owner, text, plus = 0, bit } = where(known)
  const folder = temporaryFolder()
  writeFiles(folder, node.stopped)
  const pages = pagesByOwner(join(folder, DATABASE_FILE)).get(owner) ?? []
  const at = placeOf(bytesOf(node.stopped, DATABASE_FILE), pages, text) + plus
  return { name: what, files: flip(node.stopped, DATABASE_FILE, { at, bit }).files }
}

describe('one bit of', () => {
  it.each([...ROWS, ...SEARCH_ROWS])('%s: the node does not believe it', async (...row) => {
    const folder = join(temporaryFolder(), 'data')
    expectNoneWrong(await examineAll([damaged(row)], { folder, history: node }))
  })

  it.each([...ROWS, ...SEARCH_ROWS])('%s: toychain verify finds it', async (...row) => {
    const folder = temporaryFolder()
    writeFiles(folder, damaged(row).files)
    expect(await verified(folder)).not.toBe('valid')
  })
})
