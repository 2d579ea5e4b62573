/** What a node keeps of a request may not keep the request: measured, since no other way shows it. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { detached } from '../../src/core/detached.ts'
import { faultOf, RuleError } from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { MAX_BODY_BYTES } from '../../src/core/limits.ts'
import { CLASSIC } from '../../src/core/spec.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const COUNT = 400

/** Bytes on the heap that the results of some work keep alive. */
function keptBytes(work: (i: number) => unknown): number {
  const kept: unknown[] = []
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < COUNT; i++) kept.push(work(i))
  collectGarbage()
  const after = process.memoryUsage().heapUsed
  expect(kept).toHaveLength(COUNT)
  return after - before
}

/** A body as large as bodies may be, around a payment whose names are long enough to be cut by reference. */
function largeBody(i: number): string {
  const payment = `{"sender": "Lea of the long name ${i}", "recipient": "Mark of the other ${i}", "amount": 1234567890123.25}`
  return Buffer.from(payment.padEnd(MAX_BODY_BYTES)).toString('latin1')
}

describe('a decoded transaction', () => {
  it('does not keep the request that it came in', () => {
    const bytes = keptBytes((i) => CLASSIC.rules.decodeTransaction(parseJson(largeBody(i))))
    expect(bytes).toBeLessThan((COUNT * MAX_BODY_BYTES) / 10)
  })

  it('would, without being detached: the test can tell', () => {
    const bytes = keptBytes((i) => largeBody(i).slice(12, 40))
    expect(bytes).toBeGreaterThan((COUNT * MAX_BODY_BYTES) / 2)
  })
})

describe('detached', () => {
  it.each(['', 'a', 'Lea', 'twelve chars', 'thirteen char', '\ud800 \u{1f600} é'])(
    'keeps %j',
    (text) => {
      expect(detached(text)).toBe(text)
    },
  )
})

describe('what is said of a block that breaks a rule', () => {
  /** Thrown through a function that sees the block, as it is where another node's blocks are read. */
  function refusal(i: number): RuleError {
    const json = parseJson(largeBody(i))
    const decode = () => CLASSIC.rules.decodeBlock(json)
    try {
      decode()
    } catch (error) {
      if (error instanceof RuleError) return error
    }
    throw new Error('expected a refusal')
  }

  it('does not keep the block', () => {
    const bytes = keptBytes((i) => faultOf(refusal(i)))
    expect(bytes).toBeLessThan((COUNT * MAX_BODY_BYTES) / 10)
  })

  it('would, as the error that was thrown: the test can tell', () => {
    expect(keptBytes(refusal)).toBeGreaterThan((COUNT * MAX_BODY_BYTES) / 2)
  })

  it('is what the error says', () => {
    const error = refusal(1)
    const { code, data, message } = error
    expect(faultOf(error)).toEqual({ code, data, message })
  })
})
