/**
 * The worker thread that searches for proofs, so that the main thread never does. It searches in
 * slices and looks at a shared number between them: another number there means "stop".
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type Puzzle, search } from '../core/puzzle.ts'

/** Proofs between two looks at the shared number: about 5 ms. */
const SLICE_TRIES = 10_000

/** What the main thread asks for. */
export interface SearchJob {
  readonly search: number
  readonly puzzle: Puzzle
}

/** What it is told. */
export interface Found {
  readonly search: number
  readonly proof: number
}

const wanted: Int32Array = workerData.wanted

parentPort?.on('message', (job: SearchJob) => {
  for (let from = 0; Atomics.load(wanted, 0) === job.search; from += SLICE_TRIES) {
    const proof = search(job.puzzle, { from, tries: SLICE_TRIES })
    if (proof === undefined) continue
    const found: Found = { search: job.search, proof }
    parentPort?.postMessage(found)
    return
  }
})
