/**
 * What is asked of a node until it is killed: several connections at once, each request noted in the
 * ledger before it is sent and once it is answered. A request that fails while the node should be
 * alive, or is refused, is a fault.
 */
import { type NodeClient, NodeUnreachable } from '../../src/api/client/client.ts'
import type { Data } from './data.ts'
import type { Dice } from './dice.ts'
import type { Kill } from './kill.ts'
import { type View, Violation } from './look.ts'
import { branchOff, type Rival } from './rival.ts'
import type { Kind, Totals } from './totals.ts'

export interface Scene {
  readonly kind: Kind
  readonly client: NodeClient
  readonly data: Data
  /** What the node showed before anything was asked of it. */
  readonly view: View
  readonly rival: Rival
  readonly kill: Kill
  readonly dice: Dice
  readonly totals: Totals
}

/** Ports that nobody has a use for (unassigned, RFC 6335): nodes that cannot be reached. */
const NOBODYS_PORTS = [717, 728] as const

export async function posting(scene: Scene): Promise<void> {
  const { kill, dice } = scene
  kill.plan({ after: dice.whole(1, 100), of: 'transactions', delayMs: dice.whole(0, 8) })
  const senders = Array.from({ length: dice.whole(2, 12) }, () => repeat(scene, () => send(scene)))
  await Promise.all([...senders, repeat(scene, () => changeNodes(scene))])
}

export async function mining(scene: Scene): Promise<void> {
  const { kill, dice } = scene
  kill.plan({ after: dice.whole(1, 16), of: 'blocks', delayMs: dice.whole(0, 8) })
  const miners = Array.from({ length: dice.whole(1, 4) }, () => repeat(scene, () => mine(scene)))
  const senders = Array.from({ length: dice.whole(1, 4) }, () => repeat(scene, () => send(scene)))
  await Promise.all([...miners, ...senders])
}

export async function resolving(scene: Scene): Promise<void> {
  const { data, rival, dice } = scene
  if (!data.ledger.hasNode(rival.address)) await register(scene, rival.address)
  // Something that only the branch that loses holds.
  await times(dice.whole(1, 8), () => send(scene))
  for (let i = dice.whole(1, 3); i > 0; i--) await mine(scene)
  await times(dice.whole(1, 8), () => send(scene))
  offer(scene)
  aim(scene)
  const sender = repeat(scene, () => send(scene))
  await Promise.all([sender, untilKilled(scene, () => resolve(scene))])
}

/** Puts up a branch that is longer than what the node has. */
function offer({ data, view, rival, dice }: Scene): void {
  const { spec, ledger } = data
  const { fork, length } = data.nextBranch(view.chain.length, dice)
  const salt = dice.whole(1, 999)
  const branch = branchOff(view, { spec, fork, length, salt, dice, ledger })
  data.offer = { branch, isAnswered: false }
  rival.serve(branch.chain)
}

/** Kills while the branch is read, or while the node moves over to it, or right after its answer. */
function aim({ data, rival, kill, dice }: Scene): void {
  const blocks = data.offer?.branch.chain.length ?? 0
  // About what a quick machine takes for it; a slow one is killed earlier in it.
  const moveMs = Math.ceil(25 + blocks / 12)
  const way = dice.whole(1, 100)
  let left = dice.whole(1, Math.ceil(blocks / 200) + Math.ceil(Math.log2(blocks)))
  rival.onAsked = (isEnd) => {
    left--
    if (way <= 35 && left === 0) kill.soon(dice.whole(0, 20))
    if (way <= 85 && isEnd) kill.soon(dice.whole(0, moveMs))
  }
}

async function resolve({ client, kill, data, totals, kind, dice }: Scene): Promise<void> {
  const { replaced, length, report } = await client.resolve()
  totals.add(kind, 'resolves')
  const { offer } = data
  if (!replaced || offer === undefined) {
    throw new Violation(`a longer branch was not adopted: ${JSON.stringify(report)}`)
  }
  offer.isAnswered = true
  data.ledger.blockAnswered(offer.branch.tip.header.hash, length)
  kill.soon(dice.whole(0, 20))
}

async function send({ client, data, kill, totals, kind }: Scene): Promise<void> {
  const payment = data.ledger.newPayment()
  await client.send(payment)
  data.ledger.paymentAnswered(payment.sender)
  totals.add(kind, 'transactions')
  kill.answered('transactions')
}

async function mine({ client, data, kill, totals, kind }: Scene): Promise<void> {
  const { hash, index } = await client.mine()
  data.ledger.blockAnswered(hash, index)
  totals.add(kind, 'blocks')
  kill.answered('blocks')
}

async function changeNodes(scene: Scene): Promise<void> {
  const { client, data, dice, totals, kind } = scene
  const address = `127.0.0.1:${dice.whole(...NOBODYS_PORTS)}`
  if (!data.ledger.hasNode(address)) return register(scene, address)
  data.ledger.setNode(address, 'open')
  await client.removeNode(address)
  data.ledger.setNode(address, 'gone')
  totals.add(kind, 'registers')
}

async function register({ client, data, totals, kind }: Scene, node: string): Promise<void> {
  data.ledger.setNode(node, 'open')
  await client.register([node])
  data.ledger.setNode(node, 'kept')
  totals.add(kind, 'registers')
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work))
}

async function repeat(scene: Scene, work: () => Promise<void>): Promise<void> {
  while (!scene.kill.hasFired) await untilKilled(scene, work)
}

/** Does something that may end unanswered, but only because of the kill. */
async function untilKilled({ kill, totals, kind }: Scene, work: () => Promise<void>) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof NodeUnreachable && kill.hasFired)) throw error
    totals.add(kind, 'unanswered')
  }
}
