/**
 * Mining as a caller meets it: the time of `GET /mine` at four zeros, durable commit included, against
 * that of a durable payment; and of `GET /chain?limit=1` while a search goes on that has no end, against
 * an idle node.
 */
import { join } from 'node:path'
import { type LoadResult, load, median, PAYMENT } from './load.ts'
import { type Figure, figure } from './measure.ts'
import { nodeOn, withFolder } from './servers.ts'

const BLOCKS = 200
const PAYMENTS = 1_000
const READS = 4_000

export async function mineLatency(say: (line: string) => void): Promise<Figure> {
  return withFolder(async (folder) => {
    const node = await nodeOn(folder)
    try {
      const one = { connections: 1 }
      const mine = { ...one, url: `${node.url}/mine` }
      const pay = { ...one, ...PAYMENT, url: `${node.url}/transactions/new` }
      await load({ ...mine, amount: 20 })
      await load({ ...pay, amount: PAYMENTS })
      say(`mining: ${BLOCKS} × GET /mine at 4 zeros`)
      const mined = await load({ ...mine, amount: BLOCKS })
      const paid = await load({ ...pay, amount: PAYMENTS })
      return figure({
        suite: 'mining',
        case: 'mine-4-zeros p50',
        ours: mined.p50Ms,
        baseline: paid.p50Ms,
        against: 'durable-payment',
        unit: 'ms',
      })
    } finally {
      await node.stop()
    }
  })
}

/** One caller, so that what is measured is how long an answer takes and not how many wait. */
export async function whileMining(
  turnCount: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  return withFolder(async (folder) => {
    // No proof has so many zeros: a search goes on until it is switched off.
    const node = await nodeOn(join(folder, 'mining'), ['--difficulty', '64'])
    const read = () => load({ url: `${node.url}/chain?limit=1`, connections: 1, amount: READS })
    try {
      await read()
      const turns: { idle: LoadResult; mining: LoadResult }[] = []
      for (let turn = 1; turn <= turnCount; turn++) {
        say(`mining: latency, idle and mining, turn ${turn} of ${turnCount}`)
        const idle = await read()
        await setMining(node.url, true)
        turns.push({ idle, mining: await read() })
        await setMining(node.url, false)
      }
      const of = (state: 'idle' | 'mining', part: 'p50Ms' | 'p99Ms') =>
        median(turns.map((turn) => turn[state][part]))
      return (['p50Ms', 'p99Ms'] as const).map((part) =>
        figure({
          suite: 'mining',
          case: `chain-while-mining ${part.slice(0, 3)}`,
          ours: of('mining', part),
          baseline: of('idle', part),
          against: 'idle',
          unit: 'ms',
        }),
      )
    } finally {
      await node.stop()
    }
  })
}

async function setMining(url: string, on: boolean): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ on }) }
  const { status } = await fetch(`${url}/mining`, init)
  if (status !== 200) throw new Error(`POST /mining: ${status}`)
}
