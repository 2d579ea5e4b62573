/**
 * A node in a process of its own that takes another's longer chain in the place of its own, and may kill
 * itself on the way: at a counted call of its store, or when it has announced the move.
 *
 *   node test/faults/moving-node.ts FOLDER LENGTH [putBlock|disconnect|connect|reorg COUNT]
 */
import { LiveNode } from '../../src/adapters/live/live-node.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { IdleMiner } from '../helpers/idle-miner.ts'
import { FREE, longPeers } from '../helpers/long-peer.ts'

const [folder = '', length = '', moment, count = ''] = process.argv.slice(2)

let calls = 0
function called(name: string): void {
  if (name === moment && ++calls === Number(count)) process.kill(process.pid, 'SIGKILL')
}

const store = SqliteStore.open(folder, FREE)
const { putBlock, disconnect, connect } = store
store.putBlock = (block, work) => {
  called('putBlock')
  return putBlock.call(store, block, work)
}
store.disconnect = (hash) => {
  called('disconnect')
  disconnect.call(store, hash)
}
store.connect = (hash) => {
  called('connect')
  connect.call(store, hash)
}

const node = new LiveNode({
  spec: FREE,
  store,
  createMiner: () => new IdleMiner(),
  createPeers: longPeers(Number(length)),
  nowMs: Date.now,
  newId: () => 'f'.repeat(32),
  onFatal: (cause) => {
    throw cause
  },
})
node.subscribe(({ type }) => called(type))
const transaction = parseJson('{"sender": "Lea", "recipient": "Mark", "amount": 10.0}')
await node.request({ type: 'submit-transaction', transaction })
await node.request({ type: 'register-nodes', nodes: ['other:1'] })
const reply = await node.request({ type: 'resolve' })
if (reply.type !== 'resolved') throw new Error(JSON.stringify(reply))
await node.close()
