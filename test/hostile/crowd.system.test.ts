/** Many hostile neighbours at once, and the same ones again and again. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/core/block.ts'
import { blockAfter, EASY, payment } from '../helpers/chains.ts'
import { body, OK } from './answers.ts'
import { BODY_ROWS } from './bodies-rows.ts'
import { CHAIN_ROWS } from './chains-rows.ts'
import { FRAMING_ROWS } from './framing-rows.ts'
import { type Script, startHostile } from './hostile-server.ts'
import { type Hostile, reportOf } from './hostile-table.ts'
import {
  after,
  expectResponsive,
  expectUnharmed,
  OURS,
  openWorld,
  partText,
  SHORT_TIMES,
  socketCount,
  socketsBackTo,
} from './hostile-world.ts'
import { HTTP_ROWS } from './http-rows.ts'

const { genesis } = EASY.rules

/** Rows that stand by themselves: of all kinds, spread over the tables. */
function someRows(count: number): Hostile[] {
  const all: Hostile[] = Object.values({
    ...HTTP_ROWS,
    ...FRAMING_ROWS,
    ...BODY_ROWS,
    ...CHAIN_ROWS,
  }).flat()
  const plain = all.filter(({ limits, isFirst }) => limits === undefined && !isFirst)
  const step = plain.length / count
  return Array.from({ length: count }, (_, i) => plain[Math.floor(i * step)]).filter(
    (row) => row !== undefined,
  )
}

/** Bytes in use after everything that can be collected has been. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

describe('forty hostile nodes at once', () => {
  it('keep nobody from adopting the honest chain, and leave nothing behind', async () => {
    const [socketsBefore, rows] = [socketCount(), someRows(40)]
    const hostile = await Promise.all(rows.map(({ script }) => startHostile(script)))
    const world = await openWorld({
      nodes: hostile.map(({ address }) => address),
      limits: { silenceMs: 1_000 },
    })
    const heapBefore = heapBytes()
    const resolving = world.resolve()
    await Promise.all(hostile.map(({ visited }) => visited))
    world.letHonestAnswer()
    await expectResponsive(world)
    const report = await resolving

    expect(world.log.at(-1)).toBe('resolved')
    await expectUnharmed(world)
    expect(report).toHaveLength(41)
    const verdicts = hostile.map((server) => reportOf(report, server)?.verdict)
    expect(verdicts).toEqual(rows.map(({ expected }) => expected.verdict))
    await Promise.all(hostile.map((server) => server.idle()))
    expect(await socketsBackTo(socketsBefore)).toBeLessThanOrEqual(socketsBefore)
    const grownBytes = heapBytes() - heapBefore
    expect(grownBytes, 'bytes that stay in use').toBeLessThan(8 * 1024 * 1024)
  })
})

describe('the same hostile nodes again and again', () => {
  it('are counted each time and leave no socket open', async () => {
    const scripts: Script[] = [
      ({ end }) => end(),
      body('{}'),
      body('[7]'),
      ({ socket }) => socket.resetAndDestroy(),
      async ({ asked, flood, send }) => {
        await asked()
        await send(`${OK}{"chain": [`)
        await flood(' '.repeat(65_536))
      },
    ]
    const hostile = await Promise.all(scripts.map((script) => startHostile(script)))
    const world = await openWorld({ nodes: hostile.map(({ address }) => address) })
    world.letHonestAnswer()
    await world.resolve()
    await Promise.all(hostile.map((server) => server.idle()))
    const before = await socketsBackTo(0)
    for (let round = 0; round < 20; round++) await world.resolve()
    await Promise.all(hostile.map((server) => server.idle()))
    expect(await socketsBackTo(before)).toBeLessThanOrEqual(before)
    const faults = await Promise.all(hostile.map(({ address }) => world.faultsOf(address)))
    expect(faults).toEqual([0, 21, 21, 0, 21])
  })
})

describe('turns', () => {
  it('are not all taken by slow nodes while an honest one waits', async () => {
    // Valid forks, a few letters at a time: each brings a new block now and then.
    const slowFork = (salt: number): Script => {
      const chain = [...OURS.slice(0, 3), ...after(OURS.slice(0, 3), 30, salt)]
      return async (visit) => {
        const { from, limit } = await visit.asked()
        const text = partText(chain, { from, limit })
        if (from !== 4 || limit === 1) return visit.end(OK + text)
        await visit.send(OK)
        await visit.drip(text, 1)
      }
    }
    const slow = await Promise.all([11, 12, 13].map((salt) => startHostile(slowFork(salt))))
    const open: number[] = []
    const world = await openWorld({
      nodes: slow.map(({ address }) => address),
      limits: { stallMs: 600, turnMs: 100, silenceMs: 600, sessionMs: 900 },
      onAdopted: () => open.push(slow.filter((server) => server.open > 0).length),
    })
    const resolving = world.resolve()
    await Promise.all(slow.map(({ visited }) => visited))
    for (let turn = 0; turn < 200; turn++) await nextTurn()
    world.letHonestAnswer()
    await expectResponsive(world)
    await resolving
    await expectUnharmed(world)
    expect(open[0], 'slow nodes still open when the honest chain is adopted').toBe(3)
    await Promise.all(slow.map((server) => server.idle()))
  })

  it('are taken by nodes that send their whole chain as well', async () => {
    const transactions = Array.from({ length: 10 }, () => payment('x'.repeat(900), 'y'.repeat(900)))
    const wholeForEver = (salt: number): Script => {
      return async (visit) => {
        await visit.asked()
        let last: Block = genesis
        let text = `${OK}{"chain": [${genesis.text}`
        for (let count = 0; count < 5; count++) {
          last = blockAfter(last, { salt, transactions })
          text += `, ${last.text}`
        }
        await visit.send(text)
      }
    }
    const nodes = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => startHostile(wholeForEver(n))))
    const limits = { ...SHORT_TIMES, fetchers: 1, batchBytes: 10_000, stallMs: 10_000 }
    const world = await openWorld({ nodes: nodes.map(({ address }) => address), limits })
    let mostBytes = 0
    const commit = world.store.commit.bind(world.store)
    world.store.commit = () => {
      mostBytes = Math.max(mostBytes, world.store.sideBytes())
      commit()
    }
    const resolving = world.resolve()
    await Promise.all(nodes.map(({ visited }) => visited))
    world.letHonestAnswer()
    await expectResponsive(world)
    await resolving
    await expectUnharmed(world)
    // One has its turn; of each other, and of the honest one, a batch and the block that exceeds it.
    expect(mostBytes, 'bytes kept beside the chain at once').toBeLessThan(90_000 + 6 * 30_000)
  })
})
