/** The thread that searches for proofs of the page's own, with the kernel that the node itself mines with. */
import { InlineMiner } from '../../../src/adapters/mining/miner-inline.ts'
import { messageOf } from '../../../src/core/errors.ts'
import type { MiningJob, MiningProgress, MiningReport } from './proof-miner.ts'

const REPORT_EVERY_MS = 50

let begun = { search: 0, atMs: 0, tried: 0 }
let pace = 1
let sliceFromMs = 0
let timer: ReturnType<typeof setInterval> | undefined

/** What waits for its turn: a message to ourselves comes sooner than any timer. */
const turns: (() => void)[] = []
const { port1, port2 } = new MessageChannel()
port1.onmessage = () => {
  sliceFromMs = performance.now()
  turns.shift()?.()
}

const miner = new InlineMiner(
  {
    onFound: ({ search, proof }) => end({ type: 'found', search, proof, ...progress() }),
    onFailed: (search, cause) => end({ type: 'failed', search, message: messageOf(cause) }),
  },
  {
    later: (work) => {
      turns.push(work)
      if (pace >= 1) {
        port2.postMessage(undefined)
        return
      }
      const workedMs = Math.max(1, performance.now() - sliceFromMs)
      setTimeout(() => port2.postMessage(undefined), workedMs * (1 / pace - 1))
    },
    nowMs: () => performance.now(),
  },
)

self.onmessage = ({ data }: MessageEvent<MiningJob>) => {
  const { search, puzzle, startProof } = data
  pace = data.pace
  sliceFromMs = performance.now()
  begun = { search, atMs: performance.now(), tried: miner.progress().tried }
  clearInterval(timer)
  timer = setInterval(() => say({ type: 'progress', search, ...progress() }), REPORT_EVERY_MS)
  miner.start(search, puzzle, startProof)
}

function progress(): MiningProgress {
  return {
    tried: miner.progress().tried - begun.tried,
    seconds: (performance.now() - begun.atMs) / 1000,
  }
}

function end(report: MiningReport): void {
  clearInterval(timer)
  say(report)
}

function say(report: MiningReport): void {
  self.postMessage(report)
}
