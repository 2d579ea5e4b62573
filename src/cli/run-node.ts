/** Runs a node until it is told to stop. */
import { randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { LiveNode, type LiveNodeOptions } from '../adapters/live/live-node.ts'
import { QuietMemory } from '../adapters/live/quiet-memory.ts'
import { MinerPool } from '../adapters/mining/miner-pool.ts'
import { HttpPeers } from '../adapters/net/http-peers.ts'
import { hostsForOthers, ownAddresses } from '../adapters/net/own-addresses.ts'
import { DATABASE_FILE } from '../adapters/sqlite/data-folder.ts'
import { damagedAdvice } from '../adapters/sqlite/database.ts'
import { SqliteStore } from '../adapters/sqlite/sqlite-store.ts'
import { createApp } from '../api/app.ts'
import type { App } from '../api/http/app-type.ts'
import { MAX_REQUESTS_PER_MINUTE } from '../core/limits.ts'
import { printable } from '../core/printable.ts'
import { MAX_PROOF_START } from '../core/puzzle.ts'
import { MemoryStore } from '../node/store/memory-store.ts'
import { type Store, StoreError } from '../node/store/store.ts'
import { VERSION } from '../version.ts'
import { defaultDataFolder, specOf } from './config.ts'
import { greet } from './greeting.ts'
import { listen, reservePort } from './listen.ts'
import { showMining } from './mining-line.ts'
import { openPage } from './page.ts'
import { Exit, type HostProcess, type Terminal } from './terminal.ts'

export interface NodeFlags {
  readonly host?: string
  readonly port: number
  readonly data?: string
  readonly memory?: true
  readonly chain?: string
  readonly difficulty?: number
  readonly allowedHost?: readonly string[]
  readonly allowOrigin?: readonly string[]
  readonly allowOriginWrite?: readonly string[]
  readonly token?: string
  readonly rateLimit?: number
  readonly mine?: true
  readonly threads?: number
  readonly proofStart?: number
  readonly peer?: readonly string[]
  readonly resolveEvery?: number
  /** False with `--no-page`. */
  readonly page: boolean
  readonly buildPage?: true
  readonly logLevel: string
}

/** A clean stop takes less; past this the program ends anyway. */
const STOP_TIMEOUT_MS = 2_000
/** How soon a node that npm started notices that npm has ended. */
const PARENT_CHECK_MS = 250
/** sysexits.h: an internal software error. */
const EXIT_SOFTWARE = 70

interface Run {
  readonly terminal: Terminal
  readonly app: App
  readonly node: LiveNode
  readonly store: Store
  /** Takes the line about mining off the terminal. */
  readonly hideMining: () => void
}

/**
 * Starts the node and returns once its data have been looked through; signals end it.
 * @throws Exit, StoreError
 */
export async function runNode(flags: NodeFlags, terminal: Terminal): Promise<void> {
  terminal.surviveOutputErrors({ goOn: true })
  const spec = await specOf(flags)
  const places = await reservePort(flags.host, flags.port)
  const { hosts, port } = places
  const page = openPage(terminal, { isWanted: flags.page, build: flags.buildPage === true })
  const folder = flags.memory
    ? undefined
    : (flags.data ?? defaultDataFolder(spec.name, port, terminal.process.env))
  const store = folder === undefined ? new MemoryStore() : SqliteStore.open(folder, spec)
  const node = openNode(folder, {
    spec,
    store,
    createMiner: (callbacks) => new MinerPool(callbacks, { threads: flags.threads }),
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: Date.now,
    newId: () => randomUUID().replaceAll('-', ''),
    onFatal: (cause) => giveUp(terminal, cause, run),
    ownAddresses: ownAddresses(hosts, port),
    proofStart: flags.proofStart ?? randomInt(MAX_PROOF_START),
    resolveEveryMs: flags.resolveEvery === undefined ? undefined : flags.resolveEvery * 1_000,
  })
  let run: Run | undefined
  let app: App
  try {
    await registerPeers(node, flags.peer ?? [], terminal)
    app = await createApp({
      node,
      version: VERSION,
      durable: folder !== undefined,
      page,
      runId: Date.now().toString(36),
      allowedHosts: [...(flags.allowedHost ?? []), ...namesForOthers(hosts)],
      onHostRefused: (line) => terminal.say(line),
      allowOrigin: flags.allowOrigin ?? [],
      allowOriginWrite: flags.allowOriginWrite ?? [],
      token: flags.token || undefined,
      requestsPerMinute: flags.rateLimit ?? MAX_REQUESTS_PER_MINUTE,
      limitLoopback: flags.rateLimit !== undefined,
      logLevel: flags.logLevel,
      logTo: terminal.log,
    })
    await listen(app, places)
  } catch (cause) {
    await node.close()
    throw cause
  }
  run = { terminal, app, node, store, hideMining: showMining(node, terminal) }
  stopOnSignals(run)
  new QuietMemory().start()
  await greet(terminal, {
    node,
    spec,
    folder,
    places,
    hasPage: page !== undefined,
    hasToken: Boolean(flags.token),
    isMining: flags.mine === true,
    resolveEvery: flags.resolveEvery,
  })
  if (flags.mine === true) await node.request({ type: 'set-mining', on: true })
  await checkData(run)
}

/** Names by which other machines may call a node that listens to them: the machine's own. */
function namesForOthers(hosts: readonly string[]): string[] {
  return hostsForOthers(hosts).map((host) => host.replace(/^\[|\]$/g, ''))
}

/** The node itself does not know where its data are: who reads of damage should. @throws StoreError */
function openNode(folder: string | undefined, options: LiveNodeOptions): LiveNode {
  try {
    return new LiveNode(options)
  } catch (cause) {
    options.store.close()
    if (folder === undefined || !(cause instanceof StoreError)) throw cause
    if (cause.code !== 'store-damaged' || cause.message.startsWith(folder)) throw cause
    const file = join(folder, DATABASE_FILE)
    throw new StoreError(cause.code, `${file}: ${cause.message}. ${damagedAdvice}`, { cause })
  }
}

/**
 * Looks through the data while the node works already, and ends it where they are damaged. Where they
 * cannot be looked through, for want of a process or of files, nothing is known against them.
 * @throws StoreError `store-damaged`
 */
async function checkData(run: Run): Promise<void> {
  if (!(run.store instanceof SqliteStore)) return
  try {
    await run.store.check()
  } catch (cause) {
    if (cause instanceof StoreError && cause.code !== 'store-damaged') {
      run.terminal.say(`The data have not been looked through: ${printable(cause.message)}`)
      return
    }
    await end(run)
    throw cause
  }
}

/** Registers the nodes that the command line names. */
async function registerPeers(
  node: LiveNode,
  peers: readonly string[],
  terminal: Terminal,
): Promise<void> {
  if (peers.length === 0) return
  const reply = await node.request({ type: 'register-nodes', nodes: peers })
  if (reply.type === 'refused') throw new Exit(1, `--peer: ${reply.error.message}`)
  if (reply.type !== 'registered') return
  for (const own of reply.own) terminal.say(`--peer ${own} is this node itself, and left out.`)
}

/** Ends cleanly at the first signal, at once at the second. */
function stopOnSignals(run: Run): void {
  const { terminal } = run
  const host = terminal.process
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return host.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    end(run).then(
      () => host.exit(0),
      (cause) => stopAtOnce(terminal, cause),
    )
  }
  host.on('SIGINT', stop)
  host.on('SIGTERM', stop)
  if (host.env.npm_lifecycle_event !== undefined) stopWithParent(host, () => stop('SIGTERM'))
}

