import { describe, expect, it } from 'vitest'
import { OrderedMap } from '../../../src/node/store/ordered-map.ts'
import { fc } from '../../helpers/fast-check.ts'

const step = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.boolean())

/** The map after some steps, and what an ordinary map and a sort make of them. */
function made(steps: readonly (readonly [number, boolean])[]) {
  let ours = new OrderedMap<number, string>()
  const plain = new Map<number, string>()
  for (const [at, [key, isPut]] of steps.entries()) {
    if (isPut) {
      ours = ours.with(key, `${at}`)
      plain.set(key, `${at}`)
    } else {
      ours = ours.without(key)
      plain.delete(key)
    }
  }
  return { ours, expected: [...plain].sort(([a], [b]) => a - b) }
}

describe('an ordered map', () => {
  it('has what was put and not taken out, in the order of its keys', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { ours, expected } = made(steps)
        expect([...ours.entries()]).toEqual(expected)
        expect([...ours.keysBackwards()]).toEqual(expected.map(([key]) => key).reverse())
        expect(ours.size).toBe(expected.length)
        for (const [key, value] of expected) expect(ours.get(key)).toBe(value)
      }),
    )
  })

  it('begins at a key, or at the next one where that is not there', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: -1, max: 61 }),
        (steps, from) => {
          const { ours, expected } = made(steps)
          expect([...ours.entries(from)]).toEqual(expected.filter(([key]) => key >= from))
        },
      ),
    )
  })

  it('stays as it was, whatever is made of it', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(step, { maxLength: 60 }),
        (first, then) => {
          const { ours, expected } = made(first)
          let later = ours
          for (const [key, isPut] of then)
            later = isPut ? later.with(key, 'later') : later.without(key)
          expect([...ours.entries()]).toEqual(expected)
        },
      ),
    )
  })

  it('finds a key among 2^16 in few looks, in whatever order they came and went', () => {
    let looks = 0
    const compare = (a: number, b: number) => {
      looks++
      return a - b
    }
    let map = new OrderedMap<number, number>(compare)
    const count = 2 ** 16
    for (let key = 0; key < 2 * count; key++) map = map.with(key, key)
    for (let key = 0; key < count; key++) map = map.without(key)
    expect(map.size).toBe(count)
    let most = 0
    for (let key = count; key < 2 * count; key += 97) {
      looks = 0
      expect(map.get(key)).toBe(key)
      most = Math.max(most, looks)
    }
    // A weight-balanced tree is no deeper than log(n) to the base of 4/3; sorted keys make it nearly even.
    expect(most).toBeLessThan(40)
  })
})
