/** Both kernels, for suites that hold one and the other to the same answers. */
import { openKernel } from '../../src/kernels/kernel.ts'
import type { KernelKind } from '../../src/kernels/load.ts'

const KINDS: readonly KernelKind[] = ['simd', 'scalar']

export const KERNELS = KINDS.map((kind) => ({ kind, kernel: openKernel(kind) }))
