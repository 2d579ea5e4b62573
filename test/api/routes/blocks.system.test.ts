import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_TIPS_LISTED } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { addBlocks, expectProblem, mine, pay, sharedApi, startApi } from '../../helpers/api.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

const { genesis } = EASY.rules
/** The branch that wins has four blocks after the genesis; two others leave it on the way. */
const WINNER = branch(genesis, 4, 1)
const [SECOND, THIRD] = WINNER
const LOSER = branch(SECOND ?? genesis, 2, 2)
const SHORT = branch(THIRD ?? genesis, 1, 3)
const FORKED = [...WINNER, ...LOSER, ...SHORT]

function hashOf(block: { header: { hash: string } } | undefined): string {
  if (block === undefined) throw new Error('no such block')
  return block.header.hash
}

describe('GET /blocks/{index or hash}', () => {
  const api = sharedApi({}, (started) => addBlocks(started, FORKED))

  it('by index: the block of the active chain', async () => {
    for (const [i, block] of [genesis, ...WINNER].entries()) {
      const answer = await api().app.inject(`/blocks/${i + 1}`)
      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      expect(answer.json()).toEqual({
        ...JSON.parse(block.text),
        hash: block.header.hash,
        active: true,
      })
      expect(answer.body, 'as it was stored').toContain(block.text.slice(0, -1))
    }
  })

  it('by hash, in lower and upper case: the same answer', async () => {
    const byIndex = (await api().app.inject('/blocks/3')).body
    const hash = hashOf(THIRD)
    expect((await api().app.inject(`/blocks/${hash}`)).body).toBe(byIndex)
    expect((await api().app.inject(`/blocks/${hash.toUpperCase()}`)).body).toBe(byIndex)
  })

  it('by hash: also a block of a branch that lost, which is not active', async () => {
    for (const block of [...LOSER, ...SHORT]) {
      const answer = await api().app.inject(`/blocks/${block.header.hash}`)
      expect(answer.json()).toEqual({
        ...JSON.parse(block.text),
        hash: block.header.hash,
        active: false,
      })
    }
  })

  it.each(['6', '0', '999999999999999', 'f'.repeat(64)])(
    '%s: 404 where there is none',
    async (which) => {
      expectProblem(await api().app.inject(`/blocks/${which}`), 404, 'block-not-found')
    },
  )

  it.each([
    'x',
    'first',
    '-1',
    '1.0',
    '1e3',
    '0x2',
    '+2',
    ' 2',
    'f'.repeat(63),
    'g'.repeat(64),
    '1'.repeat(16),
  ])('%s: 422 where it is neither an index nor a hash', async (which) => {
    const answer = await api().app.inject(`/blocks/${encodeURIComponent(which)}`)
    const { errors } = expectProblem(answer, 422, 'invalid-request')
    const detail = 'expected an index, latest, or a hash of 64 hex digits'
    expect(errors).toEqual([{ field: 'block', detail }])
  })

  it('latest is the last block of the active chain', async () => {
    const latest = await api().app.inject('/blocks/latest')
    const { height } = (await api().app.inject('/info')).json()
    expect(latest.statusCode).toBe(200)
    expect(latest.body).toBe((await api().app.inject(`/blocks/${height}`)).body)
  })

  it('422 also where it is far too long', async () => {
    for (const which of ['f'.repeat(65), '2'.repeat(101), 'f'.repeat(8_000)]) {
      const answer = await api().app.inject(`/blocks/${which}`)
      expectProblem(answer, 422, 'invalid-request')
    }
  })

  it('has a HEAD twin without a body', async () => {
    const found = await api().app.inject({ method: 'HEAD', url: '/blocks/2' })
    expect([found.statusCode, found.body]).toEqual([200, ''])
    const missing = await api().app.inject({ method: 'HEAD', url: '/blocks/99' })
    expect([missing.statusCode, missing.body]).toEqual([404, ''])
  })
})

