import { describe, expect, it } from 'vitest'
import { JsonObject, parseJson } from '../../../src/core/json/json.ts'
import { MAX_NODES } from '../../../src/core/limits.ts'
import { CLASSIC, TOYCHAIN_PY } from '../../../src/core/spec.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { blockAfter, branch, chainText, EASY, payment } from '../../helpers/chains.ts'
import { codeOf, errorOf } from '../../helpers/errors.ts'
import { ownVector } from '../../helpers/vectors.ts'

const { genesis } = EASY.rules

function easyChain(): BlockChain {
  return new BlockChain({ spec: EASY })
}

/** Mines one block of the current transactions. */
function mine(chain: BlockChain, rewardTo = 'me', timestampMs = 1_900_000_000_000) {
  return chain.newBlock({ proof: chain.proofOfWork(), timestampMs, rewardTo })
}

function parties(chain: BlockChain): string[] {
  return chain.currentTransactions.map(({ sender, recipient }) => `${sender}>${recipient}`)
}

describe('a new chain', () => {
  it('begins with the genesis of its spec', () => {
    const chain = new BlockChain()
    expect(chain.spec).toBe(CLASSIC)
    expect(chain.length).toBe(1)
    expect(chain.lastBlock).toEqual(CLASSIC.rules.genesis)
    expect(chain.currentTransactions).toEqual([])
    expect(chain.nodes).toEqual([])
  })

  it('goes on with what its store holds', () => {
    const store = new MemoryStore()
    const first = new BlockChain({ spec: EASY, store })
    first.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    mine(first)
    first.addTransaction({ sender: 'c', recipient: 'd', amount: '1e-7' })
    first.registerNode('127.0.0.1:5001')
    const second = new BlockChain({ spec: EASY, store })
    expect(second.tip).toEqual(first.tip)
    expect(second.currentTransactions).toEqual(first.currentTransactions)
    expect(second.nodes).toEqual(['127.0.0.1:5001'])
  })
})

describe('adding a transaction', () => {
  it('returns the index of the block that will hold it', () => {
    const chain = easyChain()
    expect(chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 }).index).toBe(2)
    const { block } = mine(chain)
    expect(block.header.index).toBe(2)
    expect(block.transactions[0]?.sender).toBe('a')
    expect(chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 }).index).toBe(3)
  })

  it('keeps the text of an amount, and takes numbers of every kind', () => {
    const chain = easyChain()
    for (const amount of [10, '10.0', 9007199254740993n, '1e-7', 0.1]) {
      chain.addTransaction({ sender: 'a', recipient: 'b', amount })
    }
    const amounts = chain.currentTransactions.map(({ amount }) => amount)
    expect(amounts).toEqual(['10', '10.0', '9007199254740993', '1e-7', '0.1'])
  })

  it('refuses what is no number', () => {
    const chain = easyChain()
    for (const amount of ['ten', '', '0x10', '1,5', Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => chain.addTransaction({ sender: 'a', recipient: 'b', amount }))).toBe(
        'bad-amount',
      )
    }
    expect(chain.currentTransactions).toEqual([])
  })

  it('keeps two equal payments apart', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    expect(mine(chain).block.transactions).toHaveLength(3)
    expect(chain.currentTransactions).toEqual([])
  })
})

describe('the proof of work', () => {
  it('is the lowest proof that is valid', () => {
    const chain = easyChain()
    const proof = chain.proofOfWork()
    expect(chain.validProof(proof)).toBe(true)
    for (let lower = 0; lower < proof; lower++) expect(chain.validProof(lower)).toBe(false)
  })

  it('is never a fraction, negative, or beyond 2^53-1', () => {
    const chain = new BlockChain({ spec: EASY })
    for (const proof of [-1, 0.5, Number.NaN, 2 ** 53]) expect(chain.validProof(proof)).toBe(false)
  })

  it('finds the proofs that the Python package finds', () => {
    const chain = new BlockChain({ spec: TOYCHAIN_PY })
    const { proof } = mine(chain).block.header
    expect(proof).toBe(35293)
  })
})

