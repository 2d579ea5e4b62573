/**
 * The program in this process: what `toychain` needs of a process, and a node that runs in it. Of no test
 * runner, so that other programs may use it too.
 */
import { Readable, Writable } from 'node:stream'
import { type HostProcess, Terminal } from '../../src/cli/terminal.ts'
import { toychain } from '../../src/cli/toychain.ts'

export interface RunningNode {
  readonly url: string
  readonly greeting: string
  /** What it has said so far, on both of its outputs. */
  said(): string
  /** Ends it, as a signal does, and gives its exit status. */
  stop(): Promise<number>
}

/** Starts a node on a free port; it listens when this returns. Stop it. */
export async function openNode(
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

/** A process as a program sees it; what it writes is kept. */
export class TestProcess implements HostProcess {
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
