/**
 * The independent tutorial node (Python, standard library only) as a process of its own. It stays in
 * the shared folder, or in TOYCHAIN_TOOLS; suites that need it are skipped, with the reason in their
 * name, where it or python3 is not there.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, onTestFinished } from 'vitest'
import { temporaryFolder } from '../helpers/folders.ts'
import type { Dialect } from './prepared-chain.ts'

const TOOLS =
  process.env.TOYCHAIN_TOOLS ?? fileURLToPath(new URL('../../../shared/tools/', import.meta.url))
const SCRIPT = join(TOOLS, 'tutorial_node.py')

/** It says nothing when it is ready, so it is asked again and again. */
const ASK_AGAIN_MS = 15
/** Another program may take the port between our looking and its listening. */
const MAX_PORTS_TRIED = 5

/** Processes that have not ended; none outlives the tests. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

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

/** Starts a node for the test that runs. `load` is the text of a chain for it to begin with. */
export async function startTutorialNode(
  dialect: Dialect,
  { load }: { load?: string } = {},
): Promise<TutorialNode> {
  const options = ['--dialect', dialect]
  if (load !== undefined) {
    const file = join(temporaryFolder(), 'chain.json')
    writeFileSync(file, load)
    options.push('--load', file)
  }
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const said = await startOn(port, options)
    if (said === undefined) return nodeAt(`127.0.0.1:${port}`)
    if (tries === MAX_PORTS_TRIED || !said.includes('Address already in use')) {
      throw new Error(`the tutorial node did not start: ${said}`)
    }
  }
}

/** Undefined once it answers; what it said if it ended instead. */
async function startOn(port: number, options: readonly string[]): Promise<string | undefined> {
  const child = spawn('python3', [SCRIPT, String(port), ...options])
  running.add(child)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(child, 'close').then(() => running.delete(child))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
  })
  while (running.has(child)) {
    if (await answers(`http://127.0.0.1:${port}/ready`)) return undefined
    await after(ASK_AGAIN_MS)
  }
  return said
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).text()
    return true
  } catch {
    // Not yet: fetch says no more than that it failed.
    return false
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
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
    post: (path, body) => ask(path, { method: 'POST', body }),
  }
}

const HASH_CHAIN = `
import hashlib, json, sys
for block in json.load(sys.stdin)["chain"]:
    print(hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest())
`

/** The hash of each block of a `/chain` answer, as Python makes it. */
export function hashedByPython(chain: string): string[] {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', HASH_CHAIN], { input: chain })
  if (status !== 0) throw new Error(String(stderr))
  return String(stdout).trim().split('\n')
}
