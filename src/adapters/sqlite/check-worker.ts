/** The thread that looks through the data of a node that has just started: it has word only of a fault. */
import { parentPort, workerData } from 'node:worker_threads'
import { type StoreCode, StoreError } from '../../node/store/store.ts'
import { checkFile } from './check.ts'

/** A StoreError as it crosses to the main thread, which takes no classes. */
export interface CheckFault {
  readonly code: StoreCode
  readonly message: string
}

try {
  checkFile(workerData.path)
} catch (error) {
  if (!(error instanceof StoreError)) throw error
  const fault: CheckFault = { code: error.code, message: error.message }
  parentPort?.postMessage(fault)
}
