/**
 * The program's commands called in this process, as `toychain` calls them: a process of its own costs
 * half a second. What only a process shows (signals, pipes, variables, its end) is in program.ts.
 */
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { Terminal } from '../../src/cli/terminal.ts'
import { toychain } from '../../src/cli/toychain.ts'
import { openNode, type RunningNode, TestProcess } from './in-process.ts'

export interface Finished {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs a command to its end. */
export async function run(
  args: readonly string[],
  { input = '', env = {} }: { input?: string | Buffer; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const process = new TestProcess(input, env)
  const status = await toychain(args, new Terminal(process))
  return { status, out: process.stdout.text, err: process.stderr.text }
}

/** Starts a node on a free port; it listens when this returns, and ends with the test at the latest. */
export async function startNode(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<RunningNode> {
  const node = await openNode(args, env)
  onTestFinished(async () => void (await node.stop()))
  return node
}

/** One node for all tests of a suite: for those that only read, or do not mind each other. */
export function sharedNode(args: readonly string[]): () => RunningNode {
  let node: RunningNode | undefined
  beforeAll(async () => {
    node = await openNode(args)
  })
  afterAll(() => node?.stop())
  return () => {
    if (node === undefined) throw new Error('the suite has not begun')
    return node
  }
}
