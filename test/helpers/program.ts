/**
 * The program as a user runs it: a process of its own, with its output and its exit status. It costs
 * half a second of a core: what any process would show is tested in this one, by toychain.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../bin/toychain.js', import.meta.url))

export interface Finished {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Processes that have not ended; none outlives the tests. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface ProcessOptions {
  /** How many files it may have open (`ulimit -n`; not on Windows). */
  readonly openFiles?: number
}

/** Starts a command. */
export function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { openFiles }: ProcessOptions = {},
): ChildProcess {
  const command = [process.execPath, PROGRAM, ...args]
  const limited = ['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh', ...command]
  const [program = '', ...rest] = openFiles === undefined ? command : limited
  const child = spawn(program, rest, {
    // A node that npm started ends with its parent: so do these, also where a test runner is killed.
    env: {
      ...process.env,
      npm_lifecycle_event: 'test',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      ...env,
    },
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** Runs a command to its end. */
export async function runProcess(
  args: readonly string[],
  { input = '', env }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const child = start(args, env)
  child.stdin?.end(input)
  const [out, err, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ])
  return { status, out, err }
}

export interface NodeProcess {
  readonly url: string
  readonly greeting: string
  readonly child: ChildProcess
  /** What it has said so far, on both of its outputs. */
  said(): string
  /** Ends it and gives its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a node on a free port and waits until it has said where it listens. */
export async function startProcess(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  options?: ProcessOptions,
): Promise<NodeProcess> {
  const child = start(['node', '--port', '0', ...args], env, options)
  let greeting = ''
  let errors = ''
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const ready = Promise.withResolvers<void>()
  child.stdout?.on('data', (chunk) => {
    greeting += chunk
    if (greeting.includes('Ctrl+C')) ready.resolve()
  })
  const closed = once(child, 'close')
  closed.then(() => ready.reject(new Error(`the node did not start: ${errors}`)), ready.reject)
  await ready.promise
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)?.[0] ?? ''
  return {
    url,
    greeting,
    child,
    said: () => greeting + errors,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const [status] = await closed
      return status
    },
  }
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream ?? []) text += chunk
  return text
}
