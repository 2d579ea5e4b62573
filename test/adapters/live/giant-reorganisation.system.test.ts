/** A chain of more blocks than a call takes arguments takes the place of another, and nothing breaks. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { LiveNode } from '../../../src/adapters/live/live-node.ts'
import { MAX_EFFECTS_A_TURN } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { IdleMiner } from '../../helpers/idle-miner.ts'
import { FREE, longPeers } from '../../helpers/long-peer.ts'
import { describeFull } from '../../helpers/volume.ts'

/** V8 takes no more than about 125,000 arguments. */
const LENGTH = 130_001

describeFull(`a reorganisation of ${LENGTH} blocks`, () => {
  it('is adopted and announced block by block, so many in a turn of the event loop', async () => {
    const fatal: unknown[] = []
    const node = new LiveNode({
      spec: FREE,
      store: new MemoryStore(),
      createMiner: () => new IdleMiner(),
      createPeers: longPeers(LENGTH),
      nowMs: () => 1_900_000_000_000,
      newId: () => 'f'.repeat(32),
      onFatal: (cause) => fatal.push(cause),
    })
    const heard = { reorg: 0, block: 0, transaction: 0 }
    node.subscribe(({ type }) => heard[type]++)
    await node.request({ type: 'register-nodes', nodes: ['other:1'] })
    let isDone = false
    const resolved = node.request({ type: 'resolve' }).finally(() => {
      isDone = true
    })
    let most = 0
    while (!isDone || heard.block < LENGTH) {
      const before = heard.block
      await nextTurn()
      most = Math.max(most, heard.block - before)
    }
    expect(await resolved).toMatchObject({ type: 'resolved', replaced: true })
    expect(heard).toEqual({ reorg: 1, block: LENGTH, transaction: 0 })
    expect(most).toBeLessThanOrEqual(MAX_EFFECTS_A_TURN)
    expect(await node.read((reader) => reader.tip()?.index)).toBe(LENGTH)
    await node.close()
    expect(fatal).toEqual([])
  })
})
