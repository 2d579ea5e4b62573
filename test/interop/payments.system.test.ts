import { describe, expect, it } from 'vitest'
import { chainText } from '../helpers/chains.ts'
import { giveBlocks, type OurNode, paymentText, resolveWith, startOurNode } from './our-node.ts'
import { DIALECTS, preparedChain } from './prepared-chain.ts'
import { describeInterop, startTutorialNode, type TutorialNode } from './tutorial-node.ts'

interface Paid {
  readonly sender: string
  readonly recipient: string
  readonly amount: number
}

/** How often each payment is in the chain or waits; rewards are none. */
async function payments(ours: OurNode): Promise<Record<string, number>> {
  const { chain } = JSON.parse(await ours.get('/chain'))
  const { transactions } = JSON.parse(await ours.get('/transactions'))
  const all = [...chain.flatMap((block: { transactions: Paid[] }) => block.transactions)]
  return counted([...all, ...transactions])
}

function counted(all: readonly Paid[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { sender, recipient } of all) {
    if (sender === '0') continue
    const name = `${sender} to ${recipient}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

async function waiting(ours: OurNode): Promise<string[]> {
  const { transactions } = JSON.parse(await ours.get('/transactions'))
  return transactions.map(({ sender, recipient }: Paid) => `${sender} to ${recipient}`)
}

async function pay(node: OurNode | TutorialNode, sender: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await node.post('/transactions/new', paymentText(sender, 'Mark', '10.0'))
  }
}

describe.each(DIALECTS)('payments on both sides (%s)', (dialect, spec) => {
  describeInterop('of a reorganisation', () => {
    it('are neither lost nor doubled', async () => {
      const ours = await startOurNode({ spec })
      const theirs = await startTutorialNode(dialect)
      await pay(ours, 'both')
      await pay(theirs, 'both')
      await pay(ours, 'ours-in-a-block')
      await pay(ours, 'twice-ours-once-theirs', 2)
      await pay(theirs, 'twice-ours-once-theirs')
      await ours.get('/mine')
      await pay(ours, 'waits-here-mined-there')
      await pay(theirs, 'waits-here-mined-there')
      await pay(ours, 'only-waits', 2)
      await pay(theirs, 'theirs', 3)
      await theirs.get('/mine')
      await theirs.get('/mine')
      const { message } = await resolveWith(ours, [theirs])
      expect(message).toBe('Our chain was replaced')
      const expected = {
        'both to Mark': 1,
        'ours-in-a-block to Mark': 1,
        'twice-ours-once-theirs to Mark': 2,
        'waits-here-mined-there to Mark': 1,
        'only-waits to Mark': 2,
        'theirs to Mark': 3,
      }
      expect(await payments(ours)).toEqual(expected)
      const rest = [
        'ours-in-a-block to Mark',
        'twice-ours-once-theirs to Mark',
        'only-waits to Mark',
        'only-waits to Mark',
      ]
      expect(await waiting(ours), 'those of abandoned blocks in front').toEqual(rest)
      await ours.get('/mine')
      expect(await waiting(ours)).toEqual([])
      expect(await payments(ours)).toEqual(expected)
    })

    it('stay what they are when the same chain is resolved again and again', async () => {
      const ours = await startOurNode({ spec })
      const theirs = await startTutorialNode(dialect)
      await pay(ours, 'ours', 2)
      await ours.get('/mine')
      await pay(theirs, 'theirs')
      await theirs.get('/mine')
      await theirs.get('/mine')
      const expected = { 'ours to Mark': 2, 'theirs to Mark': 1 }
      for (let i = 0; i < 3; i++) {
        await resolveWith(ours, [theirs])
        expect(await payments(ours)).toEqual(expected)
      }
    })

    it('come back as they were when we overtake, and our rewards do not', async () => {
      const ours = await startOurNode({ spec })
      await pay(ours, 'ours')
      await ours.get('/mine')
      const theirs = await startTutorialNode(dialect, { load: chainText(preparedChain(spec, 3)) })
      await resolveWith(ours, [theirs])
      expect(await waiting(ours)).toEqual(['ours to Mark'])
      await ours.get('/mine')
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [ours.address] }))
      await theirs.get('/nodes/resolve')
      const { chain } = JSON.parse(await theirs.get('/chain'))
      const paid: Paid[] = chain.flatMap((block: { transactions: Paid[] }) => block.transactions)
      expect(counted(paid)).toEqual({
        'Lea-1 to Mark': 1,
        'Lea-2 to Mark': 1,
        'ours to Mark': 1,
      })
      expect(paid.filter(({ recipient }) => recipient === ours.id)).toHaveLength(1)
    })
  })

  describeInterop('of a chain that did not win', () => {
    it('are not ours', async () => {
      const ours = await startOurNode({ spec })
      await giveBlocks(ours, preparedChain(spec, 4))
      const theirs = await startTutorialNode(dialect)
      await pay(theirs, 'theirs')
      await theirs.get('/mine')
      const before = await payments(ours)
      await resolveWith(ours, [theirs])
      expect(await payments(ours)).toEqual(before)
      expect(await waiting(ours)).toEqual([])
    })
  })
})
