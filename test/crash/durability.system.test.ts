/**
 * An answer means that the disk has it: SQLite is told to synchronise, and the system's own record of
 * what the process did shows that it does so between a request and its answer. (After kill -9 the
 * system still has what was not synchronised, so killing a node cannot show it.)
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { NodeClient } from '../../src/api/client/client.ts'
import { EASY } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { doneFor, readTrace } from './trace.ts'

describe('the connection that a store writes through', () => {
  it('has a write-ahead log and synchronises each commit (journal_mode, synchronous)', () => {
    const run = vi.spyOn(Database.prototype, 'run')
    onTestFinished(() => run.mockRestore())
    const store = SqliteStore.open(temporaryFolder(), EASY)
    run.mockClear()
    store.putNode('a:1')
    const db: unknown = run.mock.contexts[0]
    if (!(db instanceof Database)) throw new Error('nothing was written')
    expect(db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
    const FULL = 2
    expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: FULL })
    store.close()
  })

  it.each([
    ['PRAGMA journal_mode = WAL', { journal_mode: 'delete' }],
    ['PRAGMA synchronous', { synchronous: 1 }],
  ])('is refused where SQLite does not do as it is told: %s', (asked, said) => {
    const get = Database.prototype.get
    const spy = vi.spyOn(Database.prototype, 'get')
    onTestFinished(() => spy.mockRestore())
    spy.mockImplementation(function (this: Database, sql, ...values) {
      return sql === asked ? said : get.call(this, sql, ...values)
    })
    const refused = expect.objectContaining({ code: 'store-failed' })
    expect(() => SqliteStore.open(temporaryFolder(), EASY)).toThrow(refused)
  })
})

const READ = '7 read(30<socket:[1]>, "GET /mine HTTP/1.1\\r\\nHost"..., 65536) = 83'
const WRITE = '7 pwrite64(25</d/chain.sqlite-wal>, "\\0"..., 4096, 56) = 4096'
const SYNC = '7 fdatasync(25</d/chain.sqlite-wal>) = 0'
const ANSWER = '7 write(30<socket:[1]>, "HTTP/1.1 200 OK\\r\\ncontent"..., 9) = 9'
const BEGUN = '8 fsync(25</d/chain.sqlite-wal> <unfinished ...>'
const ENDED = '8 <... fsync resumed>) = 0'

describe('a trace', () => {
  it.each([
    ['all in order', [READ, WRITE, SYNC, ANSWER], ['write', 'sync', 'answer']],
    ['no sync', [READ, WRITE, ANSWER], ['write', 'answer']],
    ['the sync after the answer', [READ, WRITE, ANSWER, SYNC], ['write', 'answer']],
    ['the sync before the write', [READ, SYNC, WRITE, ANSWER], ['write', 'answer']],
    ['a sync of before', [WRITE, SYNC, READ, ANSWER], ['answer']],
    ["another file's sync", [READ, WRITE, SYNC.replace('-wal', ''), ANSWER], ['write', 'answer']],
    ['a sync in two parts', [READ, WRITE, BEGUN, ENDED, ANSWER], ['write', 'sync', 'answer']],
    ['a sync that ends too late', [READ, WRITE, BEGUN, ANSWER, ENDED], ['write', 'answer']],
    ['no answer', [READ, WRITE, SYNC], ['write', 'sync']],
    ['no request', [WRITE, SYNC, ANSWER], ['no request']],
  ])('with %s is read as such', (_name, lines, expected) => {
    expect(doneFor('GET /mine', readTrace(lines.join('\n')))).toEqual(expected)
  })
})

const PROGRAM = fileURLToPath(new URL('../../bin/toychain.js', import.meta.url))
const STRACE = ['-f', '-y', '-s', '64', '-e']
const CALLS = 'trace=read,recvfrom,pwrite64,pwritev,fsync,fdatasync,write,writev,sendto,sendmsg'
const canTrace = spawnSync('strace', [...STRACE, CALLS, '-o', '/dev/null', 'true']).status === 0

/** Runs a node under strace while `use` asks something of it; what the system saw. */
async function traced(use: (url: string) => Promise<void>): Promise<string> {
  const file = join(temporaryFolder(), 'trace')
  const node = ['node', '--port', '0', '--data', temporaryFolder(), '--difficulty', '1']
  const command = [...STRACE, CALLS, '-o', file, process.execPath, PROGRAM, ...node]
  const strace = spawn('strace', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(strace, 'close')
  // What is written first is written by the node's main thread: strace itself passes no signal on.
  const stop = () => process.kill(Number.parseInt(readFileSync(file, 'utf8'), 10), 'SIGTERM')
  try {
    let greeting = ''
    for await (const chunk of strace.stdout) {
      greeting += chunk
      if (greeting.includes('Ctrl+C')) break
    }
    await use(/http:\/\/127\.0\.0\.1:\d+/.exec(greeting)?.[0] ?? '')
  } finally {
    if (strace.exitCode === null) stop()
    await closed
  }
  return readFileSync(file, 'utf8')
}

describe('between a request and its answer', () => {
  it.skipIf(!canTrace)('the log is written and synchronised (needs strace)', async () => {
    const trace = await traced(async (url) => {
      const client = new NodeClient(url)
      await client.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
      await client.mine()
      await client.register(['127.0.0.1:717'])
      await client.removeNode('127.0.0.1:717')
      await client.info()
    })
    const calls = readTrace(trace)
    const durable = ['write', 'sync', 'answer']
    expect(doneFor('POST /transactions/new', calls)).toEqual(durable)
    expect(doneFor('GET /mine', calls)).toEqual(durable)
    expect(doneFor('POST /nodes/register', calls)).toEqual(durable)
    expect(doneFor('DELETE /nodes/127.0.0.1%3A717', calls)).toEqual(durable)
    expect(doneFor('GET /info', calls), 'what only reads').toEqual(['answer'])
  })
})
