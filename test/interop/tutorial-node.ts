/**
 * The independent tutorial node (Python, standard library only): all nodes of a worker in one process
 * of Python. The node stays in the shared folder, or in TOYCHAIN_TOOLS; suites that need it are skipped,
 * with the reason in their name, where it or python3 is not there.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, onTestFinished } from 'vitest'
import type { Dialect } from './prepared-chain.ts'

const TOOLS =
  process.env.TOYCHAIN_TOOLS ?? fileURLToPath(new URL('../../../shared/tools/', import.meta.url))
const SCRIPT = join(TOOLS, 'tutorial_node.py')
const STUDENT = join(TOOLS, 'student_node.py')
const NODES = fileURLToPath(new URL('tutorial_nodes.py', import.meta.url))

/** A suite with tutorial nodes: skipped, and listed with the reason, where there can be none. */
export function describeInterop(name: string, suite: () => void): void {
  const reason = whyNot()
  if (reason === undefined) describe(name, suite)
  else describe.skip(`${name} (skipped: ${reason})`, suite)
}

function whyNot(): string | undefined {
  if (!existsSync(SCRIPT)) return 'no tutorial_node.py; set TOYCHAIN_TOOLS'
  return spawnSync('python3', ['--version']).status === 0 ? undefined : 'no python3'
}

export interface TutorialNode {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string
  /** The text of what it answers. */
  get(path: string): Promise<string>
  post(path: string, body: string): Promise<string>
}

/**
 * Starts a node for the test that runs. `load` is the text of a chain for it to begin with; `habit` and `bug`
 * are of student_node.py.
 */
export async function startTutorialNode(
  dialect: Dialect,
  { load, habit, bug }: { load?: string; habit?: string; bug?: string } = {},
): Promise<TutorialNode> {
  const options = { load: load ?? null, habit: habit ?? null, bug: bug ?? null }
  const port = await ask({ start: dialect, ...options })
  onTestFinished(async () => void (await ask({ stop: port })))
  return nodeAt(`127.0.0.1:${port}`)
}

const FRAMEWORK_NODE = fileURLToPath(new URL('framework_node.py', import.meta.url))
/** Debian's own, which has Debian's packages. */
const DEBIAN_PYTHON = '/usr/bin/python3'

export type Framework = 'flask' | 'fastapi'

/** A suite with a node that a web framework serves: skipped, with the reason, where there is none. */
export function describeFramework(framework: Framework, suite: () => void): void {
  const modules = framework === 'flask' ? 'flask' : 'fastapi, uvicorn'
  const { status } = spawnSync(DEBIAN_PYTHON, ['-c', `import ${modules}`])
  const reason = existsSync(SCRIPT) ? `no ${modules} for Python` : 'no tutorial_node.py'
  if (status === 0 && existsSync(SCRIPT)) describe(`a node in ${framework}`, suite)
  else describe.skip(`a node in ${framework} (skipped: ${reason})`, suite)
}

/** Starts a node that a web framework serves, for the test that runs. */
export async function startFrameworkNode(
  framework: Framework,
  dialect: Dialect,
): Promise<TutorialNode> {
  const child = spawn(DEBIAN_PYTHON, [FRAMEWORK_NODE, TOOLS, framework, dialect], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = await once(createInterface(child.stdout), 'line')
  return nodeAt(`127.0.0.1:${port}`)
}

/** What student_node.py can be: the stage in which each mistake shows, and the habits. */
export function studentList(): { bugs: Record<string, string>; habits: readonly string[] } {
  if (!existsSync(STUDENT)) return { bugs: {}, habits: [] }
  return JSON.parse(spawnSync('python3', [STUDENT, '--list'], { encoding: 'utf8' }).stdout)
}

/** The hash of each block of a `/chain` answer, as Python makes it. */
export async function hashedByPython(chain: string): Promise<string[]> {
  const hashes = await ask({ hash: chain })
  if (!Array.isArray(hashes)) throw new Error(`no hashes: ${hashes}`)
  return hashes.map(String)
}

/** One process for all tests of a worker; it ends with its standard input. */
let python: ChildProcessByStdio<Writable, Readable, null> | undefined
/** The questions that it has not answered, in order. */
const waiting: PromiseWithResolvers<unknown>[] = []

/** Asks the process in which the nodes are: see tutorial_nodes.py. */
function ask(question: object): Promise<unknown> {
  python ??= startPython()
  const answer = Promise.withResolvers<unknown>()
  waiting.push(answer)
  python.stdin.write(`${JSON.stringify(question)}\n`)
  return answer.promise
}

function startPython(): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn('python3', ['-X', 'utf8', NODES, TOOLS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.once('close', (status) => {
    python = undefined
    for (const { reject } of waiting.splice(0)) reject(new Error(`Python ended with ${status}`))
  })
  return child
}

function nodeAt(address: string): TutorialNode {
  const ask = async (path: string, init: RequestInit) => {
    const answer = await fetch(`http://${address}${path}`, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return text
  }
  return {
    address,
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  }
}
