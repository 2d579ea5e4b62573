/** Which kernel is loaded where: SIMD if the machine has it, and the same answers without. */
import { execFileSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { openKernel } from '../../src/kernels/kernel.ts'
import { hasSimd } from '../../src/kernels/load.ts'

const KERNEL = new URL('../../src/kernels/kernel.ts', import.meta.url).href
/** Says which kernel it got and the first proof after 100. */
const SCRIPT = `
  const { openKernel } = await import('${KERNEL}')
  const kernel = openKernel()
  const puzzle = { type: 'decimal', before: '100', after: '', zeros: 4 }
  const { found } = kernel.searchDecimal(puzzle, { from: 0, tries: 100_000 })
`

function run(...flags: string[]): string {
  const script = `${SCRIPT}\nconsole.log(kernel.kind, found)`
  const args = [...flags, '--input-type=module', '--eval', script]
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()
}

describe('the kernel that is opened', () => {
  it('has four lanes where the machine has SIMD', () => {
    expect(openKernel().kind).toBe(hasSimd() ? 'simd' : 'scalar')
    expect(run()).toBe(`${hasSimd() ? 'simd' : 'scalar'} 35293`)
  })

  it.skipIf(process.arch !== 'x64')(
    'has one where it has not (skipped unless on x64, whose SIMD Node.js can leave out)',
    () => {
      expect(run('--no-enable-sse4-1')).toBe('scalar 35293')
    },
  )

  it('works in a worker thread', async () => {
    const script = `${SCRIPT}
      const { parentPort } = await import('node:worker_threads')
      parentPort.postMessage(found)`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
    try {
      const found = await new Promise((resolve, reject) => {
        worker.on('message', resolve)
        worker.on('error', reject)
      })
      expect(found).toBe(35_293)
    } finally {
      await worker.terminate()
    }
  })

  it('does not disturb another that is open', () => {
    const [first, second] = [openKernel(), openKernel()]
    const of = (before: string) => ({ type: 'decimal', before, after: '', zeros: 4 }) as const
    const range = { from: 0, tries: 200_000 }
    expect(first.searchDecimal(of('100'), range).found).toBe(35_293)
    expect(second.searchDecimal(of('35293'), range).found).toBe(35_089)
    expect(first.searchDecimal(of('35089'), range).found).toBe(119_678)
  })
})