describe('GET /tips', () => {
  it('at first: the genesis', async () => {
    const api = await startApi()
    const place = { index: 1, hash: genesis.header.hash }
    expect((await api.app.inject('/tips')).json()).toEqual({
      tips: [{ ...place, active: true, work: '1', branch_length: 0, fork: place }],
    })
  })

  it.each(['memory', 'SQLite'])(
    'over %s: the active end first, the others by work, each with its fork point',
    async (name) => {
      const inMemory = name === 'memory'
      const store = inMemory ? new MemoryStore() : SqliteStore.open(temporaryFolder(), EASY)
      const api = await startApi({ store })
      await addBlocks(api, FORKED)
      const top = { index: 5, hash: hashOf(WINNER.at(-1)) }
      const loser = { index: 4, hash: hashOf(LOSER.at(-1)) }
      const short = { index: 4, hash: hashOf(SHORT.at(-1)) }
      expect((await api.app.inject('/tips')).json()).toEqual({
        tips: [
          { ...top, active: true, work: '5', branch_length: 0, fork: top },
          {
            ...loser,
            active: false,
            work: '4',
            branch_length: 2,
            fork: { index: 2, hash: hashOf(SECOND) },
          },
          {
            ...short,
            active: false,
            work: '4',
            branch_length: 1,
            fork: { index: 3, hash: hashOf(THIRD) },
          },
        ],
      })
    },
  )

  it('names no fork point for a branch with another genesis', async () => {
    const api = await startApi()
    const other = genesis.text.replace('1767225600.0', '1767225601.0')
    await api.live.request({ type: 'add-block', block: other })
    const { tips } = (await api.app.inject('/tips')).json()
    expect(tips[1]).toMatchObject({ active: false, work: '1', branch_length: 1, fork: null })
  })

  it('changes sides with a reorganisation', async () => {
    const api = await startApi()
    await pay(api)
    const mined = JSON.parse((await mine(api)).body)
    await addBlocks(api, WINNER)
    const { tips } = (await api.app.inject('/tips')).json()
    expect(tips).toMatchObject([
      { hash: hashOf(WINNER.at(-1)), active: true },
      { hash: mined.hash, active: false, branch_length: 1, fork: { index: 1 } },
    ])
    const served = (await api.app.inject(`/blocks/${mined.hash}`)).json()
    expect(served).toMatchObject({ active: false, index: 2 })
  })

  it(`lists ${MAX_TIPS_LISTED} ends at most`, async () => {
    const api = await startApi()
    const siblings = Array.from({ length: MAX_TIPS_LISTED + 1 }, (_, salt) =>
      blockAfter(genesis, { salt }),
    )
    await addBlocks(api, siblings)
    const { tips } = (await api.app.inject('/tips')).json()
    expect(tips).toHaveLength(MAX_TIPS_LISTED)
    expect(tips[0]).toMatchObject({ active: true, hash: hashOf(siblings[0]) })
  })
})

describe('a large block', () => {
  const large = () => {
    const each = payment('x'.repeat(500), 'y'.repeat(500))
    return blockAfter(genesis, { transactions: new Array(100).fill(each) })
  }

  it('is read once for all who ask for it, and served like a short one', async () => {
    const api = await startApi()
    const block = large()
    await addBlocks(api, [block])
    const texts = vi.spyOn(MemoryStore.prototype, 'text')
    onTestFinished(() => texts.mockRestore())
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.app.inject('/blocks/2')))
    const expected = `${block.text.slice(0, -1)}, "hash": "${block.header.hash}", "active": true}`
    for (const { body } of answers) expect(body).toBe(expected)
    expect(answers[0]?.headers['content-type']).toMatch(/^application\/json/)
    expect(texts).toHaveBeenCalledTimes(1)
  })

  it('that has lost says so, also to those who have asked before', async () => {
    const api = await startApi()
    const block = large()
    await addBlocks(api, [block])
    const ask = async () => (await api.app.inject(`/blocks/${block.header.hash}`)).json().active
    expect(await ask()).toBe(true)
    await addBlocks(api, branch(genesis, 2, 7))
    expect(await ask()).toBe(false)
  })
})

it('walks what the ends of branches share once', async () => {
  const api = await startApi()
  const trunk = branch(genesis, 300, 7)
  await addBlocks(api, [...trunk])
  const ends = trunk
    .slice(-1)
    .flatMap((last) => Array.from({ length: 20 }, (_, i) => blockAfter(last, { salt: 50 + i })))
  for (const end of ends) await addBlocks(api, [end])
  await addBlocks(api, branch(genesis, 302, 8))
  const looks = vi.spyOn(MemoryStore.prototype, 'header')
  onTestFinished(() => looks.mockRestore())
  const { tips } = (await api.app.inject('/tips')).json()
  expect(tips).toHaveLength(21)
  for (const { fork } of tips.slice(1)) expect(fork.index).toBe(1)
  // The trunk once, and of each end less than what is between two marks.
  expect(looks.mock.calls.length).toBeLessThan(300 + 20 * 64 + 100)
})
