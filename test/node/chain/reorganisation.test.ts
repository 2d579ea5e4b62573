import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_SLICE_BLOCKS, MAX_SLICE_BYTES } from '../../../src/core/limits.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import type { Effect } from '../../../src/node/messages.ts'
import { blockAfter, EASY, payment } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'
import { FREE, give, honest, longBranch } from '../pull/peer-scripts.ts'
import { Network } from '../pull/scripted-peers.ts'
import { verdicts } from '../pull/verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = longBranch(genesis, 700, 1)
const THEIRS = longBranch(genesis, 701, 2)

/** A node in the middle of the move to THEIRS: the whole chain has come in one piece. */
function moving() {
  const network = new Network({}, { spec: FREE })
  const { node, chain } = network
  chain.addTransaction({ sender: 'first', recipient: 'x', amount: 1 })
  give(chain, OURS)
  chain.registerNode('peer:1')
  const effects: Effect[] = []
  const step = (input: Parameters<typeof node.step>[0]) => {
    const now = node.step(input, 0)
    effects.push(...now)
    return now
  }
  let slices = 0
  return {
    node,
    chain,
    effects,
    step,
    begin: () => {
      step({ type: 'request', id: 1, request: { type: 'resolve' } })
      const blocks = [genesis, ...THEIRS].map(({ text }) => parseJson(text))
      step({ type: 'heard', ask: 1, blocks, sizeBytes: 1 })
      step({ type: 'ended', ask: 1, answer: { type: 'blocks', length: blocks.length } })
    },
    finish: () => {
      while (node.isMoving) {
        step({ type: 'continue' })
        slices++
      }
      return slices
    },
  }
}

describe('a long reorganisation', () => {
  it('is cut into slices, and is done when they are', () => {
    const { node, chain, begin, finish } = moving()
    begin()
    expect(node.isMoving).toBe(true)
    const blocks = OURS.length + 2 * THEIRS.length
    expect(finish()).toBe(Math.floor(blocks / MAX_SLICE_BLOCKS))
    expect(chain.tip.hash).toBe(THEIRS.at(-1)?.header.hash)
    expect(chain.currentTransactions.map(({ sender }) => sender)).toEqual(['first'])
  })

  it('tells of itself once, and then of each block, when it is done', () => {
    const { begin, finish, effects } = moving()
    begin()
    expect(effects.filter(({ type }) => type === 'emit')).toEqual([])
    finish()
    const events = effects.flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []))
    expect(events[0]).toMatchObject({ type: 'reorg', disconnected: 700, connected: 701 })
    expect(events).toHaveLength(702)
  })

  it('keeps other inputs waiting, and answers them afterwards in their order', () => {
    const { node, begin, finish, step, effects } = moving()
    begin()
    step({ type: 'request', id: 2, request: { type: 'list-nodes' } })
    step({ type: 'request', id: 3, request: { type: 'register-nodes', nodes: ['b:1'] } })
    expect(effects.filter(({ type }) => type === 'reply')).toEqual([])
    step({ type: 'request', id: 4, request: { type: 'list-nodes' } })
    step({ type: 'tick' })
    expect(node.isMoving).toBe(true)
    finish()
    const replies = effects.flatMap((effect) => (effect.type === 'reply' ? [effect] : []))
    expect(replies.map(({ id }) => id)).toEqual([1, 2, 3, 4])
    expect(replies[0]?.reply).toMatchObject({ type: 'resolved', replaced: true })
    expect(replies[1]?.reply).toMatchObject({ records: { length: 1 } })
    expect(replies[3]?.reply).toMatchObject({ records: { length: 2 } })
  })

  it('sends who mines to the new tip; a proof for the old one that comes meanwhile makes no block', () => {
    const { chain, begin, finish, step, effects } = moving()
    step({ type: 'request', id: 9, request: { type: 'mine' } })
    const proof = chain.proofOfWork()
    begin()
    step({ type: 'found', search: 1, proof })
    finish()
    expect(chain.tip.hash).toBe(THEIRS.at(-1)?.header.hash)
    const searches = effects.flatMap((effect) =>
      effect.type === 'search' || effect.type === 'cancel'
        ? [`${effect.type} ${effect.search}`]
        : [],
    )
    expect(searches).toEqual(['search 1', 'cancel 1', 'search 2'])
    step({ type: 'found', search: 2, proof: chain.proofOfWork() })
    expect(chain.length).toBe(THEIRS.length + 2)
    expect(effects.at(-1)).toMatchObject({ type: 'reply', id: 9 })
  })

  it('lets one who waits for a block leave meanwhile', () => {
    const { begin, finish, step, effects } = moving()
    step({ type: 'request', id: 9, request: { type: 'mine' } })
    begin()
    step({ type: 'abandoned', id: 9 })
    finish()
    expect(effects.at(-1)).toMatchObject({ type: 'cancel' })
  })

  it('is followed by the next one that came meanwhile', () => {
    const { chain, begin, finish, step } = moving()
    begin()
    const longer = [...THEIRS, ...longBranch(THEIRS.at(-1) ?? genesis, 300, 5)]
    for (const block of longer.slice(701)) {
      step({ type: 'request', id: 5, request: { type: 'add-block', block } })
    }
    finish()
    expect(chain.tip.hash).toBe(longer.at(-1)?.header.hash)
  })

  it('needs no `continue` where there is none', () => {
    const { node, step } = moving()
    expect(node.isMoving).toBe(false)
    expect(step({ type: 'continue' })).toEqual([])
  })
})

