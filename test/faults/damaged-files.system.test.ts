/**
 * Files of a data folder that were cut, deleted, swapped, or lost whole pages. A node refuses with
 * a word that helps and leaves the files alone, or shows exactly a state that was committed.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { EASY } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run } from '../helpers/toychain.ts'
import { sample, volume } from '../helpers/volume.ts'
import {
  boundaries,
  bytesOf,
  cut,
  type Damage,
  FRAME_BYTES,
  LOG_HEADER_BYTES,
  lostPages,
  PAGE_BYTES,
  replaced,
  without,
} from './damage.ts'
import { examineAll, expectNoneWrong, type Tally } from './examination.ts'
import {
  type KilledNode,
  killedNode,
  LOCK,
  NODE_ID,
  SHM,
  type View,
  viewOf,
  WAL,
  writeFiles,
} from './killed-node.ts'

const UP_TO_100 = Array.from({ length: 101 }, (_, i) => i)

let node: KilledNode
let last: number
beforeAll(() => {
  node = killedNode()
  last = node.states.length - 1
})

function examined(damages: readonly Damage[]): Promise<Tally> {
  return examineAll(damages, { folder: join(temporaryFolder(), 'data'), history: node })
}

describe.each(['stopped', 'killed'] as const)('the files of a node that was %s', (how) => {
  it('are right as they are', async () => {
    const tally = await examined([{ name: 'whole', files: node[how] }])
    expect(tally).toMatchObject({ right: 1, states: [last], wrong: [] })
  })

  it('with the database cut at every page, a byte less and a byte more', async () => {
    const lengths = boundaries(node[how], DATABASE_FILE, { each: PAGE_BYTES })
    expect(lengths.length).toBeGreaterThan(60)
    const tally = await examined(cut(node[how], DATABASE_FILE, sample(lengths, 20)))
    expectNoneWrong(tally)
    expect(tally.refused).toBeGreaterThan(volume(30, 5))
  })

  it('with the database cut to 0 to 100 bytes', async () => {
    const tally = await examined(cut(node[how], DATABASE_FILE, sample(UP_TO_100, 20)))
    expectNoneWrong(tally)
    expect(tally.refused).toBe(tally.cases)
  })

  it('with each page of the database zeroed', async () => {
    const tally = await examined(sample(lostPages(node[how]), 10))
    expectNoneWrong(tally)
    expect(tally.refused).toBeGreaterThan(0)
  })

  it('with each page of the database taken from another place', async () => {
    const tally = await examined([
      ...sample(lostPages(node[how], 1), 8),
      ...sample(lostPages(node[how], 7), 8, 1),
    ])
    expectNoneWrong(tally)
    expect(tally.refused).toBeGreaterThan(0)
  })

  it('with a lock file of garbage, or a folder in its place', async () => {
    const garbage = Buffer.alloc(2 * PAGE_BYTES, 'garbage')
    expectNoneWrong(await examined([replaced(node[how], LOCK, garbage)]))
    const folder = temporaryFolder()
    writeFiles(folder, without(node[how], LOCK).files)
    mkdirSync(join(folder, LOCK))
    expect(() => SqliteStore.open(folder, EASY)).toThrow(StoreError)
  })
})

describe('what a killed node left', () => {
  it('without its log is as at its last start, without shm or lock it is whole', async () => {
    const damages = [WAL, SHM, LOCK].map((name) => without(node.killed, name))
    const tally = await examined(damages)
    expect(tally).toMatchObject({ right: 3, wrong: [] })
    expect(tally.states.slice(1)).toEqual([last, last])
  })

  it('without its database is refused', async () => {
    const tally = await examined([without(node.killed, DATABASE_FILE)])
    expect(tally).toMatchObject({ refused: 1, wrong: [] })
  })

  it('with its log cut is an earlier state, the later the more of the log there is', async () => {
    const each = 3 * FRAME_BYTES
    const lengths = boundaries(node.killed, WAL, { first: LOG_HEADER_BYTES, each })
    expect(lengths.length).toBeGreaterThan(90)
    const tally = await examined(cut(node.killed, WAL, sample(lengths, 24)))
    expect(tally).toMatchObject({ right: tally.cases, wrong: [] })
    expect(tally.states).toEqual(tally.states.toSorted((a, b) => a - b))
    expect(new Set(tally.states).size).toBeGreaterThan(volume(15, 8))
  })

  it('with its log cut to 0 to 100 bytes is the state at its last start', async () => {
    const base = await examined([without(node.killed, WAL)])
    const every4th = UP_TO_100.filter((length) => length % 4 === 0)
    const lengths = sample(every4th, 10)
    const tally = await examined(cut(node.killed, WAL, lengths))
    expect(tally).toMatchObject({ right: lengths.length, wrong: [] })
    expect(new Set(tally.states)).toEqual(new Set(base.states))
  })

  it('with a cut, empty, or wrong shm is whole: it is made anew', async () => {
    const { length } = bytesOf(node.killed, SHM)
    const damages = [
      ...cut(node.killed, SHM, [0, 1, 100, PAGE_BYTES, length - 1]),
      replaced(node.killed, SHM, Buffer.alloc(length, 0xa5)),
      replaced(node.killed, SHM, Buffer.alloc(length)),
    ]
    const tally = await examined(damages)
    expect(tally).toMatchObject({ right: damages.length, wrong: [] })
    expect(new Set(tally.states)).toEqual(new Set([last]))
  })

  it('with the log of another life of the same data', async () => {
    expectNoneWrong(await examined([replaced(node.killed, WAL, node.otherLog)]))
  })

  it('with the log of another node is refused, or is wholly the other node', async () => {
    const others = [2, 9, 30].map(anotherNode)
    const damages = others.flatMap(({ log }) => {
      const swapped = replaced(node.killed, WAL, log)
      return [swapped, without(swapped.files, SHM), replaced(node.stopped, WAL, log)]
    })
    const states = [...others.map(({ state }) => state), ...node.states]
    const folder = join(temporaryFolder(), 'data')
    expectNoneWrong(await examineAll(damages, { folder, history: { ...node, states } }))
  })
})

/** A node that has nothing to do with ours: its log, and what it shows. */
function anotherNode(blocks: number): { log: Buffer; state: View } {
  const folder = temporaryFolder()
  SqliteStore.open(folder, EASY).close()
  const store = SqliteStore.open(folder, EASY)
  store.setIdentity(NODE_ID)
  const chain = new BlockChain({ spec: EASY, store })
  for (let i = 0; i < blocks; i++) {
    chain.addTransaction({ sender: `stranger-${i}`, recipient: 'x', amount: i })
    chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 9, rewardTo: 'stranger' })
  }
  const log = readFileSync(join(folder, WAL))
  const state = viewOf(store, node.questions)
  store.close()
  return { log, state }
}