describe('a new block', () => {
  it('holds the current transactions and the reward as the last', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: 5 })
    const { block, change } = mine(chain, 'miner')
    expect(block.transactions.map((t) => [t.sender, t.recipient, t.amount])).toEqual([
      ['a', 'b', '5'],
      ['0', 'miner', '1'],
    ])
    expect(chain.lastBlock).toEqual(block)
    expect(change.connected.map(({ hash }) => hash)).toEqual([block.header.hash])
    expect(change.disconnected).toEqual([])
    expect(change.fork?.hash).toBe(genesis.header.hash)
  })

  it('has no reward where nobody is to have it', () => {
    const chain = easyChain()
    const proof = chain.proofOfWork()
    expect(chain.newBlock({ proof, timestampMs: 0 }).block.transactions).toEqual([])
  })

  it('is refused with a wrong proof, and nothing changes', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    let wrong = 0
    while (chain.validProof(wrong)) wrong++
    const before = chain.tip
    expect(codeOf(() => chain.newBlock({ proof: wrong, timestampMs: 0 }))).toBe('high-hash')
    expect(chain.tip).toEqual(before)
    expect(parties(chain)).toEqual(['a>b'])
  })
})

describe('adding a block from elsewhere', () => {
  it('takes its text, its JSON or itself', () => {
    const block = blockAfter(genesis)
    const json = parseJson(block.text)
    if (!(json instanceof JsonObject)) throw new Error('a block is an object')
    for (const input of [block, json, block.text]) {
      const chain = easyChain()
      expect(chain.addBlock(input).tip.hash).toBe(block.header.hash)
      expect(chain.hash(input)).toBe(block.header.hash)
    }
  })

  it('takes its transactions out of the current ones, once each', () => {
    const chain = easyChain()
    for (const recipient of ['b', 'b', 'c']) {
      chain.addTransaction({ sender: 'a', recipient, amount: 1 })
    }
    chain.addBlock(blockAfter(genesis, { transactions: [payment('a', 'b')] }))
    expect(parties(chain)).toEqual(['a>b', 'a>c'])
  })

  it('knows a payment that is written in other digits', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: '1e-7' })
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: '10' })
    chain.addBlock(
      blockAfter(genesis, {
        transactions: [payment('a', 'b', '1e-07'), payment('a', 'b', '10.0')],
      }),
    )
    expect(chain.currentTransactions.map(({ amount }) => amount)).toEqual(['10'])
  })

  it('refuses one that it has', () => {
    const chain = easyChain()
    const { block } = mine(chain)
    expect(codeOf(() => chain.addBlock(block))).toBe('duplicate')
    expect(codeOf(() => chain.addBlock(genesis))).toBe('duplicate')
  })

  it('refuses one whose parent is not here, as missing and not as invalid', () => {
    const [, second] = branch(genesis, 2)
    const error = errorOf(() => easyChain().addBlock(second ?? genesis))
    expect(error).toMatchObject({ code: 'prev-blk-not-found', kind: 'missing' })
  })

  it('believes the text of a block and nothing else of it', () => {
    const chain = easyChain()
    const block = blockAfter(genesis, { rewardTo: 'me' })
    const other = blockAfter(genesis, { rewardTo: 'you' })
    expect(codeOf(() => chain.addBlock({ ...block, text: 'garbage' }))).toBe('json-syntax')
    expect(chain.addBlock({ ...other, text: block.text }).added.hash).toBe(block.header.hash)
    const foreign = new BlockChain({ spec: TOYCHAIN_PY })
    expect(codeOf(() => foreign.addBlock(genesis))).toBe('bad-genesis')
  })

  it('refuses text that is no JSON', () => {
    expect(codeOf(() => easyChain().addBlock('{'))).toBe('json-syntax')
    expect(codeOf(() => easyChain().addBlock('[]'))).toBe('bad-block-type')
  })

  it('serves blocks by index and by hash, side branches by hash only', () => {
    const chain = easyChain()
    const [first, second] = branch(genesis, 2, 1)
    const side = blockAfter(genesis, { salt: 2 })
    for (const block of [first, second, side]) if (block !== undefined) chain.addBlock(block)
    expect(chain.block(2)).toEqual(first)
    expect(chain.block(4)).toBeUndefined()
    expect(chain.block(side.header.hash)).toEqual(side)
  })
})

