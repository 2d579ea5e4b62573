/** Load on a running server, from this process, through autocannon: each connection asks, waits, asks. */
import autocannon, { type Options } from 'autocannon'

export interface LoadResult {
  readonly perSecond: number
  /** Milliseconds, of all answers. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly answered: number
}

/**
 * Runs to the end of `amount` or `duration`.
 * @throws Error if a request failed or was answered with anything but a 2xx
 */
export async function load(options: Options): Promise<LoadResult> {
  // autocannon's own histogram counts in whole milliseconds, and it ends at whole seconds.
  const timesMs: number[] = []
  const begun = performance.now()
  let ended = begun
  const running = autocannon({ pipelining: 1, ...options }, () => {})
  running.on('response', (_client, _status, _bytes, timeMs) => {
    timesMs.push(timeMs)
    ended = performance.now()
  })
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  running.on('done', resolve)
  running.on('error', reject)
  const result = await promise
  const seconds = (ended - begun) / 1000
  const answered = result['2xx']
  const failed = result.errors + result.timeouts + result.non2xx
  if (failed > 0)
    throw new Error(`${options.url}: ${failed} of ${failed + answered} requests failed`)
  timesMs.sort((a, b) => a - b)
  return {
    perSecond: answered / seconds,
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    answered,
  }
}

export const PAYMENT = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"sender": "Lea", "recipient": "Mark", "amount": 10.0}',
} satisfies Partial<Options>

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

/** The value below which a fraction of the sorted values lies. */
export function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN
}
