/** `toychain bench`: how fast this machine tries proofs, and what a difficulty costs on it. */
import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { MinerPool } from '../adapters/mining/miner-pool.ts'
import type { DecimalPuzzle } from '../core/puzzle.ts'
import { type Kernel, openKernel } from '../kernels/kernel.ts'
import { hasSimd } from '../kernels/load.ts'
import { seconds } from './config.ts'
import { rateText } from './mining-line.ts'
import { Exit, type Terminal } from './terminal.ts'

interface BenchFlags {
  readonly seconds: number
  readonly json?: true
}

interface Rate {
  readonly search: 'classic' | 'header'
  readonly kernel: 'simd' | 'scalar'
  readonly threads: number
  /** Proofs a second. */
  readonly rate: number
}

/** A classic block's text with more zeros than anybody will ever find. */
const ENDLESS: DecimalPuzzle = {
  type: 'decimal',
  before: '35293',
  after: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  zeros: 64,
}
const HEADER = { header: new Uint8Array(80), target: new Uint8Array(32) }
/** Until threads have started and the compiler has done its work. */
const WARM_UP_MS = 300
const LOOK_MS = 10
const CALL_TRIES = 50_000
/** Difficulties to tell the cost of: the default, and what is hard for one machine. */
const DIFFICULTIES = [4, 5, 6, 7, 8]

export function benchCommand(terminal: Terminal): Command {
  return new Command('bench')
    .description('measure how fast this machine tries proofs')
    .option('--seconds <n>', 'how long each measurement takes', seconds, 1)
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nA running node that mines takes its share of the machine: stop it before.',
    )
    .action(async (flags: BenchFlags) => {
      const rates = await terminal.waitingFor('Measuring…', measureAll(1_000 * flags.seconds))
      if (flags.json === true) terminal.print(JSON.stringify(rates, undefined, 2))
      else show(rates, terminal)
    })
}

/** Each search and kernel with one thread, then what a node mines with, with all of them. */
async function measureAll(ms: number): Promise<Rate[]> {
  const rates: Rate[] = []
  for (const kernel of hasSimd() ? (['simd', 'scalar'] as const) : (['scalar'] as const)) {
    const opened = openKernel(kernel)
    for (const search of ['classic', 'header'] as const) {
      const once = () => searchOnce(opened, search)
      await rateHere(once, Math.min(WARM_UP_MS, ms))
      rates.push({ search, kernel, threads: 1, rate: await rateHere(once, ms) })
    }
  }
  const kernel = hasSimd() ? 'simd' : 'scalar'
  const cores = availableParallelism()
  for (let threads = 2; threads < cores; threads *= 2) {
    rates.push({ search: 'classic', kernel, threads, rate: await rateOfPool(threads, ms) })
  }
  rates.push({ search: 'classic', kernel, threads: cores, rate: await rateOfPool(cores, ms) })
  return rates
}

function searchOnce(kernel: Kernel, search: Rate['search']): void {
  const range = { from: 100_000, tries: CALL_TRIES }
  if (search === 'classic') kernel.searchDecimal(ENDLESS, range)
  else kernel.searchHeader(HEADER, range)
}

async function rateHere(once: () => void, ms: number): Promise<number> {
  // What is shown to be waited for is shown by a timer.
  await wait(0)
  const begunMs = performance.now()
  let tried = 0
  for (; performance.now() - begunMs < ms; tried += CALL_TRIES) once()
  return (1_000 * tried) / (performance.now() - begunMs)
}

/** As a node searches. @throws Exit where there are no threads */
async function rateOfPool(threads: number, ms: number): Promise<number> {
  const failed = Promise.withResolvers<never>()
  const onFailed = (_search: number, cause: Error) => failed.reject(new Exit(1, cause.message))
  const pool = new MinerPool({ onFound: () => {}, onFailed }, { threads })
  try {
    pool.start(1, ENDLESS)
    await Promise.race([wait(Math.min(WARM_UP_MS, ms)), failed.promise])
    // Threads begin one after another, as fast as the machine lets them.
    while (pool.progress().tried === 0) await Promise.race([wait(LOOK_MS), failed.promise])
    const [before, begunMs] = [pool.progress().tried, performance.now()]
    await Promise.race([wait(ms), failed.promise])
    return (1_000 * (pool.progress().tried - before)) / (performance.now() - begunMs)
  } finally {
    await pool.close()
  }
}

function show(rates: readonly Rate[], terminal: Terminal): void {
  terminal.print(terminal.style('bold', 'Proofs tried on this machine'))
  terminal.print()
  const rows = rates.map(({ search, kernel, threads, rate }) => ({
    cells: [search, kernel, String(threads), rateText(rate)],
    note: undefined,
  }))
  terminal.printTable(['search', 'kernel', 'threads', 'rate'], rows)
  const classic = rates.filter(({ search }) => search === 'classic')
  const best = classic.reduce((most, { rate }) => Math.max(most, rate), 0)
  terminal.print()
  const heading = `Until a classic proof is found, on average, at ${rateText(best)}`
  terminal.print(terminal.style('bold', heading))
  terminal.print()
  const times = DIFFICULTIES.map((zeros) => ({
    cells: [String(zeros), timeText(16 ** zeros / best)],
    note: undefined,
  }))
  terminal.printTable(['difficulty', 'time'], times)
}

/** A duration in the unit that suits it. */
export function timeText(seconds: number): string {
  for (const [unit, size] of [
    ['days', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    if (seconds >= size) return `${(seconds / size).toPrecision(3)} ${unit}`
  }
  return `${(1_000 * seconds).toPrecision(3)} ms`
}
