/** What is worth a word and no failure. */
import type { CheckReport, StageReport } from '../report/report.ts'
import { isSameChain } from '../world/served-chain.ts'
import { isOk, ODD_AMOUNT, type World } from '../world/world.ts'
import { hasPassed } from './stage.ts'

/** Looks at what a stage that was just judged leaves open, and spoils nothing for those after it. */
export async function remarkOn({ stage, checks }: StageReport, world: World): Promise<void> {
  if (stage === 'resolve' && hasPassed(checks, 'adopts-longer')) await lyingLength(world)
}

/** The same for the end: what is taken here may wait in the node as long as it runs. */
export async function remarkAtEnd(
  findings: ReadonlyMap<string, CheckReport>,
  world: World,
): Promise<void> {
  const has = (check: string) => findings.get(check)?.passed === true
  if (has('register/accepted')) await emptyList(world)
  if (has('transactions/accepted') && has('transactions/missing-field')) await wrongTypes(world)
}

async function emptyList({ asker, remarks }: World): Promise<void> {
  const answer = await asker.post('/nodes/register', '{"nodes": []}')
  if (isOk(answer)) remarks.add('an empty list of nodes is taken, though it says nothing')
}

/** A peer that has a chain of the same length and says that it has more blocks. */
async function lyingLength(world: World): Promise<void> {
  await world.readChain()
  const own = world.blocks
  const [peer] = world.knownPeers
  if (peer === undefined || own.length < 2) return
  const blocks = await world.forge.longer(own.slice(0, -1), 1)
  world.showPeers(new Map())
  peer.manner = { type: 'chain', blocks, length: own.length + 50 }
  await world.resolve()
  if (isSameChain(world.blocks, blocks)) {
    world.remarks.add('a peer’s "length" is believed: its blocks are not counted')
  }
}

async function wrongTypes(world: World): Promise<void> {
  const body = `{"sender": 7, "recipient": ["judge-bob"], "amount": "${ODD_AMOUNT}"}`
  const answer = await world.asker.post('/transactions/new', body)
  if (!isOk(answer)) return
  world.oddPayments++
  world.remarks.add('a payment with values of the wrong types is taken (a text as its amount)')
}
