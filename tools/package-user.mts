/**
 * A program of somebody who has installed the package: ci-package.sh runs it, and checks its types, where
 * there is nothing of this repository. Given a node's address, whose chain is two blocks high.
 */
import { BlockChain, RuleError } from 'toychain'
import { NodeClient } from 'toychain/client'

const chain = new BlockChain()
chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
const { block } = chain.newBlock({ proof: chain.proofOfWork(), timestampMs: Date.now() })
if (!block.text.includes('"amount": 10.0')) {
  throw new RuleError('bad-amount', { field: 'amount', expected: '10.0', got: block.text })
}
const { height } = await new NodeClient(process.argv[2] ?? '').info()
if (height !== 2) throw new Error(`height ${height}, expected 2`)
console.log(`imported: the class, and a client that sees height ${height}`)
