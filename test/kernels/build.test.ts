/** The committed kernels are what their source compiles to: nobody has to believe a blob. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generatedKernels } from '../../tools/kernels.ts'

describe('the committed kernels', () => {
  const generated = generatedKernels()

  it('are two', () => {
    expect(generated.map(({ path }) => basename(path)).toSorted()).toEqual([
      'scalar.generated.ts',
      'simd.generated.ts',
    ])
  })

  it.each(generated)('are byte for byte what the source compiles to: $path', ({ path, text }) => {
    // Compared as a whole, not shown as a difference of 20,000 characters.
    expect(readFileSync(path, 'utf8') === text).toBe(true)
  })
})
