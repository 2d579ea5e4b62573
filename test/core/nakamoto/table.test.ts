/** The table of checks, as docs/NAKAMOTO.md prints it. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { nakamotoRules } from '../../../src/core/nakamoto/rules.ts'
import { parametersOf } from './world.ts'

const OF = { every: 'every block', genesis: 'a genesis', later: 'all but a genesis' }

it('is the one in docs/NAKAMOTO.md, in its order', () => {
  const page = readFileSync(new URL('../../../docs/NAKAMOTO.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| (\w+) \| ([a-z ]+) \| `([a-z-]+)` \| (.+) \|$/gm)
  const made = nakamotoRules(parametersOf()).checks.map(({ step, scope, of, code, source }) => {
    return [step, scope === 'transaction' ? 'each transaction' : OF[of], code, source]
  })
  expect(Array.from(rows, ([, ...columns]) => columns)).toEqual(made)
})

it('has no code twice in a step, so that a refusal names its row', () => {
  const names = nakamotoRules(parametersOf()).checks.map(({ step, code }) => `${step}:${code}`)
  expect(new Set(names).size).toBe(names.length)
})
