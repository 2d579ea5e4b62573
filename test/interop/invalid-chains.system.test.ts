import { describe, expect, it } from 'vitest'
import { CLASSIC } from '../../src/core/spec.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { startTutorialServer } from '../api/routes/tutorial-server.ts'
import { sample } from '../helpers/volume.ts'
import { giveBlocks, hashesOf, resolveWith, startOurNode } from './our-node.ts'
import { preparedChain } from './prepared-chain.ts'

const VALID = preparedChain(CLASSIC, 7)
const TEXTS = VALID.map(({ text }) => text)
const hashOf = (index: number) => VALID[index - 1]?.header.hash ?? ''

/** The chain with one block's text changed. */
function changed(index: number, from: string | RegExp, to: string): string[] {
  const before = TEXTS[index - 1] ?? ''
  const after = before.replace(from, to)
  if (after === before) throw new Error(`${from} is not in block ${index}`)
  return TEXTS.with(index - 1, after)
}

/** What was done to the chain, the first rule that it breaks, and the block that breaks it. */
const TAMPERED: [what: string, blocks: string[], rule: string, block: number][] = [
  ['a genesis with another proof', changed(1, '"proof": 100', '"proof": 99'), 'bad-genesis', 1],
  ['a genesis that pays', changed(1, '[]', paying('Eve')), 'bad-genesis', 1],
  ['a genesis of the other dialect', changed(1, '"1"', '1'), 'bad-genesis', 1],
  ['a wrong proof', changed(4, /"proof": \d+/, '"proof": 1'), 'high-hash', 4],
  ['a proof with a point', changed(4, /("proof": \d+)/, '$1.0'), 'bad-proof', 4],
  ['another amount', changed(3, '10.0', '99.0'), 'bad-previous-hash', 4],
  ['10 for 10.0', changed(3, '10.0', '10'), 'bad-previous-hash', 4],
  ['another name', changed(3, 'Mark', 'Eve'), 'bad-previous-hash', 4],
  ['another time', changed(3, '2.25', '2.26'), 'bad-previous-hash', 4],
  ['a second reward', changed(3, '}]', `}, ${paying('Eve').slice(1)}`), 'bad-previous-hash', 4],
  ['a link that skips a block', changed(4, hashOf(3), hashOf(2)), 'bad-previous-hash', 4],
  ['a link in capitals', changed(4, hashOf(3), hashOf(3).toUpperCase()), 'bad-previous-hash', 4],
  ['a block with another index', changed(4, '"index": 4', '"index": 5'), 'bad-index', 4],
  ['a block left out', TEXTS.toSpliced(3, 1), 'bad-index', 4],
  ['a block twice', TEXTS.toSpliced(3, 0, TEXTS[2] ?? ''), 'bad-index', 4],
  ['two blocks that have changed places', TEXTS.toSorted(swapping(4, 5)), 'bad-index', 4],
  ['a key too many', changed(4, '{', '{"hash": "x", '), 'bad-block-keys', 4],
  ['a key twice', changed(4, '{', '{"index": 4, '), 'bad-block-keys', 4],
  ['a block that is null', TEXTS.with(3, 'null'), 'bad-block-type', 4],
  ['a block that is a text', TEXTS.with(3, '"block"'), 'bad-block-type', 4],
  ['a time that is a text', changed(4, '1700000003.25', '"now"'), 'bad-timestamp', 4],
  ['an amount that is a text', changed(4, '10.0', '"10.0"'), 'bad-amount', 4],
  ['an amount beyond numbers', changed(4, '10.0', '1e999'), 'bad-amount', 4],
  ['a payment from nobody', changed(4, '"Lea-3"', 'null'), 'bad-sender', 4],
  ['a payment to nobody', changed(4, '"Mark"', '7'), 'bad-recipient', 4],
  ['a payment without an amount', changed(4, '"amount": 10.0, ', ''), 'bad-transaction-keys', 4],
]

/** The transactions of a block that pays somebody one. */
function paying(recipient: string): string {
  return `[{"amount": 1, "recipient": "${recipient}", "sender": "0"}]`
}

/** Orders the chain as it is, but for two blocks. */
function swapping(one: number, other: number) {
  const places = new Map([
    [TEXTS[one - 1], other],
    [TEXTS[other - 1], one],
  ])
  const place = (text: string) => places.get(text) ?? TEXTS.indexOf(text) + 1
  return (a: string, b: string) => place(a) - place(b)
}

function chainOf(texts: readonly string[], length = texts.length): string {
  return `{"chain": [${texts.join(', ')}], "length": ${length}}`
}

it.each(TAMPERED)(
  'the tampered chain with %s is what it should be',
  (_what, blocks, rule, block) => {
    const verdict = new BlockChain({ spec: CLASSIC }).checkChain(chainOf(blocks))
    expect(verdict).toMatchObject({ valid: false, block, error: { code: rule } })
  },
)