describe('a reorganisation', () => {
  it('moves to the longer branch and returns what only the abandoned blocks held', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: 'both', recipient: 'x', amount: 1 })
    chain.addTransaction({ sender: 'ours', recipient: 'x', amount: 1 })
    const ours = mine(chain).block
    chain.addTransaction({ sender: 'waiting', recipient: 'x', amount: 1 })
    const first = blockAfter(genesis, {
      transactions: [payment('both', 'x'), payment('waiting', 'x')],
      rewardTo: 'them',
    })
    const side = chain.addBlock(first)
    expect(side.connected).toEqual([])
    expect(parties(chain)).toEqual(['waiting>x'])

    const change = chain.addBlock(blockAfter(first, { rewardTo: 'them' }))
    expect(change.disconnected.map(({ hash }) => hash)).toEqual([ours.header.hash])
    expect(change.connected).toHaveLength(2)
    expect(change.fork?.hash).toBe(genesis.header.hash)
    expect(parties(chain)).toEqual(['ours>x'])
  })

  it('counts equal payments: two abandoned, one confirmed, one returns', () => {
    const chain = easyChain()
    for (let i = 0; i < 2; i++) chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    mine(chain)
    chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 })
    const first = blockAfter(genesis, { transactions: [payment('a', 'b')] })
    chain.addBlock(first)
    chain.addBlock(blockAfter(first))
    expect(parties(chain)).toEqual(['a>b', 'a>b'])
  })

  it('does not return the reward, nor anything else from "0" in its place', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: '0', recipient: 'forger', amount: 1 })
    mine(chain)
    for (const block of branch(genesis, 2, 3)) chain.addBlock(block)
    expect(parties(chain)).toEqual(['0>forger'])
  })

  it('does not take a waiting payment for the reward of a block', () => {
    const chain = easyChain()
    chain.addTransaction({ sender: '0', recipient: 'me', amount: 1 })
    const [block] = branch(genesis, 1)
    chain.addBlock(blockAfter(genesis, { rewardTo: 'me' }))
    expect(parties(chain)).toEqual(['0>me'])
    expect(block).toBeDefined()
  })

  it('puts what returns before what waits, in its old order', () => {
    const chain = easyChain()
    for (const sender of ['1', '2']) chain.addTransaction({ sender, recipient: 'x', amount: 1 })
    mine(chain)
    chain.addTransaction({ sender: '3', recipient: 'x', amount: 1 })
    mine(chain)
    chain.addTransaction({ sender: '4', recipient: 'x', amount: 1 })
    for (const block of branch(genesis, 3, 3)) chain.addBlock(block)
    expect(parties(chain)).toEqual(['1>x', '2>x', '3>x', '4>x'])
    expect(chain.addTransaction({ sender: '5', recipient: 'x', amount: 1 }).index).toBe(5)
    expect(mine(chain).block.transactions.map(({ sender }) => sender)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '0',
    ])
  })

  it('takes back the first branch when it is the longer one again', () => {
    const chain = easyChain()
    const [a, b] = [branch(genesis, 3, 1), branch(genesis, 2, 2)]
    for (const block of [...a.slice(0, 1), ...b]) chain.addBlock(block)
    expect(chain.tip.hash).toBe(b[1]?.header.hash)
    for (const block of a.slice(1)) chain.addBlock(block)
    expect(chain.tip.hash).toBe(a[2]?.header.hash)
    expect(chain.block(2)).toEqual(a[0])
  })

  it('keeps the branch that was here first where the work is equal', () => {
    const chain = easyChain()
    const [a, b] = [branch(genesis, 2, 1), branch(genesis, 2, 2)]
    for (const block of [...a, ...b]) chain.addBlock(block)
    expect(chain.tip.hash).toBe(a[1]?.header.hash)
  })

  it('adopts a chain with another genesis of the right form', () => {
    const chain = easyChain()
    mine(chain)
    const foreign = EASY.rules.decodeBlock(parseJson(genesis.text.replace('1767225600.0', '1.5')))
    const theirs = [foreign, ...branch(foreign, 2, 8)]
    for (const block of theirs) chain.addBlock(block)
    expect(chain.block(1)).toEqual(foreign)
    expect(chain.length).toBe(3)
  })
})

describe('checking a chain', () => {
  const blocks = [genesis, ...branch(genesis, 3)]

  it('accepts a /chain answer, an array of blocks, and blocks', () => {
    const array = `[${blocks.map(({ text }) => text).join(',')}]`
    const items = parseJson(array)
    if (!Array.isArray(items)) throw new Error('an array')
    for (const input of [chainText(blocks), array, blocks, items]) {
      expect(easyChain().checkChain(input)).toMatchObject({ valid: true, length: 4 })
    }
  })

  it('names the block and the rule of the first fault', () => {
    const text = chainText(blocks)
    const third = blocks[2]?.header.hash ?? ''
    const broken = text.replace(third, '0'.repeat(64))
    expect(easyChain().checkChain(broken)).toMatchObject({
      valid: false,
      block: 4,
      error: { code: 'bad-previous-hash', data: { expected: third, got: '0'.repeat(64) } },
    })
  })

  it('refuses what is no JSON, whole or in a block', () => {
    expect(easyChain().checkChain('<html>')).toMatchObject({
      valid: false,
      error: { code: 'json-syntax' },
    })
    const broken = [genesis, { ...blockAfter(genesis), text: '{' }]
    expect(easyChain().checkChain(broken)).toMatchObject({
      valid: false,
      block: 2,
      error: { code: 'json-syntax' },
    })
  })

  it('refuses no chain at all, and what is none', () => {
    const verdict = (text: string) => easyChain().checkChain(text)
    expect(verdict('[]')).toMatchObject({ valid: false, block: 0, error: { code: 'empty-chain' } })
    for (const text of ['{}', '"x"', '1', 'null', '{"chain": 1}', '["x"]', '[null]']) {
      expect(verdict(text)).toMatchObject({ valid: false, block: 1 })
    }
  })

  it('does not take a part of a chain for a whole one', () => {
    expect(easyChain().checkChain(blocks.slice(1))).toMatchObject({
      valid: false,
      block: 1,
      error: { code: 'bad-index', data: { expected: 1, got: 2 } },
    })
  })

  it('changes nothing', () => {
    const chain = easyChain()
    chain.checkChain(blocks)
    expect(chain.length).toBe(1)
  })
})

