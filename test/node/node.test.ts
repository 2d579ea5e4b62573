import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/core/block.ts'
import { AssertionError } from '../../src/core/errors.ts'
import { type Json, parseJson } from '../../src/core/json/json.ts'
import { MAX_PARTY_CHARS, MAX_WAITING_MINES } from '../../src/core/limits.ts'
import { search } from '../../src/core/puzzle.ts'
import type { Effect } from '../../src/node/messages.ts'
import { Node } from '../../src/node/node.ts'
import { branch, EASY, payment } from '../helpers/chains.ts'

const { genesis } = EASY.rules
const ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'
const NOW = 1_900_000_000_500

/** A node, and a script of what goes in; effects come out as short lines. */
function scripted() {
  const node = new Node({ id: ID, spec: EASY })
  const puzzles = new Map<number, Effect & { type: 'search' }>()
  const step = (...[input]: Parameters<Node['step']> extends [infer I, number] ? [I] : never) => {
    const effects = node.step(input, NOW)
    for (const effect of effects) if (effect.type === 'search') puzzles.set(effect.search, effect)
    return effects
  }
  let id = 0
  return {
    node,
    effects: step,
    mine: () => step({ type: 'request', id: ++id, request: { type: 'mine' } }).map(line),
    send: (transaction: Json) =>
      step({ type: 'request', id: ++id, request: { type: 'submit-transaction', transaction } }).map(
        line,
      ),
    add: (block: Block) =>
      step({ type: 'request', id: ++id, request: { type: 'add-block', block } }).map(line),
    leave: (who: number) => step({ type: 'abandoned', id: who }).map(line),
    find: (number: number) => {
      const puzzle = puzzles.get(number)?.puzzle
      const proof = puzzle && search(puzzle, { from: 0, tries: 1_000_000 })
      if (proof === undefined) throw new Error(`no search ${number}`)
      return step({ type: 'found', search: number, proof }).map(line)
    },
  }
}

function line(effect: Effect): string {
  switch (effect.type) {
    case 'reply': {
      const { reply, id } = effect
      if (reply.type === 'refused') return `reply ${id}: refused ${reply.error.code}`
      if (reply.type === 'mined') return `reply ${id}: mined block ${reply.block.header.index}`
      if (reply.type === 'transaction') return `reply ${id}: transaction in block ${reply.index}`
      if (reply.type === 'block') return `reply ${id}: block ${reply.change.added.index}`
      return `reply ${id}: ${reply.type}`
    }
    case 'emit': {
      const { event } = effect
      if (event.type === 'block') return `emit block ${event.header.index}`
      if (event.type === 'reorg') {
        return `emit reorg ${event.from.index} to ${event.to.index} from ${event.fork?.index}: -${event.disconnected} +${event.connected}`
      }
      return `emit transaction in block ${event.index}`
    }
    case 'ask':
    case 'stop-asking':
      return `${effect.type} ${effect.ask}`
    case 'set-threads':
      return `set-threads ${effect.count}`
    default:
      return `${effect.type} ${effect.search}`
  }
}

const LEA_PAYS = parseJson('{"sender": "Lea", "recipient": "Mark", "amount": 10.0}')

