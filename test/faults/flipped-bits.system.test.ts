/**
 * Single bits of a data folder flipped, at seeded places of each kind: SQLite keeps no checksum of
 * its database, so the program has to notice. Nothing wrong is shown, and `verify --data` says so.
 */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DATABASE_FILE, openForReading } from '../../src/adapters/sqlite/data-folder.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { SEED, volume } from '../helpers/volume.ts'
import { type Damage, flips, pagesByOwner } from './damage.ts'
import { examineAll, expectNoneWrong } from './examination.ts'
import { type KilledNode, killedNode, SHM, viewOf, WAL, writeFiles } from './killed-node.ts'
import { verified } from './verified.ts'

/** Tables and indexes, by what a wrong bit in them could spoil. */
const KINDS: readonly [what: string, owners: readonly string[]][] = [
  ["blocks' texts", ['bodies']],
  ["blocks' headers", ['headers']],
  ['the index by hash', ['sqlite_autoindex_headers_1']],
  ['the index of the active chain', ['headers_active']],
  ['the index of side branches', ['headers_side']],
  ['the index of children', ['headers_previous']],
  ['what payments are searched by', ['parties']],
  ['current transactions', ['current_transactions']],
  ['nodes, id and spec', ['nodes', 'meta']],
  ['the schema', ['sqlite_schema']],
]
const FLIPS_EACH = volume(30, 8)
/** Of what a killed node left, in each file. */
const FLIPS_LEFT = volume(40, 12)

let node: KilledNode
beforeAll(() => {
  node = killedNode()
})

function flipsIn(owners: readonly string[]): readonly Damage[] {
  const folder = temporaryFolder()
  writeFiles(folder, node.stopped)
  const byOwner = pagesByOwner(join(folder, DATABASE_FILE))
  const pages = owners.flatMap((owner) => byOwner.get(owner) ?? [])
  return flips(node.stopped, DATABASE_FILE, { count: FLIPS_EACH, pages })
}

describe.each(KINDS)('a bit flipped in %s', (_what, owners) => {
  it('shows nothing wrong', async () => {
    const folder = join(temporaryFolder(), 'data')
    const tally = await examineAll(flipsIn(owners), { folder, history: node })
    expectNoneWrong(tally)
    expect(tally.cases).toBe(FLIPS_EACH)
  })

  it('that changes anything is found by toychain verify', async () => {
    const missed: string[] = []
    const folder = join(temporaryFolder(), 'data')
    for (const { name, files } of flipsIn(owners)) {
      writeFiles(folder, files)
      if (!isUnchanged(folder) && (await verified(folder)) === 'valid') missed.push(name)
    }
    const said = `${missed.length} of ${FLIPS_EACH} not found (SAMPLE_SEED=${SEED})`
    expect(missed.slice(0, 5), said).toEqual([])
  })
})

/** Whether everything can be read and is as it was. */
function isUnchanged(folder: string): boolean {
  try {
    const data = openForReading(folder)
    try {
      const seen = viewOf(data, node.questions)
      const last = node.states.at(-1)
      return [...seen].every(([name, answer]) => answer === last?.get(name))
    } finally {
      data.close()
    }
  } catch (error) {
    if (error instanceof StoreError) return false
    throw error
  }
}

describe('a bit flipped in what a killed node left', () => {
  const examined = (damages: readonly Damage[]) =>
    examineAll(damages, { folder: join(temporaryFolder(), 'data'), history: node })

  it('shows nothing wrong where it is in the database beneath the log', async () => {
    expectNoneWrong(await examined(flips(node.killed, DATABASE_FILE, { count: FLIPS_LEFT })))
  })

  it('ends the log there: an earlier state is shown', async () => {
    const tally = await examined(flips(node.killed, WAL, { count: FLIPS_LEFT }))
    expectNoneWrong(tally)
    expect(tally.right).toBe(FLIPS_LEFT)
    expect(new Set(tally.states).size).toBeGreaterThan(FLIPS_LEFT / 4)
  })

  it('of the shm does no harm', async () => {
    const tally = await examined(flips(node.killed, SHM, { count: FLIPS_LEFT / 2 }))
    expectNoneWrong(tally)
    expect(tally.right).toBe(FLIPS_LEFT / 2)
    expect(new Set(tally.states)).toEqual(new Set([node.states.length - 1]))
  })
})
