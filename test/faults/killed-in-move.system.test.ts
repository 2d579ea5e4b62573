/** `kill -9` in the middle of a long reorganisation: the data have the old chain or the new one, whole. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openForReading } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { verifyData } from '../../src/adapters/sqlite/verify.ts'
import { atomically } from '../../src/node/store/store.ts'
import { blockAfter } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { FREE } from '../helpers/long-peer.ts'
import { describeFull } from '../helpers/volume.ts'

const PROGRAM = fileURLToPath(new URL('./moving-node.ts', import.meta.url))
const BATCH = 1_000

/** Data with a chain of so many blocks. */
function folderWith(length: number): string {
  const folder = temporaryFolder()
  const store = SqliteStore.open(folder, FREE)
  let last = FREE.rules.genesis
  for (let index = 1; index <= length; ) {
    atomically(store, () => {
      for (let i = 0; i < BATCH && index <= length; i++, index++) {
        if (index > 1) last = blockAfter(last, { spec: FREE, rewardTo: 'us' })
        store.putBlock(last, BigInt(index))
        store.connect(last)
      }
    })
  }
  store.close()
  return folder
}

/** Runs the node; the signal that ended it, or its status. */
function run(...args: readonly (string | number)[]): string | number | null {
  const { signal, status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args.map(String)])
  if (signal === null && status !== 0) throw new Error(String(stderr))
  return signal ?? status
}

/** All that the data say, after all of it has been checked. */
function look(folder: string) {
  const data = openForReading(folder)
  try {
    const verdict = verifyData(data, FREE.rules, () => {})
    const waiting = data.pooled(Number.MIN_SAFE_INTEGER, 10).map(({ text }) => text)
    return { valid: verdict.valid, height: data.tip()?.index, waiting }
  } finally {
    data.close()
  }
}

const PAYMENT = '{"amount": 10.0, "recipient": "Mark", "sender": "Lea"}'

/** Kills a node at a moment of its move to a chain of one block more, and lets it go on. */
function killAt(length: number, moment: string, count: number, height: number): void {
  const folder = folderWith(length)
  expect(run(folder, length + 1, moment, count)).toBe('SIGKILL')
  expect(look(folder)).toEqual({ valid: true, height, waiting: [PAYMENT] })
  // It pays once more, and then moves.
  expect(run(folder, length + 1)).toBe(0)
  expect(look(folder)).toEqual({ valid: true, height: length + 1, waiting: [PAYMENT, PAYMENT] })
}

describe('a node that is killed while it takes another chain', () => {
  const LENGTH = 1_500
  const HALF = LENGTH / 2

  it.each([
    ['while it reads that chain', 'putBlock', HALF, LENGTH],
    ['at the first block that leaves', 'disconnect', 1, LENGTH],
    ['in the middle of those that leave', 'disconnect', HALF, LENGTH],
    ['in the middle of those that join', 'connect', HALF, LENGTH],
    ['at the last block that joins', 'connect', LENGTH + 1, LENGTH],
    ['when the move is told', 'reorg', 1, LENGTH + 1],
  ])(
    '%s has a whole chain, what it had answered, and moves then',
    (_when, moment, count, height) => {
      killAt(LENGTH, moment, count, height)
    },
  )
})

describeFull('a node that is killed in the middle of a move of 130,001 blocks', () => {
  // Two moves, four looks at every block: a minute on a slow disk.
  it('has a whole chain, what it had answered, and moves then', { timeout: 400_000 }, () => {
    killAt(130_000, 'connect', 65_000, 130_000)
  })
})
