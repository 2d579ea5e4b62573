import { describe, expect, it } from 'vitest'
import { MAX_BATCH_BLOCKS } from '../../src/core/limits.ts'
import { CLASSIC } from '../../src/core/spec.ts'
import { startTutorialServer } from '../api/routes/tutorial-server.ts'
import { chainText } from '../helpers/chains.ts'
import { sample } from '../helpers/volume.ts'
import { startCountingProxy } from './counting-proxy.ts'
import { giveBlocks, resolveWith, startOurNode } from './our-node.ts'
import { DIALECTS, preparedChain } from './prepared-chain.ts'
import { describeInterop, hashedByPython, startTutorialNode } from './tutorial-node.ts'

const LENGTH = 500

describe.each(sample(DIALECTS, 1))(
  `a tutorial node with ${LENGTH} blocks (%s)`,
  (dialect, spec) => {
    const blocks = preparedChain(spec, LENGTH)

    describeInterop('is read with one request', () => {
      it.each([
        ['a new node', 1, 'ours'],
        ['a node with blocks of its own', 3, 'ours'],
        ['a node that has its first blocks', 3, 'theirs'],
        ['a node that has a batch of it', MAX_BATCH_BLOCKS, 'theirs'],
        ['a node that has all but the last', LENGTH - 1, 'theirs'],
      ])('by %s', async (_what, height, whose) => {
        const theirs = await startTutorialNode(dialect, { load: chainText(blocks) })
        const proxy = await startCountingProxy(theirs.address)
        const ours = await startOurNode({ spec })
        if (whose === 'theirs') await giveBlocks(ours, blocks.slice(0, height))
        else for (let i = 1; i < height; i++) await ours.get('/mine')
        const { message, report } = await resolveWith(ours, [proxy])
        expect(proxy.asked).toEqual([`GET /chain?from=${height}&limit=${MAX_BATCH_BLOCKS}`])
        expect(message).toBe('Our chain was replaced')
        const tip = blocks.at(-1)?.header.hash
        expect(report).toEqual([{ node: proxy.address, verdict: 'adopted', length: LENGTH, tip }])
        expect((await hashedByPython(await ours.get('/chain'))).at(-1)).toBe(tip)
      })

      it('by a node that has all of it, or more', async () => {
        const theirs = await startTutorialNode(dialect, { load: chainText(blocks) })
        for (const [more, verdict] of [
          [0, 'same'],
          [1, 'shorter'],
        ] as const) {
          const proxy = await startCountingProxy(theirs.address)
          const ours = await startOurNode({ spec })
          await giveBlocks(ours, preparedChain(spec, LENGTH + more))
          const { report } = await resolveWith(ours, [proxy])
          const tip = blocks.at(-1)?.header.hash
          expect(report).toEqual([{ node: proxy.address, verdict, length: LENGTH, tip }])
          expect(proxy.asked).toHaveLength(1)
        }
      })
    })

    describeInterop('is fed by us', () => {
      it('and has the same hashes', async () => {
        const ours = await startOurNode({ spec })
        await giveBlocks(ours, blocks)
        const theirs = await startTutorialNode(dialect)
        await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
        const { message } = JSON.parse(await theirs.get('/nodes/resolve'))
        expect(message).toBe('Our chain was replaced')
        const hashes = blocks.map(({ header }) => header.hash)
        expect(await hashedByPython(await theirs.get('/chain'))).toEqual(hashes)
      })
    })
  },
)

describe('a chain about as long as what we ask for at once', () => {
  it.each([-1, 0, 1])(
    'is read with one request, but where it could be a part of a longer one (%d more)',
    async (more) => {
      const blocks = preparedChain(CLASSIC, MAX_BATCH_BLOCKS + more)
      const texts = blocks.map(({ text }) => text)
      for (const text of [chainText(blocks), `{"chain": [${texts.join(', ')}]}`]) {
        const theirs = await startTutorialServer(text)
        const ours = await startOurNode({ spec: CLASSIC })
        const { report } = await resolveWith(ours, [theirs])
        const tip = blocks.at(-1)?.header.hash
        expect(report).toEqual([
          { node: theirs.address, verdict: 'adopted', length: blocks.length, tip },
        ])
        // Exactly as many as were asked for, and no length said: there may be more.
        const isOpen = more === 0 && !text.includes('length')
        expect(theirs.asked).toHaveLength(isOpen ? 2 : 1)
      }
    },
  )
})