describe('a tutorial node whose chain has', () => {
  it.each(sample(TAMPERED, 8, 1))(
    '%s is reported with the rule and the block to a node of its height',
    async (_what, blocks, rule, block) => {
      const theirs = await startTutorialServer(chainOf(blocks))
      const ours = await startOurNode({ spec: CLASSIC })
      await giveBlocks(ours, VALID.slice(0, 6))
      const before = await ours.get('/chain')
      const { message, report } = await resolveWith(ours, [theirs])
      expect(report).toMatchObject([{ node: theirs.address, verdict: 'invalid', rule, block }])
      expect(message).toBe('Our chain is authoritative')
      expect(await ours.get('/chain')).toBe(before)
      expect(theirs.asked, 'asked once').toHaveLength(1)
    },
  )

  it.each(sample(TAMPERED, 8, 2))(
    '%s is reported with the rule and the block to a new node',
    async (_what, blocks, rule, block) => {
      const theirs = await startTutorialServer(chainOf(blocks))
      const ours = await startOurNode({ spec: CLASSIC })
      const { report } = await resolveWith(ours, [theirs])
      expect(report).toMatchObject([{ node: theirs.address, verdict: 'invalid', rule, block }])
      expect(theirs.asked, 'asked once').toHaveLength(1)
    },
  )

  it.each(sample(TAMPERED, 8, 3))(
    '%s leaves a new node as it was: nothing of an invalid chain is taken',
    async (_what, blocks) => {
      const theirs = await startTutorialServer(chainOf(blocks))
      const ours = await startOurNode({ spec: CLASSIC })
      const before = [await ours.get('/chain'), await ours.get('/tips')]
      await resolveWith(ours, [theirs])
      expect([await ours.get('/chain'), await ours.get('/tips')]).toEqual(before)
    },
  )

  it('no genesis is not adopted', async () => {
    const theirs = await startTutorialServer(chainOf(TEXTS.slice(1)))
    for (const height of [1, 5]) {
      const ours = await startOurNode({ spec: CLASSIC })
      if (height > 1) await giveBlocks(ours, VALID.slice(0, height))
      const before = await ours.get('/chain')
      await resolveWith(ours, [theirs])
      expect(await ours.get('/chain')).toBe(before)
    }
  })

  it('nothing in it is as short as a chain can be', async () => {
    const theirs = await startTutorialServer(chainOf([]))
    const ours = await startOurNode({ spec: CLASSIC })
    const { report } = await resolveWith(ours, [theirs])
    expect(report).toMatchObject([{ verdict: 'invalid', rule: 'empty-chain' }])
  })
})

describe('a tutorial node that counts wrong', () => {
  it.each([0, 3, 8, 1e15])('and says %d of 7 keeps its verdict, with the reason', async (said) => {
    for (const height of [1, 3]) {
      const theirs = await startTutorialServer(chainOf(TEXTS, said))
      const ours = await startOurNode({ spec: CLASSIC })
      if (height > 1) await giveBlocks(ours, VALID.slice(0, height))
      const { message, report } = await resolveWith(ours, [theirs])
      expect(message).toBe('Our chain was replaced')
      const tip = VALID.at(-1)?.header.hash
      expect(report).toMatchObject([
        { verdict: 'adopted', length: 7, tip, reason: 'bad-length', detail: expect.any(String) },
      ])
      expect(await hashesOf(ours)).toEqual(VALID.map(({ header }) => header.hash))
    }
  })

  it('or does not say is believed by its blocks', async () => {
    const theirs = await startTutorialServer(`{"chain": [${TEXTS.join(',')}]}`)
    const ours = await startOurNode({ spec: CLASSIC })
    const { report } = await resolveWith(ours, [theirs])
    const tip = VALID.at(-1)?.header.hash
    expect(report).toEqual([{ node: theirs.address, verdict: 'adopted', length: 7, tip }])
  })
})

describe('other nodes', () => {
  it('are not spoiled by one whose chain is invalid', async () => {
    const bad = await startTutorialServer(chainOf(changed(6, /"proof": \d+/, '"proof": 1')))
    const good = await startTutorialServer(chainOf(TEXTS))
    const short = await startTutorialServer(chainOf(TEXTS.slice(0, 2)))
    const ours = await startOurNode({ spec: CLASSIC })
    const { message, report } = await resolveWith(ours, [bad, good, short])
    expect(message).toBe('Our chain was replaced')
    const verdicts = Object.fromEntries(report.map(({ node, verdict }) => [node, verdict]))
    expect(verdicts).toEqual({
      [bad.address]: 'invalid',
      [good.address]: 'adopted',
      [short.address]: 'shorter',
    })
    expect(await hashesOf(ours)).toEqual(VALID.map(({ header }) => header.hash))
  })
})
