import { describe, expect, it } from 'vitest'
import { QuietMemory } from '../../../src/adapters/live/quiet-memory.ts'

const MIB = 1024 * 1024

/** Memory of which a test says how much there is, and what a collection leaves. */
function memory() {
  const state = { mib: 130, left: 130, utilization: 0, collections: 0, isUntold: false }
  const quiet = new QuietMemory({
    residentBytes: () => {
      if (state.isUntold) throw new Error('EMFILE: too many open files')
      return state.mib * MIB
    },
    utilization: () => state.utilization,
    collect: async () => {
      state.collections++
      state.mib = state.left
    },
  })
  return { state, quiet }
}

describe('memory after a burst', () => {
  it('is given back once the node is quiet, and not before', async () => {
    const { state, quiet } = memory()
    await quiet.look()
    Object.assign(state, { mib: 500, utilization: 0.1 })
    await quiet.look()
    expect(state.collections).toBe(0)
    state.utilization = 0.09
    await quiet.look()
    expect([state.collections, state.mib]).toEqual([1, 130])
  })

  it('is left alone where there is little of it', async () => {
    const { state, quiet } = memory()
    await quiet.look()
    state.mib = 130 + 63
    await quiet.look()
    expect(state.collections).toBe(0)
    state.mib = 130 + 64
    await quiet.look()
    expect(state.collections).toBe(1)
  })

  it('is looked at again later where the system cannot tell how much there is', async () => {
    const { state, quiet } = memory()
    await quiet.look()
    state.isUntold = true
    await quiet.look()
    Object.assign(state, { isUntold: false, mib: 500 })
    await quiet.look()
    expect(state.collections).toBe(1)
  })

  it('is not asked for again where it is in use', async () => {
    const { state, quiet } = memory()
    await quiet.look()
    Object.assign(state, { mib: 500, left: 400 })
    for (let i = 0; i < 5; i++) await quiet.look()
    expect(state.collections).toBe(1)
    state.mib = 400 + 64
    await quiet.look()
    expect(state.collections).toBe(2)
  })

  it('is collected by V8 itself', async () => {
    const quiet = new QuietMemory()
    await quiet.look()
    // Whatever this process has by now, nothing fails.
    await quiet.look()
    expect('gc' in globalThis).toBe(false)
  })
})
