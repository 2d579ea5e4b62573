/**
 * What a long chain costs: the time until a node answers, and its memory then and after its whole chain
 * has been read, at several lengths, against a node that has only the genesis.
 */
import { join } from 'node:path'
import { NodeClient } from '../src/api/client/client.ts'
import { makeFolder } from './chains.ts'
import { median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, withFolder } from './servers.ts'

const LENGTHS = [1, 1_000, 10_000, 100_000]

interface Cost {
  readonly startMs: number
  readonly startedMiB: number
  readonly readMiB: number
}

export const growthSuite: Suite = (say, { turns }) =>
  withFolder(async (folder) => {
    const costs = new Map<number, Cost>()
    for (const length of LENGTHS) {
      say(`growth: ${length} blocks`)
      const data = join(folder, String(length))
      makeFolder(data, length)
      const runs: Cost[] = []
      for (let turn = 0; turn < turns; turn++) runs.push(await costOf(data, length))
      const of = (part: keyof Cost) => median(runs.map((run) => run[part]))
      costs.set(length, {
        startMs: of('startMs'),
        startedMiB: of('startedMiB'),
        readMiB: of('readMiB'),
      })
    }
    return figuresOf(costs)
  })

async function costOf(data: string, length: number): Promise<Cost> {
  const begun = performance.now()
  const node = await nodeOn(data, ['--difficulty', '0'])
  try {
    const { height } = await new NodeClient(node.url).info()
    const startMs = performance.now() - begun
    if (height !== length) throw new Error(`height ${height}, expected ${length}`)
    const startedMiB = await memoryMiB(node.url)
    // Thrice, so that what is left behind by one reading would add up.
    for (let i = 0; i < 3; i++) {
      for await (const _ of (await fetch(`${node.url}/chain`)).body ?? []);
    }
    return { startMs, startedMiB, readMiB: await memoryMiB(node.url) }
  } finally {
    await node.stop()
  }
}

/** The resident memory that a node reports of itself. */
export async function memoryMiB(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const bytes = /^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]
  if (bytes === undefined) throw new Error('the node does not tell its memory')
  return Number(bytes) / 2 ** 20
}

function figuresOf(costs: ReadonlyMap<number, Cost>): Figure[] {
  const [, ...lengths] = LENGTHS
  const parts = [
    ['start-up', 'startMs', 'ms'],
    ['memory-at-start', 'startedMiB', 'MiB'],
    ['memory-after-reading', 'readMiB', 'MiB'],
  ] as const
  return parts.flatMap(([name, part, unit]) =>
    lengths.map((length) =>
      figure({
        suite: 'growth',
        case: `${name}@${length}`,
        ours: costs.get(length)?.[part] ?? Number.NaN,
        baseline: costs.get(1)?.[part] ?? Number.NaN,
        against: 'genesis-only',
        unit,
      }),
    ),
  )
}
