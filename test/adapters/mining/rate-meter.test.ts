import { describe, expect, it } from 'vitest'
import { RateMeter } from '../../../src/adapters/mining/rate-meter.ts'

describe('a rate', () => {
  it('is a second, from the first look on', () => {
    const meter = new RateMeter()
    meter.restart(0, 100)
    expect(meter.rate(0, 100)).toBe(0)
    expect(meter.rate(500, 350)).toBe(500)
    expect(meter.rate(2_000, 4_100)).toBe(2_000)
  })

  it('forgets what is older than five seconds', () => {
    const meter = new RateMeter()
    meter.restart(0, 0)
    meter.rate(1_000, 1_000_000)
    meter.rate(6_000, 1_000_000)
    expect(meter.rate(7_000, 1_001_000)).toBeLessThan(1_001)
  })

  it('knows nothing without a look', () => {
    expect(new RateMeter().rate(10, 5)).toBe(0)
  })
})
