/**
 * A thread that searches for proofs, so that the main thread never does. It takes slices from the
 * board of its search, and looks at a shared number before each: another number there means "stop".
 */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { type Puzzle, rangeAt } from '../../core/puzzle.ts'
import { openKernel } from '../../kernels/kernel.ts'
import { SearchBoard, SLICE_TRIES } from './search-board.ts'

/** What the main thread asks for. */
export interface SearchJob {
  readonly run: number
  readonly puzzle: Puzzle
  readonly startProof: number
  readonly board: SharedArrayBuffer
}

/** What it is told: where a proof was found, or that nothing is left to search here. */
export interface ThreadReport {
  readonly run: number
  readonly found?: { readonly slice: number; readonly proof: number }
}

export interface ThreadData {
  readonly thread: number
  /** Int32: the run that is wanted, 0 for none. */
  readonly wanted: SharedArrayBuffer
  /** BigInt64, a cell for each thread: proofs tried in its life. */
  readonly tried: SharedArrayBuffer
}

/** The lowest there is: whoever waits for an answer goes first. */
const IDLE_PRIORITY = 19

const { thread, wanted, tried }: ThreadData = workerData
const kernel = openKernel()
const wantedRun = new Int32Array(wanted)
const triedCounts = new BigInt64Array(tried)

// Only Linux has a priority for each thread; elsewhere this would be that of the whole program.
if (process.platform === 'linux') setPriority(IDLE_PRIORITY)

parentPort?.on('message', (job: SearchJob) => {
  const board = SearchBoard.of(job.board)
  const isWanted = () => Atomics.load(wantedRun, 0) === job.run
  while (isWanted()) {
    const slice = board.claim(thread)
    if (slice === undefined) break
    const found = searchSlice(job, slice)
    if (found !== undefined) {
      board.announce(slice)
      report({ run: job.run, found: { slice, proof: found } })
    }
    board.rest(thread)
  }
  report({ run: job.run })
})

/** The first solution in a slice of the search's order, which may go on elsewhere within it. */
function searchSlice({ puzzle, startProof }: SearchJob, slice: number): number | undefined {
  const end = (slice + 1) * SLICE_TRIES
  for (let position = slice * SLICE_TRIES; position < end; ) {
    const range = rangeAt(startProof, position, end - position)
    const { found, tried } = kernel.searchDecimal(puzzle, range)
    Atomics.add(triedCounts, thread, BigInt(tried))
    if (found !== undefined) return found
    position += range.tries
  }
  return undefined
}

function report(message: ThreadReport): void {
  parentPort?.postMessage(message)
}
