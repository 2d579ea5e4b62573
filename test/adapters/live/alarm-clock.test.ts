import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { AlarmClock } from '../../../src/adapters/live/alarm-clock.ts'

const MAX_DELAY_MS = 2_147_483_647

function openClock(onRing: (rings: number[]) => void = () => {}) {
  const rings: number[] = []
  const clock = new AlarmClock(() => {
    rings.push(Date.now())
    onRing(rings)
  })
  return { clock, rings }
}

describe('an alarm clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 })
    onTestFinished(() => {
      vi.useRealTimers()
    })
  })

  it('rings once, at the moment', () => {
    const { clock, rings } = openClock()
    clock.set(1_500, 1_000)
    vi.advanceTimersByTime(499)
    expect(rings).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(rings).toEqual([1_500])
  })

  it('rings at once for a moment that has passed, but not within the call', () => {
    const { clock, rings } = openClock()
    clock.set(10, 1_000)
    expect(rings).toEqual([])
    vi.advanceTimersByTime(1)
    expect(rings).toHaveLength(1)
  })

  it.each([1_200, 1_800])('rings at the moment that it was moved to, %i', (atMs) => {
    const { clock, rings } = openClock()
    clock.set(1_500, 1_000)
    clock.set(atMs, 1_000)
    vi.advanceTimersByTime(10_000)
    expect(rings).toEqual([atMs])
  })

  it('keeps its moment when that is set again later', () => {
    const { clock, rings } = openClock()
    clock.set(1_500, 1_000)
    vi.advanceTimersByTime(300)
    clock.set(1_500, 1_300)
    vi.advanceTimersByTime(10_000)
    expect(rings).toEqual([1_500])
  })

  it('does not ring once it has been told never', () => {
    const { clock, rings } = openClock()
    clock.set(1_500, 1_000)
    clock.set(undefined, 1_000)
    vi.advanceTimersByTime(10_000)
    expect(rings).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('can be set to the same moment again after it rang', () => {
    const { clock, rings } = openClock((rung) => {
      if (rung.length === 1) clock.set(1_500, 1_500)
    })
    clock.set(1_500, 1_000)
    vi.advanceTimersByTime(10_000)
    expect(rings).toHaveLength(2)
  })

  it('rings early for what is further away than a timer can wait, and never at once', () => {
    const { clock, rings } = openClock()
    clock.set(Number.MAX_SAFE_INTEGER, 1_000)
    vi.advanceTimersByTime(MAX_DELAY_MS - 1)
    expect(rings).toEqual([])
    vi.advanceTimersByTime(1)
    expect(rings).toEqual([1_000 + MAX_DELAY_MS])
  })

  it('has one timer at most', () => {
    const { clock } = openClock()
    for (let atMs = 2_000; atMs < 2_100; atMs++) clock.set(atMs, 1_000)
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('an alarm clock that is set', () => {
  it('keeps no program alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout')
    const before = timers().length
    const { clock } = openClock()
    clock.set(1_000_000, 0)
    onTestFinished(() => clock.set(undefined, 0))
    expect(timers()).toHaveLength(before)
  })
})
