import { describe, expect, it } from 'vitest'
import { Forge } from '../../src/check/world/forge.ts'
import { faultIn } from '../../src/check/world/served-chain.ts'
import type { Block } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { CLASSIC, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'

/** The first fault of a chain, as its position and rule. */
function fault(blocks: readonly Block[] | undefined, spec: typeof CLASSIC) {
  if (blocks === undefined) return 'no chain'
  const found = faultIn({ blocks: blocks.map(({ text }) => ({ json: parseJson(text) })) }, spec)
  return found === undefined ? 'none' : `${found.block} ${found.error.code}`
}

describe.each([CLASSIC, TOYCHAIN_PY])('chains for the judge’s own nodes, of $name', (preset) => {
  const spec = withDifficulty(preset, 2)
  const forge = new Forge(spec)
  const genesis = [spec.rules.genesis]

  it('that are longer are right, and no two are alike', async () => {
    const one = await forge.longer(genesis, 3)
    const other = await forge.longer(genesis, 3)
    expect([fault(one, spec), fault(other, spec), one.length]).toEqual(['none', 'none', 4])
    expect(one.at(-1)?.header.hash).not.toBe(other.at(-1)?.header.hash)
  })

  it('have one fault each: a link, a proof, a transaction', async () => {
    const base = await forge.longer(genesis, 2)
    const link = await forge.withBrokenLink(base, 3)
    expect([fault(link, spec), link.length]).toEqual(['4 bad-previous-hash', 6])
    // The block with the broken link has a right proof, and those after it are right.
    expect(fault(link.slice(0, 3), spec)).toBe('none')
    const proof = await forge.withWrongProof(base, 3)
    expect([fault(proof, spec), proof.length]).toEqual(['4 high-hash', 6])
    const changed = forge.withChangedTransaction(await forge.longer(base, 2), 3)
    expect(fault(changed, spec)).toBe('4 bad-previous-hash')
  })

  it('are dated later than the block before, and never in the future', async () => {
    const chain = await forge.longer(genesis, 1)
    const longer = await forge.longer(chain, 12)
    const dates = longer.slice(1).map(({ text }) => Number(/"timestamp": ([\d.]+)/.exec(text)?.[1]))
    expect(dates.every((date, i) => i === 0 || date > (dates[i - 1] ?? 0))).toBe(true)
    expect(Math.max(...dates)).toBeLessThanOrEqual(Date.now() / 1000)
    expect(dates.every((date) => date % 1 !== 0 && (date * 64) % 1 === 0)).toBe(true)
  })

  it('cannot be made where a block has no transaction to change', () => {
    expect(forge.withChangedTransaction(genesis, 1)).toBeUndefined()
    expect(forge.withChangedTransaction(genesis, 2)).toBeUndefined()
  })
})