describe('resolving conflicts', () => {
  const short = [genesis, ...branch(genesis, 2, 1)]
  const long = [genesis, ...branch(genesis, 4, 2)]
  const broken = chainText([genesis, ...branch(genesis, 6, 3)]).replace('"index": 5', '"index": 6')

  it('adopts the longest valid candidate, whatever else is offered', () => {
    const chain = easyChain()
    const { replaced, verdicts } = chain.resolveConflicts([chainText(short), broken, long, short])
    expect(replaced).toBe(true)
    expect(verdicts.map(({ valid }) => valid)).toEqual([true, false, true, true])
    expect(chain.tip.hash).toBe(long[4]?.header.hash)
  })

  it('is not held up by a candidate that is no JSON', () => {
    const chain = easyChain()
    expect(chain.resolveConflicts(['<html>', long]).replaced).toBe(true)
    expect(chain.length).toBe(5)
  })

  it('keeps ours where nothing valid is longer: ours wins ties', () => {
    const chain = easyChain()
    for (const block of short.slice(1)) chain.addBlock(block)
    const tie = [genesis, ...branch(genesis, 2, 9)]
    expect(chain.resolveConflicts([tie, broken, []]).replaced).toBe(false)
    expect(chain.tip.hash).toBe(short[2]?.header.hash)
  })

  it('takes the first of two candidates that are equally long', () => {
    const chain = easyChain()
    const other = [genesis, ...branch(genesis, 4, 5)]
    chain.resolveConflicts([long, other])
    expect(chain.tip.hash).toBe(long[4]?.header.hash)
  })

  it('keeps no part of a candidate that is invalid further on', () => {
    const chain = easyChain()
    chain.resolveConflicts([broken])
    expect(chain.length).toBe(1)
  })

  it('decides the fork of two real Python nodes as they do', () => {
    const json = JSON.parse(ownVector('dvf_fork_pair.json'))
    const [a, b]: string[] = [json.chain_a_wire, json.chain_b_wire]
    const chain = new BlockChain()
    expect(chain.resolveConflicts([String(a)]).replaced).toBe(true)
    expect(chain.length).toBe(14)
    expect(chain.resolveConflicts([String(b)]).replaced).toBe(true)
    expect(chain.length).toBe(16)
    expect(chain.resolveConflicts([String(a), String(b)]).replaced).toBe(false)
  })

  it('loses and doubles no payment', () => {
    const [a, b] = [easyChain(), easyChain()]
    for (const chain of [a, b]) {
      chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
      mine(chain, chain === a ? 'a' : 'b')
    }
    mine(a, 'a')
    const blocks = [1, 2, 3].map((i) => a.block(i)).filter((block) => block !== undefined)
    expect(b.resolveConflicts([blocks]).replaced).toBe(true)
    expect(b.tip.hash).toBe(a.tip.hash)
    expect(b.currentTransactions).toEqual([])
  })
})

describe('registering a node', () => {
  it('keeps an address once, whatever form it came in', () => {
    const chain = easyChain()
    expect(chain.registerNode('http://Example:5001/')).toEqual({
      address: 'example:5001',
      added: true,
    })
    expect(chain.registerNode('example:5001')).toEqual({ address: 'example:5001', added: false })
    expect(chain.nodes).toEqual(['example:5001'])
  })

  it('keeps as many as the limit and refuses one more', () => {
    const chain = easyChain()
    for (let i = 1; i <= MAX_NODES; i++) chain.registerNode(`h${i}`)
    expect(codeOf(() => chain.registerNode('one-more'))).toBe('too-many-nodes')
    expect(chain.registerNode('h1').added).toBe(false)
  })
})
