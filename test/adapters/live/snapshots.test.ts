import { describe, expect, it } from 'vitest'
import { type SnapshotOptions, Snapshots } from '../../../src/adapters/live/snapshots.ts'
import { LEAST_IDLE_MS, MAX_OPEN_SNAPSHOTS } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import type { Snapshot } from '../../../src/node/store/store.ts'

function open(waitMs: number, options: Partial<SnapshotOptions> = {}) {
  const store = new MemoryStore()
  let count = 0
  const snapshots = new Snapshots({
    store: {
      snapshot: (): Snapshot => {
        count++
        const snapshot = store.snapshot()
        return Object.assign(Object.create(snapshot), { close: () => count-- })
      },
    },
    ready: async () => {},
    waitMs,
    ...options,
  })
  return { snapshots, opened: () => count }
}

const READER = { address: 'here', isKnown: false, idleMs: () => 0, giveWay: () => {} }

describe('views of the store', () => {
  it(`are ${MAX_OPEN_SNAPSHOTS} at most; one more waits, and is refused when its time is over`, async () => {
    const { snapshots, opened } = open(1)
    for (let i = 0; i < MAX_OPEN_SNAPSHOTS; i++) await snapshots.open({ ...READER })
    await expect(snapshots.open({ ...READER })).rejects.toMatchObject({ code: 'too-many-streams' })
    expect(opened()).toBe(MAX_OPEN_SNAPSHOTS)
  })

  it('go to whoever waits when another is closed, first come, first served', async () => {
    const { snapshots } = open(60_000)
    const first = await snapshots.open({ ...READER })
    for (let i = 1; i < MAX_OPEN_SNAPSHOTS; i++) await snapshots.open({ ...READER })
    const order: string[] = []
    const one = snapshots.open({ ...READER }).then(({ close }) => {
      order.push('one')
      close()
    })
    const two = snapshots.open({ ...READER }).then(() => order.push('two'))
    first.close()
    await Promise.all([one, two])
    expect(order).toEqual(['one', 'two'])
  })

  it('are taken from a reader that takes nothing', async () => {
    const { snapshots } = open(0)
    let gone = 0
    const idle = { ...READER, idleMs: () => LEAST_IDLE_MS, giveWay: () => gone++ }
    for (let i = 0; i < MAX_OPEN_SNAPSHOTS; i++) await snapshots.open({ ...idle })
    await snapshots.open({ ...READER })
    expect(gone).toBe(1)
  })

  describe('give way where the log has grown', () => {
    const MAX = 1_000

    /** Who gives way of three: one who has read for a while, one who has not, and the node itself. */
    async function gone(logBytes: number): Promise<string[]> {
      let nowMs = 0
      const { snapshots } = open(0, { maxLogBytes: MAX, nowMs: () => nowMs })
      const names: string[] = []
      const reader = (name: string) => ({ ...READER, giveWay: () => names.push(name) })
      await snapshots.open(reader('old'))
      await snapshots.open()
      nowMs = 1
      await snapshots.open(reader('young'))
      nowMs = LEAST_IDLE_MS
      snapshots.boundLog(logBytes)
      return names
    }

    it('to its limit: none', async () => expect(await gone(MAX)).toEqual([]))
    it('past it: who has read for a while', async () =>
      expect(await gone(MAX + 1)).toEqual(['old']))
    it('to twice its limit: the same', async () => expect(await gone(2 * MAX)).toEqual(['old']))
    it('past that: all', async () => expect(await gone(2 * MAX + 1)).toEqual(['old', 'young']))
  })

  it('that are read at once are open one at a time, however many ask together', async () => {
    const { snapshots, opened } = open(0)
    let most = 0
    const reads = Array.from({ length: 1_000 }, () =>
      snapshots.read(() => {
        most = Math.max(most, opened())
      }),
    )
    await Promise.all(reads)
    expect([most, opened()]).toEqual([1, 0])
  })
})
