/**
 * One operation of a node, with one call of its store failing, held against the same operation
 * undisturbed: who asked got an error or the right answer, what is kept is of before or after the
 * operation, events tell of what is kept and no more, and the node goes on.
 */

import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'vitest'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import type { Store, StoreReader } from '../../src/node/store/store.ts'
import { textsOf } from '../helpers/chains.ts'
import { type Fault, Fuse, fused } from './fuse.ts'
import { type Operation, type Running, SPEC, start } from './operations.ts'
import { written } from './written.ts'

export interface Expected {
  /** What each commit made visible, from before the operation on, and events told of by then. */
  readonly steps: readonly { readonly shown: string; readonly events: number }[]
  readonly events: string
  readonly answer: string
  /** What is there after the operation has been done twice. */
  readonly again: string
  /** The methods that were called, in order. */
  readonly calls: readonly string[]
}

/** More turns of the event loop than anything takes that nobody waits for. */
const IDLE_TURNS = 12

async function idle(): Promise<void> {
  for (let turn = 0; turn < IDLE_TURNS; turn++) await nextTurn()
}

/** All that a node tells of its data, but for branches that lost: some more of them do no harm. */
export function shown(reader: StoreReader): string {
  return written({
    tip: reader.tip()?.hash,
    chain: textsOf(reader, 1, Number.MAX_SAFE_INTEGER),
    pooled: reader.pooled(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    nodes: reader.nodes(),
    identity: reader.identity(),
  })
}

/** The operation undisturbed, twice. */
export async function undisturbed(operation: Operation, { raw }: Opened): Promise<Expected> {
  const fuse = new Fuse()
  const running = start(fused(raw, fuse), operation)
  const steps = [{ shown: shown(raw), events: 0 }]
  const commit = raw.commit.bind(raw)
  raw.commit = () => {
    commit()
    const last = steps.at(-1)
    if (last !== undefined) last.events = running.events.length
    const now = shown(raw)
    if (now !== last?.shown) steps.push({ shown: now, events: 0 })
  }
  fuse.arm(Number.POSITIVE_INFINITY)
  const answer = written(await operation.run(running))
  await idle()
  const calls = [...fuse.names]
  for (const step of steps.slice(-1)) step.events = running.events.length
  const events = written(running.events)
  const told = [...steps]
  await operation.run(running)
  await idle()
  const again = shown(raw)
  await running.node.close()
  return { steps: told, events, answer, again, calls }
}

export interface Opened {
  readonly raw: Store
  /** The same data, as another start of the program finds them; undefined where none can. */
  readonly reopen?: () => Store
}

/** The operation with its nth call failing; false if it has fewer calls. */
export async function trial(
  operation: Operation,
  expected: Expected,
  { opened, fault, call }: { opened: Opened; fault: Fault; call: number },
): Promise<boolean> {
  const { raw, reopen } = opened
  const fuse = new Fuse(fault)
  const running = start(fused(raw, fuse), operation)
  fuse.arm(call)
  const { answer, error } = await outcome(operation.run(running))
  await idle()
  const { hasBurnt } = fuse
  fuse.repair()
  const at = `${operation.name}, ${fault} at call ${call}: ${fuse.names[call - 1]}`
  if (answer !== undefined) expect(written(answer), at).toBe(expected.answer)
  else expect(error, at).toBe(fuse.failure)
  if (!hasBurnt) expect(error, at).toBeUndefined()

  if (fault === 'is wrong' || fault === 'cannot roll back') {
    if (hasBurnt) expect(running.fatal, at).toContain(fuse.failure)
    await stopped(running)
    if (reopen !== undefined) expectKept(reopen(), { running, expected, at })
    return hasBurnt
  }
  expect(running.fatal, at).toEqual([])
  expect(raw.inTransaction, at).toBe(false)
  const step = expectKept(raw, { running, expected, at })
  const last = expected.steps.length - 1
  if (answer !== undefined) expect(step, `${at}: what was answered is kept`).toBe(last)
  expectSame(running, raw, at)
  expect(written(await operation.run(running)), `${at}: the node goes on`).toBeDefined()
  await idle()
  const after = step === last ? expected.again : expected.steps[last]?.shown
  expect(shown(raw) === after, `${at}: doing it again leads where it should`).toBe(true)
  expectSame(running, raw, at)
  expect(running.fatal, at).toEqual([])
  await running.node.close()
  if (reopen !== undefined) {
    const store = reopen()
    expect(shown(store) === after, `${at}: the data are the same when opened anew`).toBe(true)
    store.close()
  }
  return hasBurnt
}

async function outcome(work: Promise<unknown>): Promise<{ answer?: unknown; error?: unknown }> {
  return work.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
}

/** A program that has met a fault of its own ends; its store is closed with it. */
async function stopped({ node }: Running): Promise<void> {
  await node.close()
}

/** What is kept is of before or after, never between, and events told of no more; which it is. */
function expectKept(
  store: Store,
  { running, expected, at }: { running: Running; expected: Expected; at: string },
): number {
  const now = shown(store)
  const step = expected.steps.findIndex((each) => each.shown === now)
  expect(step, `${at}: a state that never was: ${now.slice(0, 300)}`).toBeGreaterThanOrEqual(0)
  const { events } = running
  const told = written(events).slice(0, -1)
  expect(expected.events.startsWith(told), `${at}: events that never were`).toBe(true)
  expect(events.length, `${at}: events of what was not kept`).toBeLessThanOrEqual(
    expected.steps[step]?.events ?? 0,
  )
  return step
}

/** What the node has in memory is what a start on the same data reads. */
function expectSame({ node }: Running, raw: Store, at: string): void {
  const fresh = new BlockChain({ spec: SPEC, store: raw })
  expect(node.currentTransactionCount, at).toBe(fresh.currentTransactionCount)
  expect(fresh.tip, at).toEqual(raw.tip())
}
