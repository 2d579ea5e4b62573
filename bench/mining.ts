/**
 * Proofs tried per second: the compiled kernel beside what one would write instead, in C, Python and
 * over node:crypto. Turns alternate, so that all meet the same machine. Where a baseline cannot run,
 * it is said why, and its figures are left out.
 */
import { availableParallelism } from 'node:os'
import { median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { cpython, native, nodeCrypto } from './mining-baselines.ts'
import { kernelRate, threadsRate } from './mining-kernel.ts'
import { mineLatency, whileMining } from './mining-node.ts'
import type { MiningRate, Work } from './mining-work.ts'
import { withFolder } from './servers.ts'

const TURN_MS = 300

interface Case {
  readonly name: string
  readonly work: Work
  readonly ours: MiningRate
}

export const miningSuite: Suite = (say, { turns }) =>
  withFolder(async (folder) => {
    const cases: Case[] = [
      { name: 'header-1-thread', work: 'header', ours: kernelRate('header') },
      { name: 'classic-1-thread', work: 'classic', ours: kernelRate('classic') },
    ]
    const baselines = {
      native: native(folder, say),
      'node-crypto': nodeCrypto,
      cpython: cpython(say),
    }
    const figures: Figure[] = []
    for (const { name, work, ours } of cases) {
      const rates = new Map([['ours', ours]])
      for (const [against, rateFor] of Object.entries(baselines)) {
        if (rateFor !== undefined) rates.set(against, rateFor(work))
      }
      say(`mining: ${name}, ${turns} turns of ${[...rates.keys()].join(', ')}`)
      figures.push(...figuresOf(name, await inTurns(rates, turns)))
    }
    for (const work of ['header', 'classic'] as const)
      figures.push(...(await allCores(work, turns, say)))
    return [...figures, await mineLatency(say), ...(await whileMining(turns, say))]
  })

/** As many threads as there are cores, against one. */
async function allCores(work: Work, turns: number, say: (line: string) => void): Promise<Figure[]> {
  const one = threadsRate(work, 1)
  const all = threadsRate(work, availableParallelism())
  try {
    say(`mining: ${work}, 1 thread and ${availableParallelism()}, ${turns} turns`)
    const rates = new Map([
      ['ours', all.rate],
      ['1-thread', one.rate],
    ])
    return figuresOf(`${work}-all-cores`, await inTurns(rates, turns))
  } finally {
    await Promise.all([one.end(), all.end()])
  }
}

/** The median rate of each, all measured turn by turn; a turn before the first warms up. */
async function inTurns(
  rates: ReadonlyMap<string, MiningRate>,
  turns: number,
): Promise<Map<string, number>> {
  const measured = new Map([...rates.keys()].map((name) => [name, [] as number[]]))
  for (let turn = 0; turn <= turns; turn++) {
    for (const [name, rate] of rates) {
      const perSecond = await rate(TURN_MS)
      if (turn > 0) measured.get(name)?.push(perSecond)
    }
  }
  return new Map([...measured].map(([name, values]) => [name, median(values)]))
}

function figuresOf(name: string, medians: ReadonlyMap<string, number>): Figure[] {
  const { ours = Number.NaN, ...baselines } = Object.fromEntries(medians)
  return Object.entries(baselines).map(([against, baseline]) => {
    return figure({ suite: 'mining', case: name, ours, baseline, against, unit: 'hashes/s' })
  })
}
