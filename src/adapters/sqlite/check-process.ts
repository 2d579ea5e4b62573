/** The process that looks through the data of a node that has just started: it has word only of a fault. */
import { messageOf } from '../../core/errors.ts'
import { StoreError } from '../../node/store/store.ts'
import { type CheckFault, checkFile } from './check.ts'

try {
  checkFile(String(process.argv[2]))
} catch (error) {
  const code = error instanceof StoreError ? error.code : 'store-failed'
  const fault: CheckFault = { code, message: messageOf(error) }
  process.send?.(fault)
}
// Nothing comes from the node, and the channel would keep this process.
process.disconnect?.()
