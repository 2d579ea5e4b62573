/** What must fail: each block one flaw away from a valid one, built and mined again. */
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src/core/checks.ts'
import type { RuleKind } from '../../../src/core/errors.ts'
import { FLAWS, type Flaw, usual } from './flaws.ts'
import { World, type WorldOptions } from './world.ts'

const worlds = new Map<string, World>()

function worldOf(options: WorldOptions = {}): World {
  const key = JSON.stringify(options)
  const world = worlds.get(key) ?? new World(options)
  worlds.set(key, world)
  return world
}

function nameOf({ step, code }: Check): Flaw['row'] {
  return `${step}:${code}`
}

/** The valid twin, and the block with the flaw. */
function built({ base = usual, make, world: options }: Flaw) {
  const world = worldOf(options)
  const twin = world.draft()
  base(twin, world)
  const flawed = world.draft()
  base(flawed, world)
  make(flawed, world)
  return { world, twin, flawed, honest: world.build(twin), raw: world.build(flawed) }
}

it('has at least 90 named cases, none twice', () => {
  expect(FLAWS.length).toBeGreaterThanOrEqual(90)
  expect(new Set(FLAWS.map(({ name }) => name)).size).toBe(FLAWS.length)
})

it('has a case of each row that a block in bytes can fail', () => {
  const rows = worldOf().rules.checks.map(nameOf)
  const tried = new Set(FLAWS.map(({ row }) => row))
  // Those of JSON have cases of their own (reading.test.ts).
  const ofJson = rows.filter((row) => row.startsWith('header:') && !tried.has(row))
  expect(rows.filter((row) => !tried.has(row))).toEqual(ofJson)
  expect([...tried].filter((row) => !rows.includes(row))).toEqual([])
})

describe('a block with one flaw', () => {
  it.each(FLAWS)('is refused, where its twin connects: $row: $name', (flaw) => {
    const [step, code] = flaw.row.split(':')
    const { world, twin, flawed, honest, raw } = built(flaw)
    const before = new Map(world.ledger.accounts)
    expect(world.refusal(honest, twin)).toBeUndefined()
    const error = world.refusal(raw, flawed)
    expect(error?.code).toBe(code)
    const kinds: Partial<Record<string, RuleKind>> = { time: 'future', binding: 'mutated' }
    expect(error?.kind).toBe(kinds[step ?? ''] ?? 'invalid')
    expect(world.ledger.accounts).toEqual(before)
    // A wrong copy says nothing of the honest one.
    expect(world.refusal(honest, twin)).toBeUndefined()
  })

  it.each(FLAWS.filter(({ unreadable }) => unreadable !== true))(
    'would pass without the row that finds it: $row: $name',
    (flaw) => {
      const { world, flawed, raw } = built(flaw)
      const rows = [flaw.row, ...(flaw.also ?? [])]
      const lenient = world.without((row) => rows.includes(nameOf(row)))
      expect(world.refusal(raw, flawed, lenient)?.message).toBeUndefined()
      for (const left of rows) {
        // Each row that is named would find it alone.
        const strict = world.without((row) => rows.includes(nameOf(row)) && nameOf(row) !== left)
        expect(world.refusal(raw, flawed, strict)?.code).toBe(left.split(':')[1])
      }
    },
  )
})
