import { describe, expect, it } from 'vitest'
import { type Holder, Places } from '../../../src/adapters/live/places.ts'

const LEAST_IDLE_MS = 1_000

/** Places for three, and who has had to give way, by name. */
function placesForThree() {
  const gone: string[] = []
  const places = new Places({ capacity: 3, leastIdleMs: LEAST_IDLE_MS, nowMs: () => 0 })
  const take = (name: string, { address = 'here', isKnown = false, idleMs = 0 } = {}) => {
    const holder: Holder = {
      address,
      isKnown,
      idleMs: () => idleMs,
      giveWay: () => gone.push(name),
    }
    return places.take(holder)
  }
  return { places, take, gone }
}

describe('places', () => {
  it('are as many as the capacity; one more is refused while all are used', () => {
    const { places, take, gone } = placesForThree()
    for (const name of ['a', 'b', 'c']) expect(take(name)).toBeDefined()
    expect(take('d')).toBeUndefined()
    expect([places.size, gone]).toEqual([3, []])
  })

  it('are free again once they are released, however often that is said', () => {
    const { places, take } = placesForThree()
    const first = take('a')
    for (const name of ['b', 'c']) take(name)
    first?.release()
    first?.release()
    expect(places.size).toBe(2)
    expect(take('d')).toBeDefined()
    expect(take('e')).toBeUndefined()
  })

  it('go from the longest idle of an address to a newcomer of it, from the limit on', () => {
    const { take, gone } = placesForThree()
    take('a', { idleMs: LEAST_IDLE_MS })
    take('b', { idleMs: LEAST_IDLE_MS + 1 })
    take('c', { idleMs: LEAST_IDLE_MS - 1 })
    expect(take('d')).toBeDefined()
    expect(take('e')).toBeDefined()
    expect(gone).toEqual(['b', 'a'])
    expect(take('f')).toBeUndefined()
  })

  it('go from the address that has most to one that has fewer, until they are even', () => {
    const { take, gone } = placesForThree()
    for (const name of ['a', 'b', 'c']) take(name)
    expect(take('x', { address: 'there' })).toBeDefined()
    expect(gone).toHaveLength(1)
    // Two here and one there: one more there would only turn that round.
    expect(take('y', { address: 'there' })).toBeUndefined()
    expect(gone).toHaveLength(1)
  })

  it('go from strangers to who has the token, never the other way', () => {
    const { take, gone } = placesForThree()
    take('a')
    for (const name of ['b', 'c', 'd']) expect(take(name, { isKnown: true })).toBeDefined()
    expect(gone).toEqual(['a'])
    expect(take('e', { address: 'there' })).toBeUndefined()
    expect(take('f', { isKnown: true })).toBeUndefined()
  })

  it('are given up by idle holders with the token for others with it', () => {
    const { take, gone } = placesForThree()
    for (const name of ['a', 'b']) take(name, { isKnown: true })
    take('c', { isKnown: true, idleMs: LEAST_IDLE_MS })
    expect(take('d')).toBeUndefined()
    expect(take('e', { isKnown: true })).toBeDefined()
    expect(gone).toEqual(['c'])
  })
})
