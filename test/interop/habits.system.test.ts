/** Nodes that are right in another way than the tutorial's: they adopt our chain, and we theirs. */
import { describe, expect, it } from 'vitest'
import type { Spec } from '../../src/core/spec.ts'
import { hashesOf, resolveWith, startOurNode } from './our-node.ts'
import { DIALECTS, type Dialect } from './prepared-chain.ts'
import {
  describeFramework,
  describeInterop,
  hashedByPython,
  startFrameworkNode,
  startTutorialNode,
  type TutorialNode,
} from './tutorial-node.ts'

const HABITS = [
  'created-201',
  'exact-url',
  'slash-redirect',
  'pretty',
  'other-messages',
  'extra-keys-in-answers',
]

/** They mine, we adopt; we mine, they adopt. */
async function expectFriends(theirs: TutorialNode, spec: Spec): Promise<void> {
  await theirs.get('/mine')
  await theirs.get('/mine')
  const ours = await startOurNode({ spec })
  // A chain of our own makes it a query for a part.
  await ours.get('/mine')
  const { report } = await resolveWith(ours, [theirs])
  expect(report).toMatchObject([{ node: theirs.address, verdict: 'adopted', length: 3 }])
  expect(await hashesOf(ours)).toEqual(await hashedByPython(await theirs.get('/chain')))
  expect((await resolveWith(ours, [theirs])).report).toMatchObject([{ verdict: 'same' }])
  const network = JSON.parse(await ours.get('/network'))
  expect(network.nodes).toMatchObject([{ reachable: true, height: 3 }])
  await ours.get('/mine')
  await theirs.post('/nodes/register', JSON.stringify({ nodes: [`http://${ours.address}`] }))
  await theirs.get('/nodes/resolve')
  expect(await hashedByPython(await theirs.get('/chain'))).toEqual(await hashesOf(ours))
  expect(await hashesOf(ours)).toHaveLength(4)
}

function eachDialect(friends: (dialect: Dialect, spec: Spec) => Promise<void>): void {
  it.each(DIALECTS)('and ours adopt each other in the %s dialect', friends)
}

describeInterop('a student’s node', () => {
  describe.each(HABITS)('with the habit %s', (habit) => {
    eachDialect(async (dialect, spec) => {
      await expectFriends(await startTutorialNode(dialect, { habit }), spec)
    })
  })
})

for (const framework of ['flask', 'fastapi'] as const) {
  describeFramework(framework, () => {
    eachDialect(async (dialect, spec) => {
      await expectFriends(await startFrameworkNode(framework, dialect), spec)
    })
  })
}
