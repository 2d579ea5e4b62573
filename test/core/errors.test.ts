import { describe, expect, it } from 'vitest'
import {
  AssertionError,
  assert,
  assertNever,
  DECODE_CODES,
  DecodeError,
  RULES,
  RuleError,
} from '../../src/core/errors.ts'

describe('RULES and DECODE_CODES', () => {
  it('have stable kebab-case codes, none in both', () => {
    const codes = [...Object.keys(RULES), ...Object.keys(DECODE_CODES)]
    for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('have one meaning each', () => {
    const meanings = [
      ...Object.values(RULES).map(({ means }) => means),
      ...Object.values(DECODE_CODES),
    ]
    expect(new Set(meanings).size).toBe(meanings.length)
  })
})

describe('RuleError', () => {
  it('carries its code, the kind that the table gives it, and the values compared', () => {
    const data = { expected: 2, got: 3 }
    const error = new RuleError('bad-index', data)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'RuleError', code: 'bad-index', kind: 'invalid', data })
    expect(new RuleError('prev-blk-not-found').kind).toBe('missing')
    expect(new RuleError('duplicate').kind).toBe('policy')
  })

  it('says the meaning, and the values where there are any', () => {
    const { means } = RULES['bad-index']
    expect(new RuleError('bad-index').message).toBe(means)
    expect(new RuleError('bad-index').data).toEqual({})
    expect(new RuleError('bad-index', { expected: 2, got: ['a', 'b'] }).message).toBe(
      `${means} (expected: 2, got: a,b)`,
    )
  })

  it('shows 120 characters of a value and shortens one of 121, but keeps it whole in the data', () => {
    const shown = 'x'.repeat(120)
    expect(new RuleError('bad-proof', { got: shown }).message).toContain(`got: ${shown})`)
    const error = new RuleError('bad-proof', { got: `${shown}y` })
    expect(error.message).toContain(`got: ${shown}…)`)
    expect(error.data.got).toBe(`${shown}y`)
  })
})

describe('DecodeError', () => {
  it('carries its code and where the fault is', () => {
    const error = new DecodeError('json-syntax', { at: 3 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'DecodeError', code: 'json-syntax', data: { at: 3 } })
    expect(new DecodeError('bad-spec')).toMatchObject({
      message: DECODE_CODES['bad-spec'],
      data: {},
    })
  })
})

describe('assert', () => {
  it('does nothing where the invariant holds', () => {
    expect(() => assert(true, 'holds')).not.toThrow()
  })

  it('throws an AssertionError, which is no refusal of anything, where it does not', () => {
    const broken = () => assert(false, 'two and two are four')
    expect(broken).toThrow(AssertionError)
    expect(broken).not.toThrow(RuleError)
  })
})

describe('assertNever', () => {
  it('throws an AssertionError for a value that the compiler thought impossible', () => {
    const values: never[] = JSON.parse('[{"type": "new"}, null]')
    for (const value of values) expect(() => assertNever(value)).toThrow(AssertionError)
  })
})
