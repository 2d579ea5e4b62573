import { describe, expect, it } from 'vitest'
import { chainText } from '../helpers/chains.ts'
import { giveBlocks, hashesOf, paymentText, resolveWith, startOurNode } from './our-node.ts'
import { DIALECTS, preparedChain } from './prepared-chain.ts'
import { describeInterop, hashedByPython, startTutorialNode } from './tutorial-node.ts'

const REPLACED = 'Our chain was replaced'
const AUTHORITATIVE = 'Our chain is authoritative'

describe.each(DIALECTS)('in the %s dialect', (dialect, spec) => {
  describeInterop('our node', () => {
    it('adopts the longer chain that a tutorial node has mined, and our payments return', async () => {
      const theirs = await startTutorialNode(dialect)
      await theirs.post('/transactions/new', paymentText('Ada', 'Bob', '2.50'))
      await theirs.get('/mine')
      await theirs.get('/mine')
      const ours = await startOurNode({ spec })
      await ours.post('/transactions/new', paymentText('Lea', 'Mark', '10.0'))
      await ours.get('/mine')
      const { message, report, length, text } = await resolveWith(ours, [theirs])
      expect({ message, length }).toEqual({ message: REPLACED, length: 3 })
      const hashes = await hashedByPython(await theirs.get('/chain'))
      expect(report).toEqual([
        { node: theirs.address, verdict: 'adopted', length: 3, tip: hashes.at(-1) },
      ])
      expect(await hashesOf(ours)).toEqual(hashes)
      expect(JSON.parse(text).new_chain).toEqual(JSON.parse(await theirs.get('/chain')).chain)
      expect(await ours.get('/transactions')).toContain('"amount": 10.0, "recipient": "Mark"')
      expect(JSON.parse(await ours.get('/transactions')).length).toBe(1)
    })

    it('mines on after what it adopted, and the tutorial node adopts that', async () => {
      const theirs = await startTutorialNode(dialect, { load: chainText(preparedChain(spec, 3)) })
      const ours = await startOurNode({ spec })
      await resolveWith(ours, [theirs])
      await ours.get('/mine')
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
      const answer = JSON.parse(await theirs.get('/nodes/resolve'))
      expect(answer.message).toBe(REPLACED)
      expect(answer.new_chain).toHaveLength(4)
      expect(await hashedByPython(await theirs.get('/chain'))).toEqual(await hashesOf(ours))
    })

    it('adopts by reorganising, also where not even the genesis is shared', async () => {
      const theirs = await startTutorialNode(dialect, { load: chainText(preparedChain(spec, 4)) })
      const ours = await startOurNode({ spec })
      await ours.get('/mine')
      const before = await hashesOf(ours)
      await resolveWith(ours, [theirs])
      const { tips } = JSON.parse(await ours.get('/tips'))
      expect(tips).toMatchObject([
        { index: 4, active: true },
        { index: 2, active: false, hash: before[1], branch_length: 2, fork: null },
      ])
    })
  })

  describeInterop('a tutorial node', () => {
    it('adopts our longer chain', async () => {
      const ours = await startOurNode({ spec })
      await ours.post('/transactions/new', paymentText('Lea', 'Mark', '10.0'))
      await ours.get('/mine')
      await ours.get('/mine')
      const theirs = await startTutorialNode(dialect)
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [`http://${ours.address}/`] }))
      const answer = JSON.parse(await theirs.get('/nodes/resolve'))
      expect(answer.message).toBe(REPLACED)
      expect(answer.new_chain).toEqual(JSON.parse(await ours.get('/chain')).chain)
      expect(await hashedByPython(await theirs.get('/chain'))).toEqual(await hashesOf(ours))
    })
  })

  describeInterop('chains of equal length', () => {
    it('stay where they are, on both sides', async () => {
      const ours = await startOurNode({ spec })
      await ours.get('/mine')
      const theirs = await startTutorialNode(dialect, { load: chainText(preparedChain(spec, 2)) })
      const before = [await ours.get('/chain'), await theirs.get('/chain')]
      const { message, report } = await resolveWith(ours, [theirs])
      expect(message).toBe(AUTHORITATIVE)
      const tip = (await hashedByPython(before[1] ?? '')).at(-1)
      expect(report).toEqual([{ node: theirs.address, verdict: 'tie', length: 2, tip }])
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
      expect(JSON.parse(await theirs.get('/nodes/resolve')).message).toBe(AUTHORITATIVE)
      expect([await ours.get('/chain'), await theirs.get('/chain')]).toEqual(before)
    })
  })

  describeInterop('a shorter chain', () => {
    it('of a tutorial node changes nothing of ours', async () => {
      const ours = await startOurNode({ spec })
      await giveBlocks(ours, preparedChain(spec, 5))
      await ours.post('/transactions/new', paymentText('Lea', 'Mark', '1'))
      const theirs = await startTutorialNode(dialect)
      const before = [await ours.get('/chain'), await ours.get('/transactions')]
      const { message, report } = await resolveWith(ours, [theirs])
      expect(message).toBe(AUTHORITATIVE)
      const [tip] = await hashedByPython(await theirs.get('/chain'))
      expect(report).toEqual([{ node: theirs.address, verdict: 'shorter', length: 1, tip }])
      expect([await ours.get('/chain'), await ours.get('/transactions')]).toEqual(before)
    })

    it('of ours changes nothing of a tutorial node', async () => {
      const ours = await startOurNode({ spec })
      const theirs = await startTutorialNode(dialect, { load: chainText(preparedChain(spec, 2)) })
      const before = await theirs.get('/chain')
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
      expect(JSON.parse(await theirs.get('/nodes/resolve')).message).toBe(AUTHORITATIVE)
      expect(await theirs.get('/chain')).toBe(before)
    })
  })
})

describeInterop('the other dialect', () => {
  const pairs = DIALECTS.flatMap(([dialect, theirSpec]) => {
    const [, ourSpec = theirSpec] = DIALECTS.find(([name]) => name !== dialect) ?? []
    return [1, 3, 5].map((height) => ({ dialect, theirSpec, ourSpec, height }))
  })

  it.each(pairs)(
    '($dialect) is refused with the rule and the block by a node with $height block(s)',
    async ({ dialect, theirSpec, ourSpec, height }) => {
      const load = chainText(preparedChain(theirSpec, 4))
      const theirs = await startTutorialNode(dialect, { load })
      const ours = await startOurNode({ spec: ourSpec })
      if (height > 1) await giveBlocks(ours, preparedChain(ourSpec, height))
      const before = await ours.get('/chain')
      const { message, report } = await resolveWith(ours, [theirs])
      expect(message).toBe(AUTHORITATIVE)
      expect(report).toMatchObject([
        { node: theirs.address, verdict: 'invalid', rule: 'bad-genesis', block: 1 },
      ])
      expect(await ours.get('/chain')).toBe(before)
      const kept = await theirs.get('/chain')
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
      expect(JSON.parse(await theirs.get('/nodes/resolve')).message).toBe(AUTHORITATIVE)
      expect(await theirs.get('/chain')).toBe(kept)
    },
  )
})
