/**
 * The program's commands called in this process, as `toychain` calls them: a process of its own costs
 * half a second. What only a process shows (signals, pipes, variables, its end) is in program.ts.
 */
import { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type HostProcess, Terminal } from '../../src/cli/terminal.ts'
import { toychain } from '../../src/cli/toychain.ts'

export interface Finished {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs a command to its end. */
export async function run(
  args: readonly string[],
  { input = '' }: { input?: string | Buffer } = {},
): Promise<Finished> {
  const process = new TestProcess(input)
  const status = await toychain(args, new Terminal(process))
  return { status, out: process.stdout.text, err: process.stderr.text }
}

export interface RunningNode {
  readonly url: string
  readonly greeting: string
  /** What it has said so far, on both of its outputs. */
  said(): string
  /** Ends it, as a signal does, and gives its exit status. */
  stop(): Promise<number>
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

async function openNode(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningNode> {
  const process = new TestProcess('', env)
  const status = await toychain(['node', '--port', '0', ...args], new Terminal(process))
  const said = () => process.stdout.text + process.stderr.text
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(process.stdout.text)?.[0]
  if (status !== 0 || url === undefined) throw new Error(`the node did not start: ${said()}`)
  return {
    url,
    greeting: process.stdout.text,
    said,
    stop: () => {
      process.signal('SIGTERM')
      return process.ended
    },
  }
}

class Collector extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

class TestProcess implements HostProcess {
  readonly stdin: Readable
  readonly stdout = new Collector()
  readonly stderr = new Collector()
  readonly env: NodeJS.ProcessEnv
  readonly ppid = process.pid
  readonly #ended = Promise.withResolvers<number>()
  #onSignal: ((signal: NodeJS.Signals) => void) | undefined

  constructor(input: string | Buffer, env: NodeJS.ProcessEnv = {}) {
    this.env = env
    this.stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)])
  }

  get ended(): Promise<number> {
    return this.#ended.promise
  }

  on(signal: 'SIGINT' | 'SIGTERM', listener: (signal: NodeJS.Signals) => void): void {
    if (signal === 'SIGTERM') this.#onSignal = listener
  }

  /** Tells who listens, once: a second signal would end the process at once. */
  signal(signal: NodeJS.Signals): void {
    this.#onSignal?.(signal)
    this.#onSignal = undefined
  }

  exit(status: number): void {
    this.#ended.resolve(status)
  }
}
