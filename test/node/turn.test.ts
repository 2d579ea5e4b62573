import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/core/json/json.ts'
import { MAX_SLICE_BLOCKS } from '../../src/core/limits.ts'
import { transactionJson } from '../../src/node/chain/chain-input.ts'
import type { Effect } from '../../src/node/messages.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { Turn } from '../../src/node/turn.ts'
import { branch, EASY } from '../helpers/chains.ts'

const NOW_MS = 1_800_000_000_000

class BreakableStore extends MemoryStore {
  commits = 0
  isBroken = false

  override commit(): void {
    this.commits++
    if (this.isBroken) throw new StoreError('store-full', 'the disk is full')
    super.commit()
  }
}

function started() {
  const store = new BreakableStore()
  const turn = new Turn({ spec: EASY, store, id: '1'.repeat(32), restMs: 5_000 })
  store.commits = 0
  return { store, turn }
}

let requests = 0
function paying(sender: string) {
  const transaction = transactionJson({ sender, recipient: 'Mark', amount: 1 })
  const request = { type: 'submit-transaction', transaction } as const
  return { type: 'request', id: ++requests, request } as const
}

const MINE = { type: 'request', id: 7, request: { type: 'mine' } } as const

function end(turn: Turn): readonly Effect[] {
  while (turn.goOn(NOW_MS));
  turn.commit()
  return turn.committed()
}

const typesOf = (effects: readonly Effect[]) => effects.map(({ type }) => type)

describe('a turn', () => {
  it('lets nothing out before it is durable, then everything in order, with one commit', () => {
    const { store, turn } = started()
    expect(turn.isOpen).toBe(false)
    turn.take(paying('Lea'), NOW_MS)
    turn.take(MINE, NOW_MS)
    expect([turn.isOpen, store.commits]).toEqual([true, 0])
    expect(typesOf(end(turn))).toEqual(['emit', 'reply', 'search'])
    expect([turn.isOpen, store.commits]).toEqual([false, 1])
    expect(() => turn.committed()).toThrow('a commit was begun')
    expect(() => turn.commit()).toThrow('a transaction is open')
  })

  it('keeps what comes during a commit for the next one', () => {
    const { store, turn } = started()
    turn.take(paying('Lea'), NOW_MS)
    turn.commit()
    turn.take(paying('Zoë'), NOW_MS)
    expect([turn.isOpen, store.pooled(0, 9).length]).toEqual([false, 1])
    expect(turn.committed()).toHaveLength(2)
    expect(turn.isOpen).toBe(false)
    turn.beginNext(NOW_MS)
    expect([turn.isOpen, store.pooled(0, 9).length]).toEqual([true, 2])
    expect(end(turn)).toHaveLength(2)
    turn.beginNext(NOW_MS)
    expect(turn.isOpen).toBe(false)
  })

  it('that cannot be committed has not happened, and the next node goes on from the store', () => {
    const { store, turn } = started()
    turn.take(MINE, NOW_MS)
    const [search] = end(turn)
    turn.take({ type: 'request', id: 8, request: { type: 'set-mining', on: true } }, NOW_MS)
    end(turn)
    turn.take(paying('Lea'), NOW_MS)
    store.isBroken = true
    expect(() => turn.commit()).toThrow(StoreError)
    turn.fail()
    expect([turn.isOpen, turn.node, store.pooled(0, 9)]).toEqual([false, undefined, []])
    expect(turn.mining).toEqual({ on: true, found: 0 })
    store.isBroken = false
    turn.reopen(NOW_MS)
    // It mines on, but not at once, and under a number that no late proof has.
    expect(turn.node?.wakeAtMs).toBe(NOW_MS + 5_000)
    turn.take({ type: 'tick' }, NOW_MS + 5_000)
    const [next] = end(turn)
    expect([search, next].map((effect) => effect?.type === 'search' && effect.search)).toEqual([
      1, 2,
    ])
  })

  it('is reopened by the next input where nobody has done it', () => {
    const { turn } = started()
    turn.take(paying('Lea'), NOW_MS)
    turn.fail()
    turn.take(paying('Zoë'), NOW_MS)
    expect(typesOf(end(turn))).toEqual(['emit', 'reply'])
    expect(turn.node?.chain.currentTransactions.map(({ sender }) => sender)).toEqual(['Zoë'])
  })
})

describe('a long reorganisation', () => {
  it('is a turn of its own: what came before it is let out first, what comes meanwhile after it', () => {
    const { store, turn } = started()
    const chain = turn.node?.chain
    if (chain === undefined) throw new Error('the node is there')
    const { genesis } = EASY.rules
    const theirs = branch(genesis, MAX_SLICE_BLOCKS + 10, 2)
    for (const block of branch(genesis, 2, 1)) chain.addBlock(block)
    // As a peer that is heard brings it: all of it is kept, then the chain moves.
    const blocks = [genesis, ...theirs].map(({ text }) => parseJson(text))
    turn.take(
      { type: 'request', id: 90, request: { type: 'register-nodes', nodes: ['a:1'] } },
      NOW_MS,
    )
    turn.take({ type: 'request', id: 91, request: { type: 'resolve' } }, NOW_MS)
    end(turn)
    store.commits = 0
    turn.take(paying('Lea'), NOW_MS)
    turn.take({ type: 'heard', ask: 1, blocks, sizeBytes: 1 }, NOW_MS)
    const answer = { type: 'blocks', length: blocks.length } as const
    turn.take({ type: 'ended', ask: 1, answer }, NOW_MS)
    let effects = end(turn)
    const told: Effect[] = [...effects]
    while (turn.node?.isMoving !== true) {
      turn.beginNext(NOW_MS)
      if (!turn.isOpen) throw new Error(`no move: ${JSON.stringify(told)}`)
      effects = end(turn)
      told.push(...effects)
    }
    expect(typesOf(told).slice(0, 2)).toEqual(['emit', 'reply'])
    expect(store.tip()?.index).toBe(3)
    turn.beginNext(NOW_MS)
    expect([turn.isMove, turn.isOpen]).toEqual([true, true])
    turn.take(paying('Zoë'), NOW_MS)
    let slices = 0
    for (; turn.goOn(NOW_MS); slices++);
    expect(slices).toBeGreaterThan(0)
    turn.commit()
    const after = turn.committed()
    expect(typesOf(after)[0]).toBe('emit')
    expect(after.some((effect) => effect.type === 'emit' && effect.event.type === 'reorg')).toBe(
      true,
    )
    expect(store.tip()?.index).toBe(theirs.length + 1)
    expect(turn.node?.chain.currentTransactions.map(({ sender }) => sender)).toEqual(['Lea', 'Zoë'])
  })
})