describe('the program', () => {
  it('begins anew in a folder whose database is gone, log and all', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, without(node.stopped, DATABASE_FILE).files)
    const store = SqliteStore.open(folder, EASY)
    const chain = new BlockChain({ spec: EASY, store })
    expect([chain.length, chain.currentTransactionCount, chain.nodes]).toEqual([1, 0, []])
    store.close()
  })

  it.each(['stopped', 'killed'] as const)(
    'names the damaged file of a node that was %s, ends with status 1, and changes no byte of it',
    async (how) => {
      const folder = temporaryFolder()
      const [damaged] = cut(node[how], DATABASE_FILE, [PAGE_BYTES])
      writeFiles(folder, damaged?.files ?? new Map())
      const names = [DATABASE_FILE, WAL].filter((name) => existsSync(join(folder, name)))
      const before = names.map((name) => readFileSync(join(folder, name)))
      const flags = ['--data', folder, '--port', '0', '--difficulty', '1']
      const { status, err } = await run(['node', ...flags])
      expect(err).toContain(join(folder, DATABASE_FILE))
      expect(err).toContain('--data')
      expect(err, 'a stack is for faults of our own').not.toContain('    at ')
      expect(status).toBe(1)
      expect(names.map((name) => readFileSync(join(folder, name)))).toEqual(before)
    },
  )

  it('is not confused by a copy of its database beside it', () => {
    const folder = temporaryFolder()
    writeFiles(folder, node.stopped)
    const path = join(folder, DATABASE_FILE)
    copyFileSync(path, `${path}.new`)
    writeFileSync(`${path}.new-journal`, 'half')
    const store = SqliteStore.open(folder, EASY)
    expect(viewOf(store, node.questions)).toEqual(node.states[last])
    store.close()
  })
})