/** Answers what was accepted, turns away the rest, and closes everything; or else the program ends. */
async function end({ terminal, app, node, store, hideMining }: Run): Promise<void> {
  hideMining()
  const timer = setTimeout(() => {
    terminal.say('The node did not stop in time and was ended; what it had answered is on disk.')
    terminal.process.exit(1)
  }, STOP_TIMEOUT_MS).unref()
  await node.turnAway()
  await app.close()
  if (store instanceof SqliteStore) await store.stopCheck()
  await node.close()
  clearTimeout(timer)
}

/**
 * npm hands a signal to the shell that it runs scripts in, and that shell dies of it without telling
 * the node: whoever stops `npm start` would leave a node behind that holds the port and the data.
 */
function stopWithParent(host: HostProcess, stop: () => void): void {
  const parent = host.ppid
  const timer = setInterval(() => {
    if (host.ppid === parent) return
    clearInterval(timer)
    stop()
  }, PARENT_CHECK_MS).unref()
}

/** The node cannot go on: its data are another's now, or our own code is wrong. */
function giveUp(terminal: Terminal, cause: unknown, run: Run | undefined): void {
  if (!(cause instanceof StoreError)) {
    stopAtOnce(terminal, cause)
    return
  }
  const leave = () => {
    terminal.say(printable(cause.message))
    terminal.process.exit(1)
  }
  // Those who wait have their answers first.
  if (run === undefined) leave()
  else end(run).then(leave, (fault) => stopAtOnce(terminal, fault))
}

/** Our own code is wrong: better no node than one in an unknown state. What was answered is on disk. */
function stopAtOnce(terminal: Terminal, cause: unknown): void {
  terminal.say('toychain has met a fault of its own and stops. Please report this:')
  terminal.say(inspect(cause))
  terminal.process.exit(EXIT_SOFTWARE)
}
