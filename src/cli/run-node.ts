/** Runs a node until it is told to stop. */
import { randomUUID } from 'node:crypto'
import { createServer, isIP } from 'node:net'
import { join } from 'node:path'
import { LiveNode, type LiveNodeOptions } from '../adapters/live-node.ts'
import { MinerPool } from '../adapters/miner-pool.ts'
import { ownAddresses } from '../adapters/own-addresses.ts'
import { HttpPeers } from '../adapters/peers-http.ts'
import { damagedAdvice } from '../adapters/sqlite-database.ts'
import { DATABASE_FILE, SqliteStore } from '../adapters/store-sqlite.ts'
import { type App, createApp } from '../api/app.ts'
import { isLoopback } from '../api/security.ts'
import { messageOf } from '../core/errors.ts'
import { MAX_REQUESTS_PER_MINUTE } from '../core/limits.ts'
import type { Spec } from '../core/spec.ts'
import { type Store, StoreError } from '../node/ports.ts'
import { MemoryStore } from '../node/store-memory.ts'
import { VERSION } from '../version.ts'
import { DEFAULT_PORT, defaultDataFolder, specOf } from './config.ts'
import { showMining } from './mining-line.ts'
import type { NodeFlags } from './node.ts'
import { openPage } from './page.ts'
import { Exit, print, printFields, say, style, surviveOutputErrors } from './terminal.ts'

/** A clean stop takes less; past this the program ends anyway. */
const STOP_TIMEOUT_MS = 2_000
/** How soon a node that npm started notices that npm has ended. */
const PARENT_CHECK_MS = 250
/** sysexits.h: an internal software error. */
const EXIT_SOFTWARE = 70

interface Run {
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
export async function runNode(flags: NodeFlags): Promise<void> {
  surviveOutputErrors({ goOn: true })
  const spec = specOf(flags)
  const port = await reservePort(flags.host, flags.port)
  const page = openPage({ isWanted: flags.page, build: flags.buildPage === true })
  const folder = flags.memory ? undefined : (flags.data ?? defaultDataFolder(spec.name, port))
  const store = folder === undefined ? new MemoryStore() : SqliteStore.open(folder, spec)
  const node = openNode(folder, {
    spec,
    store,
    createMiner: (callbacks) => new MinerPool(callbacks, { threads: flags.threads }),
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: Date.now,
    newId: () => randomUUID().replaceAll('-', ''),
    onFatal: stopAtOnce,
    ownAddresses: ownAddresses(flags.host, port),
    resolveEveryMs: flags.resolveEvery === undefined ? undefined : flags.resolveEvery * 1_000,
  })
  let app: App
  try {
    await registerPeers(node, flags.peer ?? [])
    app = await createApp({
      node,
      version: VERSION,
      page,
      runId: Date.now().toString(36),
      allowedHosts: flags.allowedHost ?? [],
      token: flags.token || undefined,
      requestsPerMinute: flags.rateLimit ?? MAX_REQUESTS_PER_MINUTE,
      limitLoopback: flags.rateLimit !== undefined,
      logLevel: flags.logLevel,
      logTo: process.stderr,
    })
    await listen(app, flags.host, port)
  } catch (cause) {
    await node.close()
    throw cause
  }
  const run = { app, node, store, hideMining: showMining(node) }
  stopOnSignals(run)
  await welcome({ node, spec, folder, flags, port, hasPage: page !== undefined })
  if (flags.mine === true) await node.request({ type: 'set-mining', on: true })
  await checkData(run)
}

/** The node itself does not know where its data are: who reads of damage should. @throws StoreError */
function openNode(folder: string | undefined, options: LiveNodeOptions): LiveNode {
  try {
    return new LiveNode(options)
  } catch (cause) {
    if (folder === undefined || !(cause instanceof StoreError)) throw cause
    if (cause.code !== 'store-damaged' || cause.message.startsWith(folder)) throw cause
    const file = join(folder, DATABASE_FILE)
    throw new StoreError(cause.code, `${file}: ${cause.message}. ${damagedAdvice}`, { cause })
  }
}

/** Looks through the data while the node works already, and ends it where they are damaged. */
async function checkData(run: Run): Promise<void> {
  if (!(run.store instanceof SqliteStore)) return
  try {
    await run.store.check()
  } catch (cause) {
    await end(run)
    throw cause
  }
}

async function listen(app: App, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    throw listenFailure(host, port, cause)
  }
}

/** Registers the nodes that the command line names. */
async function registerPeers(node: LiveNode, peers: readonly string[]): Promise<void> {
  if (peers.length === 0) return
  const reply = await node.request({ type: 'register-nodes', nodes: peers })
  if (reply.type === 'refused') throw new Exit(1, `--peer: ${reply.error.message}`)
  if (reply.type !== 'registered') return
  for (const own of reply.own) say(`--peer ${own} is this node itself, and left out.`)
}

