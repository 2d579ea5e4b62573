/** What a test of hostile neighbours runs through: one row each, and the checks that all share. */
import { expect, it } from 'vitest'
import type { SyncLimits } from '../../src/core/limits.ts'
import type { PeerReport, PeerVerdict } from '../../src/node/pull/peer-report.ts'
import { type HostileServer, type Script, startHostile } from './hostile-server.ts'
import {
  byteLimit,
  expectResponsive,
  expectUnharmed,
  openWorld,
  SHORT_TIMES,
  socketCount,
  socketsBackTo,
} from './hostile-world.ts'

/** The verdict on it, and the one reason or broken rule, at the block. */
export interface Expected {
  readonly verdict: PeerVerdict
  readonly reason?: string
  readonly rule?: string
  readonly block?: number
  readonly length?: number | undefined
}

export interface Hostile {
  /** Completes "a node that …". */
  readonly does: string
  readonly script: Script
  readonly expected: Expected
  /** Whether it holds on until its time is up. */
  readonly isSlow?: boolean
  /** Whether it is done with before the honest node answers. */
  readonly isFirst?: boolean
  /** Counted against it; as the verdict says, if left out. */
  readonly faults?: number
  readonly limits?: Partial<SyncLimits>
  /** Characters of one block that it may send, where they are others. */
  readonly blockChars?: number
  /** How often it may be asked, where that is known. */
  readonly connections?: number
}

/** Each row as a test. */
export function testHostile(rows: readonly Hostile[]): void {
  it.each(rows)('a node that $does', { timeout: 20_000 }, async (row) => {
    const before = socketCount()
    const hostile = await startHostile(row.script)
    const openAtAdoption: number[] = []
    const world = await openWorld({
      nodes: [hostile.address],
      limits: { ...(row.isSlow ? SHORT_TIMES : {}), ...row.limits },
      blockChars: row.blockChars,
      onAdopted: () => openAtAdoption.push(hostile.open),
    })
    const resolving = world.resolve()
    // The hostile one comes first: only then does the honest one answer.
    await (row.isFirst ? world.heardOf(hostile.address) : hostile.visited)
    world.letHonestAnswer()
    await expectResponsive(world)
    const report = await resolving

    if (row.isSlow) {
      expect(world.log.at(-1), 'all else is done while it is waited for').toBe('resolved')
      expect(openAtAdoption, 'it is open when the honest chain is adopted').toEqual([1])
    }
    await expectUnharmed(world)
    await hostile.idle()
    expect(hostile.sentBytes, 'bytes taken from it').toBeLessThan(
      byteLimit(hostile.connections, row.limits),
    )
    const found = reportOf(report, hostile)
    expect(found).toEqual({ length: found?.length, ...row.expected })
    expect(reportOf(report, { address: world.honest })).toMatchObject({ verdict: 'adopted' })
    const isCounted = !['unreachable', 'self'].includes(row.expected.verdict)
    expect(await world.faultsOf(hostile.address)).toBe(row.faults ?? (isCounted ? 1 : 0))
    if (row.connections !== undefined) expect(hostile.connections).toBe(row.connections)
    expect(await socketsBackTo(before), 'sockets left open').toBeLessThanOrEqual(before)
  })
}

/** A node's entry, as a row expects it. */
export function reportOf(
  report: readonly PeerReport[],
  { address }: Pick<HostileServer, 'address'>,
): Expected | undefined {
  const found = report.find((entry) => entry.address === address)
  if (found === undefined) return undefined
  const { verdict, length, problem } = found
  return {
    verdict,
    length,
    ...(problem?.type === 'fault' ? { reason: problem.fault.code } : {}),
    ...(problem?.type === 'invalid' ? { rule: problem.error.code, block: problem.block } : {}),
  }
}
