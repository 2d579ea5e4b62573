/**
 * The program's commands called in this process, as `toychain` calls them: a process of its own costs
 * half a second. What only a process shows (signals, pipes, variables, its end) is in program.ts.
 */
import { Readable, Writable } from 'node:stream'
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

/** Nodes that have not been stopped. */
const running = new Set<RunningNode>()

/** Starts a node on a free port; it listens when this returns. `stopNodes` ends what is left. */
export async function startNode(args: readonly string[]): Promise<RunningNode> {
  const process = new TestProcess('')
  const status = await toychain(['node', '--port', '0', ...args], new Terminal(process))
  const said = () => process.stdout.text + process.stderr.text
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(process.stdout.text)?.[0]
  if (status !== 0 || url === undefined) throw new Error(`the node did not start: ${said()}`)
  const node = {
    url,
    greeting: process.stdout.text,
    said,
    stop: () => {
      if (running.delete(node)) process.signal('SIGTERM')
      return process.ended
    },
  }
  running.add(node)
  return node
}

/** Ends every node that a test has left running. */
export async function stopNodes(): Promise<void> {
  await Promise.all([...running].map((node) => node.stop()))
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
  readonly env = {}
  readonly ppid = process.pid
  readonly #ended = Promise.withResolvers<number>()
  #listeners: ((signal: NodeJS.Signals) => void)[] = []

  constructor(input: string | Buffer) {
    this.stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)])
  }

  get ended(): Promise<number> {
    return this.#ended.promise
  }

  on(signal: 'SIGINT' | 'SIGTERM', listener: (signal: NodeJS.Signals) => void): void {
    if (signal === 'SIGTERM') this.#listeners.push(listener)
  }

  signal(signal: NodeJS.Signals): void {
    for (const listener of this.#listeners) listener(signal)
  }

  exit(status: number): void {
    this.#ended.resolve(status)
  }
}
