/**
 * Every call of the store failing in turn, in everything that a node does, over memory and SQLite:
 * nothing is ever half done, nobody hears of what was not kept, and the node goes on.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_SLICE_BLOCKS } from '../../src/core/limits.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { sample } from '../helpers/volume.ts'
import { type Fault, Fuse, fused } from './fuse.ts'
import { type Files, readFiles, writeFiles } from './killed-node.ts'
import { LONG, type Operation, PAYMENT, prepared, SHORT, SPEC, start } from './operations.ts'
import { type Expected, type Opened, shown, trial, undisturbed } from './trial.ts'

type Opener = (operation: Operation) => () => Opened

const inMemory: Opener = (operation) => () => ({ raw: prepared(new MemoryStore(), operation) })

/** Data are made once and put in place for each trial. */
const inSqlite: Opener = (operation) => {
  const files = preparedFiles(operation)
  const folder = join(temporaryFolder(), 'data')
  return () => {
    writeFiles(folder, files)
    const reopen = () => SqliteStore.open(folder, SPEC)
    return { raw: reopen(), reopen }
  }
}

function preparedFiles(operation: Operation): Files {
  const folder = temporaryFolder()
  const store = SqliteStore.open(folder, SPEC)
  prepared(store, operation)
  store.close()
  return readFiles(folder)
}

const FAULTS: readonly Fault[] = ['refuses', 'forgets', 'is gone', 'cannot roll back', 'is wrong']
/** SQLite with those that its own transactions and connections could take otherwise than memory. */
const STORES: readonly [string, Opener, readonly Fault[]][] = [
  ['memory', inMemory, FAULTS],
  ['SQLite', inSqlite, ['refuses', 'cannot roll back']],
]

/** Tries each of some calls; how many of them were made, and so failed. */
async function everyCall(
  operation: Operation,
  expected: Expected,
  { open, fault, every }: { open: () => Opened; fault: Fault; every: readonly number[] },
): Promise<number> {
  let tried = 0
  for (const call of every) {
    if (await trial(operation, expected, { opened: open(), fault, call })) tried++
  }
  return tried
}

describe.each(STORES)('each call of %s in turn', (_name, opener, possible) => {
  describe.each(SHORT.map((operation) => [operation.name, operation] as const))(
    'in %s',
    (_what, operation) => {
      const isRead = operation.name.startsWith('reading')
      const faults = possible.filter((fault) => !isRead || !/roll back|wrong/.test(fault))
      it.each(faults)('that %s', async (fault) => {
        const open = opener(operation)
        const expected = await undisturbed(operation, open())
        const all = expected.calls.map((_, i) => i + 1)
        const calls = sample(all, 10)
        // The one behind the last is never made, and changes nothing.
        const every = [...calls, all.length + 1]
        expect(await everyCall(operation, expected, { open, fault, every })).toBe(calls.length)
        expect(all.length).toBeGreaterThanOrEqual(3)
      })
    },
  )

  const longFaults = possible.filter((fault) => !/roll back|wrong/.test(fault))
  it.each(longFaults)('in a long move: %s', async (fault) => {
    const open = opener(LONG)
    const expected = await undisturbed(LONG, open())
    const chosen = chosenCalls(expected.calls)
    const calls = sample(chosen, 4)
    expect(await everyCall(LONG, expected, { open, fault, every: calls })).toBe(calls.length)
    expect(chosen.length).toBeGreaterThan(14)
    expect(expected.steps.length, 'adopted in parts').toBeGreaterThan(2)
    const connects = expected.calls.filter((name) => name === 'connect')
    expect(connects.length, 'in more than one slice').toBeGreaterThan(2 * MAX_SLICE_BLOCKS)
  })
})

/** Of each method a call in the middle, which is in one of the moves or before it, and the last. */
function chosenCalls(names: readonly string[]): number[] {
  const chosen = [...new Set(names)].flatMap((method) => {
    const calls = names.flatMap((name, i) => (name === method ? [i + 1] : []))
    return [calls[Math.floor(calls.length / 2)], calls.at(-1)]
  })
  return [...new Set(chosen)].filter((call) => call !== undefined)
}

describe.each(STORES)('each call of %s in turn, at the start', (_name, opener) => {
  const data: readonly [string, Operation][] = [
    ['without data', { name: 'nothing', run: async () => undefined }],
    ['with data', { ...(SHORT[0] ?? LONG), name: 'data' }],
  ]
  it.each(data)('%s: refuses, and the next start works', async (_what, operation) => {
    const open = opener(operation)
    const whole = new Set<string>()
    let call = 0
    for (let hasBurnt = true; hasBurnt; ) {
      const { raw } = open()
      const before = shown(raw)
      const fuse = new Fuse('refuses')
      fuse.arm(++call)
      try {
        await start(fused(raw, fuse), operation).node.close()
      } catch (error) {
        expect(error).toBe(fuse.failure)
        expect(shown(raw), 'nothing half done').toBe(before)
      }
      hasBurnt = fuse.hasBurnt
      if (!hasBurnt) continue
      expect(raw.inTransaction).toBe(false)
      const second = start(raw, operation)
      whole.add(shown(raw))
      expect(second.node.currentTransactionCount).toBe(operation.prepare === undefined ? 0 : 3)
      await second.node.close()
    }
    expect(call).toBeGreaterThan(8)
    expect(whole.size, 'the same data after each of them').toBe(1)
  })
})

describe.each(STORES)('payments that come together, over %s', (_name, opener) => {
  const [operation = LONG] = SHORT
  it.each(['refuses', 'is gone'] as const)('are kept as they are answered: %s', async (fault) => {
    const open = opener(operation)
    let call = 0
    for (let hasBurnt = true; hasBurnt; ) {
      const { raw } = open()
      const before = raw.pooled(0, 100).length
      const fuse = new Fuse(fault)
      const { node, events } = start(fused(raw, fuse))
      fuse.arm(++call)
      const request = { type: 'submit-transaction', transaction: PAYMENT } as const
      const answers = await Promise.allSettled([1, 2, 3, 4].map(() => node.request(request)))
      const kept = answers.filter(({ status }) => status === 'fulfilled').length
      hasBurnt = fuse.hasBurnt
      fuse.repair()
      expect(raw.pooled(0, 100).length - before, `call ${call}`).toBe(kept)
      expect(node.currentTransactionCount - before).toBe(kept)
      expect(events).toHaveLength(kept)
      expect(kept < 4).toBe(hasBurnt)
      await node.close()
    }
    expect(call).toBeGreaterThan(6)
  })
})

describe('snapshots that cannot be opened or read', () => {
  it('are not counted as open for ever', async () => {
    const [operation] = SHORT
    const fuse = new Fuse('refuses')
    const raw = prepared(new MemoryStore(), operation ?? LONG)
    const { node } = start(fused(raw, fuse))
    for (let i = 0; i < 200; i++) {
      fuse.arm(1)
      await expect(node.snapshot()).rejects.toBeInstanceOf(StoreError)
    }
    for (let i = 0; i < 200; i++) {
      fuse.repair()
      const { reader, close } = await node.snapshot()
      fuse.arm(1)
      expect(() => reader.tip()).toThrow(StoreError)
      close()
    }
    await node.close()
  })
})
