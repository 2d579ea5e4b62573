/** The judge over nodes that nobody here wrote: each mistake is found where it is, and right nodes pass. */
import { expect, it } from 'vitest'
import { CLASSIC, type Spec, TOYCHAIN_PY } from '../../src/core/spec.ts'
import { ALL_PASSED, firstOf, judgedAt, stagesOf } from '../check/judged.ts'
import { sample, volume } from '../helpers/volume.ts'
import { DIALECTS, type Dialect } from './prepared-chain.ts'
import {
  describeFramework,
  describeInterop,
  startFrameworkNode,
  startTutorialNode,
  studentList,
} from './tutorial-node.ts'

const { bugs, habits } = studentList()
const REQUIRED = { chain: true, transactions: true, mine: true, register: true, resolve: true }

/** Every mistake and habit in each dialect; a sample of them is chosen by the seed. */
function inDialects<T>(list: readonly T[], count: number): (readonly [Dialect, T])[] {
  const all = DIALECTS.flatMap(([dialect]) => list.map((each) => [dialect, each] as const))
  return [...sample(all, count)]
}

function judgedIn(dialect: Dialect, { address }: { address: string }) {
  const spec: Spec = dialect === 'tutorial' ? CLASSIC : TOYCHAIN_PY
  return judgedAt(`http://${address}`, { spec, timeoutMs: 30_000 })
}

describeInterop('a student’s node in Python', () => {
  it.each(inDialects(Object.entries(bugs), 5))(
    'in the %s dialect with %s',
    async (dialect, [bug, stage]) => {
      const report = await judgedIn(dialect, await startTutorialNode(dialect, { bug }))
      const [found] = firstOf(report).at.split('/')
      expect(found).toBe(stage)
      expect(report.passed).toBe(stage === 'robust')
    },
  )

  it.each(inDialects(habits, 2))(
    'in the %s dialect with the habit %s is right',
    async (dialect, habit) => {
      const report = await judgedIn(dialect, await startTutorialNode(dialect, { habit }))
      expect([firstOf(report), stagesOf(report)]).toEqual([
        firstOf({ ...report, stages: [] }),
        ALL_PASSED,
      ])
    },
  )

  it.each(DIALECTS)('without a mistake is right, in the %s dialect', async (dialect) => {
    const report = await judgedIn(dialect, await startTutorialNode(dialect, { bug: '' }))
    expect(stagesOf(report)).toEqual(ALL_PASSED)
  })
})

describeInterop('the tutorial’s node', () => {
  it.each(DIALECTS)('passes what is required, in the %s dialect', async (dialect) => {
    const report = await judgedIn(dialect, await startTutorialNode(dialect))
    expect(stagesOf(report)).toMatchObject(REQUIRED)
    expect(report.passed).toBe(true)
  })
})

for (const framework of ['flask', 'fastapi'] as const) {
  describeFramework(framework, () => {
    it.each(DIALECTS.slice(0, volume(2, 1)))(
      'passes what is required, in the %s dialect',
      async (dialect) => {
        const report = await judgedIn(dialect, await startFrameworkNode(framework, dialect))
        expect([firstOf(report).at, stagesOf(report)]).toEqual([
          expect.stringMatching(/robust|none/),
          expect.objectContaining(REQUIRED),
        ])
      },
    )
  })
}
