/** Who is blamed, and who is not: forbidden places, the dead, and those that had to wait for us. */
import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { OK } from './answers.ts'
import { startHostile } from './hostile-server.ts'
import { reportOf } from './hostile-table.ts'
import {
  expectResponsive,
  expectUnharmed,
  HONEST,
  openWorld,
  partText,
  SHORT_TIMES,
} from './hostile-world.ts'
import { finds } from './told-peers.ts'

describe('a name', () => {
  it('that leads to a metadata address is not connected to, and does not count', async () => {
    const trap = await startHostile(({ end }) => end())
    const name = `metadata.example:${trap.address.split(':')[1]}`
    const world = await openWorld({ nodes: [name], lookup: finds('169.254.169.254') })
    world.letHonestAnswer()
    const report = await world.resolve()
    await expectResponsive(world)
    await expectUnharmed(world)
    const expected = { verdict: 'unreachable', reason: 'forbidden-address', length: undefined }
    expect(reportOf(report, { address: name })).toEqual(expected)
    expect(await world.faultsOf(name)).toBe(0)
    expect(trap.connections).toBe(0)
  })

  it('whose address is never found is unreachable, and does not count', async () => {
    const lookup: LookupFunction = () => {}
    const name = 'silent.example:5000'
    const world = await openWorld({ nodes: [name], lookup, limits: SHORT_TIMES })
    world.letHonestAnswer()
    const report = await world.resolve()
    await expectResponsive(world)
    await expectUnharmed(world)
    const expected = { verdict: 'unreachable', reason: 'connection-failed', length: undefined }
    expect(reportOf(report, { address: name })).toEqual(expected)
    expect(await world.faultsOf(name)).toBe(0)
  })
})

describe('a node that has answered in time', () => {
  it('is not blamed when we were too busy to listen', async () => {
    const prompt = await startHostile(async ({ asked, end, number }) => {
      const question = await asked()
      end(OK + partText(HONEST, question))
      // The answer lies in our socket; and this whole program does something else for a while.
      const untilMs = Date.now() + SHORT_TIMES.silenceMs + 100
      while (number === 0 && Date.now() < untilMs);
    })
    const world = await openWorld({ nodes: [prompt.address], limits: SHORT_TIMES })
    const resolving = world.resolve()
    await world.heardOf(prompt.address)
    world.letHonestAnswer()
    const found = reportOf(await resolving, prompt)
    expect(found).toEqual({ verdict: 'adopted', length: HONEST.length })
  })
})
