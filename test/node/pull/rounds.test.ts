import { describe, expect, it } from 'vitest'
import { MAX_RESOLVE_ROUNDS } from '../../../src/core/limits.ts'
import { type Finding, Rounds } from '../../../src/node/pull/rounds.ts'

/** Rounds over sessions that end when the test says so. */
function rounds(...addresses: string[]) {
  const open = new Map<string, Finding>()
  let asked = 0
  const all = new Rounds((address) => {
    const known = open.get(address)
    if (known !== undefined) return known
    asked++
    const finding = { address, outcome: undefined, hasAnswered: false, adopted: false, rounds: [] }
    open.set(address, finding)
    return finding
  })
  let calls = 0
  return {
    call: () => {
      all.call(++calls, addresses, 0)
      return calls
    },
    leave: (id: number) => all.leave(id),
    end: (address: string) => {
      const finding = open.get(address)
      open.delete(address)
      if (finding !== undefined) all.heard(finding)
    },
    answered: () => all.takeDone(() => addresses, 0).map(({ calls: ids }) => [...ids]),
    asked: () => asked,
  }
}

describe('calls to resolve', () => {
  it('share a round until one of its nodes has been heard', () => {
    const { call, end, answered, asked } = rounds('a', 'b')
    call()
    call()
    expect(answered()).toEqual([])
    end('a')
    // This one wants to hear of a as it is now; b is still being asked.
    call()
    expect(asked()).toBe(3)
    end('b')
    expect(answered()).toEqual([[1, 2]])
    end('a')
    expect(answered()).toEqual([[3]])
  })

  it('are answered at once where there is no node', () => {
    const { call, answered } = rounds()
    call()
    expect(answered()).toEqual([[1]])
    expect(answered()).toEqual([])
  })

  it(`have ${MAX_RESOLVE_ROUNDS} rounds at a time; all who come then share the next`, () => {
    const { call, end, answered, asked } = rounds('quick', 'silent')
    for (let round = 0; round < MAX_RESOLVE_ROUNDS; round++) {
      call()
      end('quick')
    }
    expect(asked()).toBe(MAX_RESOLVE_ROUNDS + 1)
    for (let i = 0; i < 1_000; i++) call()
    expect(asked()).toBe(MAX_RESOLVE_ROUNDS + 1)
    expect(answered()).toEqual([])
    end('silent')
    expect(answered()).toHaveLength(MAX_RESOLVE_ROUNDS)
    expect(asked()).toBe(MAX_RESOLVE_ROUNDS + 3)
    end('quick')
    end('silent')
    expect(answered()).toEqual([
      Array.from({ length: 1_000 }, (_, i) => MAX_RESOLVE_ROUNDS + 1 + i),
    ])
  })

  it('that are given up leave nothing behind but the round that is under way', () => {
    const { call, leave, end, answered, asked } = rounds('quick', 'silent')
    for (let i = 0; i < 10_000; i++) {
      leave(call())
      end('quick')
    }
    expect(asked()).toBe(MAX_RESOLVE_ROUNDS + 1)
    const last = call()
    end('silent')
    expect(answered().flat()).toEqual([])
    end('quick')
    end('silent')
    expect(answered()).toEqual([[last]])
  })
})
