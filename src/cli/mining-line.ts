/** How mining goes, as one line on a terminal that is written anew each second. */
import type { LiveNode } from '../adapters/live/live-node.ts'
import type { Terminal } from './terminal.ts'

const EVERY_MS = 1_000

/** Shows the line while anything is searched for, on a terminal only; returns how to end it. */
export function showMining(node: LiveNode, terminal: Terminal): () => void {
  const line = terminal.liveLine()
  if (line === undefined) return () => {}
  let blocks = 0
  const unsubscribe = node.subscribe(({ type }) => {
    if (type === 'block') blocks++
  })
  const timer = setInterval(() => {
    const { rate, threads } = node.mining
    if (rate > 0) line.write(miningText({ rate, threads, blocks }))
  }, EVERY_MS).unref()
  return () => {
    clearInterval(timer)
    unsubscribe()
    line.end()
  }
}

export function miningText(now: { rate: number; threads: number; blocks: number }): string {
  const { threads, blocks } = now
  const by = threads === 1 ? '1 thread' : `${threads} threads`
  return `Mining: ${rateText(now.rate)}, ${by}, ${blocks} new block${blocks === 1 ? '' : 's'}`
}

/** Proofs a second, with three digits. */
export function rateText(rate: number): string {
  for (const [unit, size] of [
    ['GH/s', 1e9],
    ['MH/s', 1e6],
    ['kH/s', 1e3],
  ] as const) {
    if (rate >= size) return `${(rate / size).toPrecision(3)} ${unit}`
  }
  return `${Math.round(rate)} H/s`
}