describe('a node', () => {
  it('answers a transaction with the block that will hold it, and tells of it', () => {
    const { send } = scripted()
    expect(send(LEA_PAYS)).toEqual([
      'emit transaction in block 2',
      'reply 1: transaction in block 2',
    ])
  })

  it('refuses what the rules refuse', () => {
    const { send } = scripted()
    expect(send(parseJson('{"sender": "Lea"}'))).toEqual(['reply 1: refused bad-transaction-keys'])
  })

  it('searches while somebody waits, and gives the block to who asked first', () => {
    const { mine, find } = scripted()
    expect(mine()).toEqual(['search 1'])
    expect(mine()).toEqual([])
    expect(find(1)).toEqual(['emit block 2', 'reply 1: mined block 2', 'search 2'])
    expect(find(2)).toEqual(['emit block 3', 'reply 2: mined block 3'])
  })

  it('pays itself, as the last transaction, at the time of the step', () => {
    const { mine, find, node } = scripted()
    mine()
    find(1)
    expect(node.chain.lastBlock.transactions.at(-1)).toMatchObject({
      sender: '0',
      recipient: ID,
      amount: '1',
    })
    expect(node.chain.tip.timestamp).toBe('1900000000.5')
  })

  it('begins each search where it is told to, and tells how many proofs were tried', () => {
    const node = new Node({ id: ID, spec: EASY, proofStart: 1_000 })
    const mine = { type: 'request', id: 1, request: { type: 'mine', blocks: 2 } } as const
    const tries: number[] = []
    let effects = node.step(mine, NOW)
    for (let block = 0; block < 2; block++) {
      const searched = effects.find((effect) => effect.type === 'search')
      if (searched === undefined) throw new Error('nothing is searched for')
      expect(searched.start).toBe(1_000)
      const proof = search(searched.puzzle, { from: 1_000, tries: 1_000_000 }) ?? 0
      tries.push(proof - 1_000 + 1)
      effects = node.step({ type: 'found', search: searched.search, proof }, NOW)
    }
    const reply = effects.find((effect) => effect.type === 'reply')?.reply
    expect(reply).toMatchObject({ type: 'mined', tries: tries[1] })
  })

  it('refuses a recipient that is too long, and searches for nothing', () => {
    const node = new Node({ id: ID, spec: EASY })
    const recipient = 'x'.repeat(MAX_PARTY_CHARS + 1)
    const effects = node.step({ type: 'request', id: 1, request: { type: 'mine', recipient } }, NOW)
    expect(effects.map(line)).toEqual(['reply 1: refused bad-recipient'])
  })

  it('puts what is sent during a search into the block that is searched for', () => {
    const { mine, send, find, node } = scripted()
    mine()
    expect(send(LEA_PAYS)).toContain('reply 2: transaction in block 2')
    find(1)
    expect(node.chain.lastBlock.transactions[0]?.sender).toBe('Lea')
  })

  it('cancels the search when nobody waits any more', () => {
    const { mine, leave } = scripted()
    mine()
    mine()
    expect(leave(1)).toEqual([])
    expect(leave(2)).toEqual(['cancel 1'])
    expect(mine()).toEqual(['search 2'])
  })

  it('gives the block to the next in turn when the first has left', () => {
    const { mine, leave, find } = scripted()
    mine()
    mine()
    leave(1)
    expect(find(1)).toContain('reply 2: mined block 2')
  })

  it('does not mind who leaves without waiting', () => {
    const { leave, mine } = scripted()
    mine()
    expect(leave(99)).toEqual([])
  })

  it('starts anew on a tip that came meanwhile, and ignores the proof for the old one', () => {
    const { mine, add, find, effects, node } = scripted()
    const [theirs] = branch(genesis, 1, 4)
    mine()
    expect(add(theirs ?? genesis)).toEqual([
      'emit block 2',
      'reply 2: block 2',
      'cancel 1',
      'search 2',
    ])
    expect(effects({ type: 'found', search: 1, proof: 0 })).toEqual([])
    expect(find(2)).toEqual(['emit block 3', 'reply 1: mined block 3'])
    expect(node.chain.length).toBe(3)
  })

  it('goes on with its search when a side branch grows', () => {
    const { mine, add, find } = scripted()
    mine()
    find(1)
    mine()
    expect(add(branch(genesis, 1, 4)[0] ?? genesis)).toEqual(['reply 3: block 2'])
  })

  it('tells of a reorganisation, then of each block', () => {
    const { mine, find, add } = scripted()
    mine()
    find(1)
    const [first, second] = branch(genesis, 2, 4)
    add(first ?? genesis)
    expect(add(second ?? genesis)).toEqual([
      'emit reorg 2 to 3 from 1: -1 +2',
      'emit block 2',
      'emit block 3',
      'reply 3: block 3',
    ])
  })

  it('refuses a block that it has', () => {
    const { add } = scripted()
    expect(add(genesis)).toEqual(['reply 1: refused duplicate'])
  })

  it('lets as many wait for a block as the limit, and refuses one more', () => {
    const { mine } = scripted()
    for (let i = 0; i < MAX_WAITING_MINES; i++) expect(mine().join()).not.toContain('refused')
    expect(mine()).toEqual([`reply ${MAX_WAITING_MINES + 1}: refused mining-queue-full`])
  })

  it('refuses whoever waits where a miner gives a wrong proof, and searches for the next', () => {
    const { mine, effects, node } = scripted()
    mine()
    mine()
    let wrong = 0
    while (node.chain.validProof(wrong)) wrong++
    const done = effects({ type: 'found', search: 1, proof: wrong })
    expect(done).toMatchObject([
      { type: 'reply', id: 1, reply: { type: 'refused', error: { code: 'high-hash' } } },
      { type: 'search', search: 2 },
    ])
    expect([node.chain.length, node.mining.found]).toEqual([1, 0])
  })

  it('refuses everybody who waits for a block where no search can be done, and nobody else', () => {
    const { mine, effects, send } = scripted()
    mine()
    mine()
    const failed = effects({ type: 'search-failed', search: 1, reason: 'no thread' })
    expect(failed.map(line)).toEqual([
      'reply 1: refused mining-failed',
      'reply 2: refused mining-failed',
    ])
    expect(effects({ type: 'search-failed', search: 1, reason: 'late' })).toEqual([])
    expect(mine()).toEqual(['search 2'])
    expect(effects({ type: 'search-failed', search: 1, reason: 'late' })).toEqual([])
    expect(send(LEA_PAYS)).toContain('reply 4: transaction in block 2')
  })

  it('stops at an input that the compiler thought impossible', () => {
    const { effects } = scripted()
    expect(() => effects(JSON.parse('{"type": "new"}'))).toThrow(AssertionError)
    const request = JSON.parse('{"type": "request", "id": 1, "request": {"type": "new"}}')
    expect(() => effects(request)).toThrow(AssertionError)
  })

  it('refuses a block that is no JSON', () => {
    const { effects } = scripted()
    const request = { type: 'add-block', block: '<html>' } as const
    expect(effects({ type: 'request', id: 1, request }).map(line)).toEqual([
      'reply 1: refused json-syntax',
    ])
  })

  it('does not count its reward among what returns', () => {
    const { mine, find, add, node } = scripted()
    mine()
    find(1)
    for (const block of branch(genesis, 2, 4)) add(block)
    expect(node.chain.currentTransactions).toEqual([])
    expect(payment('a', 'b').key).not.toBe('')
  })
})