async function welcome(run: {
  node: LiveNode
  spec: Spec
  folder: string | undefined
  flags: NodeFlags
  port: number
  hasPage: boolean
}): Promise<void> {
  const { node, folder, flags, port } = run
  const url = `http://${urlHost(flags.host)}:${port}`
  const [height, nodes] = await node.read((reader) => [reader.tip()?.index, reader.nodes().length])
  print(style('bold', `toychain ${VERSION}`))
  print()
  printFields([
    ['Listening', style('cyan', url)],
    ['Chain', `${run.spec.name}, ${height === 1 ? '1 block' : `${height} blocks`}`],
    ['Node id', node.id],
    ...(nodes === 0 ? [] : [['Nodes', nodesText(nodes, flags.resolveEvery)] as const]),
    ...(flags.mine === true ? [['Mining', 'one block after another'] as const] : []),
    ['Data', folder ?? 'in memory only: gone when the node stops'],
  ])
  print()
  print('Try next, in another terminal or a browser:')
  print()
  const auth = flags.token ? '-H "authorization: Bearer $TOYCHAIN_TOKEN" ' : ''
  const calls: (readonly [call: string, what: string])[] = [
    [`curl ${auth}${url}/mine`, 'mine a block'],
    [`curl ${url}/chain`, 'read the chain'],
    [`${url}/docs`, 'every call, to read and to try'],
  ]
  if (run.hasPage) calls.unshift([url, 'the page: see the chain, touch it, break it'])
  const width = Math.max(...calls.map(([call]) => call.length))
  for (const [call, what] of calls) print(`  ${call.padEnd(width)}  ${style('dim', what)}`)
  print()
  print(style('dim', 'Ctrl+C stops the node.'))
  if (!isLoopback(flags.host) && !flags.token) {
    say('')
    say(
      `${style('yellow', 'Warning:', process.stderr)} this node listens beyond this machine (${flags.host}) and has no --token:\nanybody who reaches it can send transactions and make it mine.`,
    )
  }
}

function nodesText(count: number, resolveEvery: number | undefined): string {
  const known = count === 1 ? '1 other node' : `${count} other nodes`
  return resolveEvery === undefined ? known : `${known}, asked every ${resolveEvery} s`
}

/** Ends cleanly at the first signal, at once at the second. */
function stopOnSignals(run: Run): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    end(run)
      .then(() => process.exit(0))
      .catch(stopAtOnce)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  if (process.env.npm_lifecycle_event !== undefined) stopWithParent(() => stop('SIGTERM'))
}

/** Answers what was accepted, turns away the rest, and closes everything; or else the program ends. */
async function end({ app, node, store, hideMining }: Run): Promise<void> {
  hideMining()
  setTimeout(() => {
    say('The node did not stop in time and was ended; what it had answered is on disk.')
    process.exit(1)
  }, STOP_TIMEOUT_MS).unref()
  await node.turnAway()
  await app.close()
  if (store instanceof SqliteStore) await store.stopCheck()
  await node.close()
}

/**
 * npm hands a signal to the shell that it runs scripts in, and that shell dies of it without telling
 * the node: whoever stops `npm start` would leave a node behind that holds the port and the data.
 */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, PARENT_CHECK_MS).unref()
}

/** Our own code is wrong: better no node than one in an unknown state. What was answered is on disk. */
function stopAtOnce(cause: unknown): never {
  say('toychain has met a fault of its own and stops. Please report this:')
  console.error(cause)
  process.exit(EXIT_SOFTWARE)
}

/** Says at once if the port is taken, and picks one for 0, before any data are touched. */
async function reservePort(host: string, port: number): Promise<number> {
  const probe = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  probe.once('error', reject).listen({ host, port, exclusive: true }, resolve)
  try {
    await promise
  } catch (cause) {
    throw listenFailure(host, port, cause)
  }
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address !== null ? address.port : port
}

function listenFailure(host: string, port: number, cause: unknown): Exit {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') {
    const airplay =
      port === DEFAULT_PORT && process.platform === 'darwin'
        ? '\nOn macOS it is often AirPlay Receiver: System Settings, General, AirDrop & Handoff.'
        : ''
    const advice = `Choose another, for instance --port ${port + 1}, or let it pick a free one: --port 0.`
    return new Exit(
      1,
      `port ${port} on ${host} is taken by another program, perhaps by a node that runs already.${airplay}\n${advice}`,
      { cause },
    )
  }
  if (code === 'EACCES')
    return new Exit(1, `port ${port} needs more rights: choose one from 1024 on.`, { cause })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Exit(1, `--host ${host}: not an address of this machine.`, { cause })
  }
  return new Exit(1, `cannot listen on ${host}:${port}: ${messageOf(cause)}`, {
    cause,
  })
}

/** The host as a URL has it, and as one can open it: 0.0.0.0 listens everywhere but is no place to go. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return isIP(host) === 6 ? `[${host}]` : host
}
