/**
 * Ten minutes (`--minutes N` for another time) of mixed load from 64 connections, while one caller
 * mines and one listens to the events. Latency and memory of the last quarter against those of the
 * first one after the warm-up; any error ends it. Afterwards every payment that was answered has to
 * be there, once, and the chain has to be valid.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import autocannon, { type Request } from 'autocannon'
import { DATABASE_FILE } from '../src/adapters/sqlite/data-folder.ts'
import { runProcess } from '../test/helpers/program.ts'
import { Company } from './company.ts'
import { memoryMiB } from './growth.ts'
import { median, PAYMENT, quantile } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, withFolder } from './servers.ts'

const CONNECTIONS = 64
/** Of which the first are the warm-up: the compiler works, caches fill. */
const WINDOWS = 24
const WARM_UP = 4
/** What each connection asks for in turn, besides its payments. */
const READS = ['/info', '/chain?limit=1', '/chain?from=1&limit=20', '/blocks/1', '/nodes', '/tips']
const PAYMENTS = 2

interface Window {
  readonly requests: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly memoryMiB: number
}

interface Soaked {
  readonly windows: readonly Window[]
  readonly paid: number
  readonly blocks: number
  readonly events: number
}

export const soakSuite: Suite = (say, { minutes }) =>
  withFolder(async (folder) => {
    const node = await nodeOn(folder)
    let soaked: Soaked
    try {
      soaked = await soak({ url: node.url, minutes, say })
    } finally {
      await node.stop()
    }
    const { windows, paid, blocks, events } = soaked
    const kept = keptPayments(folder)
    // Those that were on their way when the load ended may be there too.
    if (kept < paid || kept > paid + CONNECTIONS) throw new Error(`${paid} answered, ${kept} kept`)
    const { status, err } = await runProcess(['verify', '--data', folder])
    if (status !== 0) throw new Error(`the chain does not verify: ${err}`)
    const requests = windows.reduce((sum, window) => sum + window.requests, 0)
    say(
      `soak: ${requests} requests without an error, ${paid} payments kept, ${blocks} blocks, valid, ${events} events heard`,
    )
    return figuresOf(windows)
  })

async function soak(parts: {
  url: string
  minutes: number
  say: (line: string) => void
}): Promise<Soaked> {
  const { url, minutes, say } = parts
  const company = new Company(url)
  const windows: Window[] = []
  let timesMs: number[] = []
  let paid = 0
  const payment: Request = {
    ...PAYMENT,
    path: '/transactions/new',
    onResponse: (status) => {
      if (status === 200) paid++
    },
  }
  const requests = [
    ...Array.from({ length: PAYMENTS }, () => payment),
    ...READS.map((path): Request => ({ method: 'GET', path })),
  ]
  const running = autocannon(
    { url, connections: CONNECTIONS, pipelining: 1, duration: minutes * 60, requests },
    () => {},
  )
  running.on('response', (_client, _status, _bytes, timeMs) => timesMs.push(timeMs))
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  running.on('done', resolve)
  running.on('error', reject)
  const endWindow = async () => {
    const times = timesMs.sort((a, b) => a - b)
    timesMs = []
    const [p50Ms, p99Ms] = [quantile(times, 0.5), quantile(times, 0.99)]
    const window = { requests: times.length, p50Ms, p99Ms, memoryMiB: await memoryMiB(url) }
    windows.push(window)
    say(
      `soak: ${windows.length} of ${WINDOWS}: ${times.length} requests, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${Math.round(window.memoryMiB)} MiB`,
    )
  }
  const timer = setInterval(() => endWindow().catch(reject), (minutes * 60_000) / WINDOWS)
  try {
    const { errors, timeouts, non2xx } = await promise
    if (errors + timeouts + non2xx > 0) {
      throw new Error(`${errors} errors, ${timeouts} timeouts, ${non2xx} answers that were no 2xx`)
    }
  } finally {
    clearInterval(timer)
    await company.leave()
  }
  return { windows, paid, blocks: company.blocks, events: company.events }
}

/** Payments of the load in a data folder: on the chain and waiting. */
function keptPayments(folder: string): number {
  const db = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true })
  const sql = `SELECT (SELECT count(*) FROM payments WHERE sender = 'Lea') +
    (SELECT count(*) FROM current_transactions) AS kept`
  const kept = Number(db.prepare(sql).get()?.kept)
  db.close()
  return kept
}

function figuresOf(windows: readonly Window[]): Figure[] {
  const measured = windows.slice(WARM_UP)
  const quarter = Math.floor(measured.length / 4)
  const first = measured.slice(0, quarter)
  const last = measured.slice(-quarter)
  const parts = [
    ['p50', 'p50Ms', 'ms'],
    ['p99', 'p99Ms', 'ms'],
    ['memory', 'memoryMiB', 'MiB'],
    ['answered', 'requests', 'requests'],
  ] as const
  return parts.map(([name, part, unit]) =>
    figure({
      suite: 'soak',
      case: name,
      ours: median(last.map((window) => window[part])),
      baseline: median(first.map((window) => window[part])),
      against: 'after-warm-up',
      unit,
    }),
  )
}