describe('a reorganisation by a peer', () => {
  /** What each block holds: how often each of a few payments. */
  const contents = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  })

  function chainOf(senders: readonly (readonly string[])[], salt: number): Block[] {
    const blocks = [genesis]
    for (const names of senders) {
      const transactions = names.map((name) => payment(name, 'x'))
      const parent = blocks.at(-1) ?? genesis
      blocks.push(blockAfter(parent, { transactions, salt, rewardTo: `${salt}`, spec: FREE }))
    }
    return blocks
  }

  function prepare(chain: BlockChain, ours: readonly Block[], waiting: readonly string[]) {
    give(chain, ours)
    for (const sender of waiting) chain.addTransaction({ sender, recipient: 'x', amount: 1 })
  }

  it('ends where the class BlockChain ends with the same chains: blocks and current transactions', () => {
    const waiting = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 })
    fc.assert(
      fc.property(
        contents,
        contents,
        waiting,
        fc.integer({ min: 1, max: 400 }),
        (a, b, names, pieceChars) => {
          const [ours, theirs] = [chainOf(a, 1), chainOf(b, 2)]
          const alone = new BlockChain({ spec: FREE })
          prepare(alone, ours, names)
          const { replaced } = alone.resolveConflicts([theirs])

          const network = new Network({ 'peer:1': honest(theirs, { pieceChars }) }, { spec: FREE })
          prepare(network.chain, ours, names)
          expect(network.resolve().replaced).toBe(replaced)
          expect(network.chain.tip).toEqual(alone.tip)
          const sorted = (chain: BlockChain) =>
            chain.currentTransactions.map(({ key }) => key).sort()
          expect(sorted(network.chain)).toEqual(sorted(alone))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('with more in it than is kept at hand confirms every payment of it', () => {
    const names = Array.from({ length: 6 }, (_, i) => `s${i}`.padEnd(1_000, '.'))
    const theirs = [genesis]
    for (const name of names) {
      const parent = theirs.at(-1) ?? genesis
      const transactions = Array.from({ length: 250 }, (_, i) => payment(name, 'x', `${i}`))
      theirs.push(blockAfter(parent, { transactions, spec: FREE }))
    }
    const bytes = theirs.reduce((sum, { text }) => sum + text.length, 0)
    expect(bytes).toBeGreaterThan(MAX_SLICE_BYTES)
    const network = new Network({ 'peer:1': honest(theirs) }, { spec: FREE })
    give(network.chain, longBranch(genesis, 2, 1))
    for (const sender of names) network.chain.addTransaction({ sender, recipient: 'x', amount: 7 })
    network.chain.addTransaction({ sender: 'ours', recipient: 'x', amount: 7 })
    expect(network.resolve().replaced).toBe(true)
    expect(network.chain.length).toBe(7)
    expect(network.chain.currentTransactions.map(({ sender }) => sender)).toEqual(['ours'])
  })

  it('in one piece gives back the current transactions in the same order as BlockChain does', () => {
    const senders = Array.from({ length: 400 }, (_, i) => [`s${i}`, `t${i % 7}`])
    const [ours, theirs] = [
      chainOf(senders, 1),
      chainOf([...senders.slice(100), [], ...senders.slice(0, 110)], 2),
    ]
    const alone = new BlockChain({ spec: FREE })
    prepare(alone, ours, ['w1', 't1', 's7'])
    alone.resolveConflicts([theirs])
    const network = new Network({ 'peer:1': honest(theirs) }, { spec: FREE })
    prepare(network.chain, ours, ['w1', 't1', 's7'])
    expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'adopted' })
    expect(network.chain.tip).toEqual(alone.tip)
    expect(network.chain.currentTransactions).toEqual(alone.currentTransactions)
  })
})
