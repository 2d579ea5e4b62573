/** The thread that searches for the lab's proofs, with the kernel that the node itself mines with. */
import { InlineMiner } from '../../../../src/adapters/mining/miner-inline.ts'
import { messageOf } from '../../../../src/core/errors.ts'
import type { MiningJob, MiningProgress, MiningReport } from './mining.ts'

const REPORT_EVERY_MS = 200

let begun = { search: 0, atMs: 0, tried: 0 }
let timer: ReturnType<typeof setInterval> | undefined

/** What waits for its turn: a message to ourselves comes sooner than any timer. */
const turns: (() => void)[] = []
const { port1, port2 } = new MessageChannel()
port1.onmessage = () => turns.shift()?.()

const miner = new InlineMiner(
  {
    onFound: ({ search, proof }) => end({ type: 'found', search, proof, ...progress() }),
    onFailed: (search, cause) => end({ type: 'failed', search, message: messageOf(cause) }),
  },
  {
    later: (work) => {
      turns.push(work)
      port2.postMessage(undefined)
    },
    nowMs: () => performance.now(),
  },
)

self.onmessage = ({ data: { search, puzzle } }: MessageEvent<MiningJob>) => {
  begun = { search, atMs: performance.now(), tried: miner.progress().tried }
  clearInterval(timer)
  timer = setInterval(() => say({ type: 'progress', search, ...progress() }), REPORT_EVERY_MS)
  miner.start(search, puzzle)
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
