/** The thread that looks through the data of a node that has just started: it has word only of a fault. */
import { parentPort, workerData } from 'node:worker_threads'
import { StoreError } from '../../node/store/store.ts'
import { type CheckFault, checkFile } from './check.ts'

try {
  checkFile(workerData.path)
} catch (error) {
  if (!(error instanceof StoreError)) throw error
  const fault: CheckFault = { code: error.code, message: error.message }
  parentPort?.postMessage(fault)
}
