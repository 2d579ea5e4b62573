/** The thread that takes a long write-ahead log into its database (long-log.ts). */
import { workerData } from 'node:worker_threads'
import { Database } from './database.ts'
import { type CheckpointData, Phase } from './long-log.ts'

const { path, state: shared }: CheckpointData = workerData
const state = new Int32Array(shared)

if (Atomics.compareExchange(state, 0, Phase.Hired, Phase.Working) === Phase.Hired) {
  let phase: number = Phase.Failed
  try {
    const db = new Database(path)
    try {
      // Waits for nobody: what a reader still needs stays in the log.
      const row = db.get('PRAGMA wal_checkpoint(PASSIVE)')
      state[1] = Number(row?.log) - Number(row?.checkpointed)
      phase = Phase.Done
    } finally {
      db.close()
    }
  } finally {
    Atomics.store(state, 0, phase)
    Atomics.notify(state, 0)
  }
}
