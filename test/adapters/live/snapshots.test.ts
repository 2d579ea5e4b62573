import { describe, expect, it } from 'vitest'
import { Snapshots } from '../../../src/adapters/live/snapshots.ts'
import { LEAST_IDLE_MS, MAX_OPEN_SNAPSHOTS } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import type { Snapshot } from '../../../src/node/store/store.ts'

function open(waitMs: number) {
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

  it('end for all readers where the store says so, but for the node itself', async () => {
    const { snapshots } = open(0)
    let gone = 0
    for (let i = 0; i < 3; i++) await snapshots.open({ ...READER, giveWay: () => gone++ })
    await snapshots.open()
    snapshots.giveWay()
    expect(gone).toBe(3)
  })
})
