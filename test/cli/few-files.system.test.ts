/** A node where the system gives it little: it refuses, says so once, and recovers. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { NodeClient } from '../../src/api/client/client.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { startProcess } from '../helpers/program.ts'
import { startNode } from '../helpers/toychain.ts'

const EASY = ['--difficulty', '1', '--threads', '1']

const OPEN_FILES = 64
const CLIENTS = 200
/** A few lines: one for each kind of failure. */
const MAX_SAID_CHARS = 4_096

/** Connects and asks; resolves when the node has answered or closed the connection. */
async function ask(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {})
  return socket
}

describe.skipIf(process.platform === 'win32')('a node that may have few files open', () => {
  it('turns away what it has no file for, says little, and is well afterwards', async () => {
    const data = temporaryFolder()
    const node = await startProcess([...EASY, '--data', data], {}, { openFiles: OPEN_FILES })
    const before = node.said().length
    const paths = ['/chain', '/events', '/health', '/mine', '/payments?party=Lea']
    const sockets: Promise<Socket>[] = []
    for (let i = 0; i < CLIENTS; i++) sockets.push(ask(node.url, paths[i % paths.length] ?? '/'))
    const asked = await Promise.all(sockets)
    const open = asked.filter((socket) => !socket.destroyed)
    expect(open.length).toBeLessThan(OPEN_FILES)
    await Promise.all(
      open.map((socket) => {
        socket.destroy()
        return once(socket, 'close')
      }),
    )

    const client = new NodeClient(node.url)
    // It hears of the last hang-ups in a moment.
    await expect.poll(() => client.info()).toMatchObject({ chain: 'classic' })
    const block = await client.mine()
    expect(await client.info()).toMatchObject({ tip: { hash: block.hash } })
    expect(node.said().length - before).toBeLessThan(MAX_SAID_CHARS)
    expect(await node.stop()).toBe(0)
  })
})

/** The next response on a connection, which is short. */
async function nextResponse(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  let text = ''
  while (!text.endsWith('}')) text += String((await once(socket, 'data'))[0])
  return text
}

describe.skipIf(process.platform === 'win32')('a node that gets no thread to mine with', () => {
  it('says so to who asked, and mines when there is room again', async () => {
    const data = temporaryFolder()
    const node = await startProcess([...EASY, '--data', data], {}, { openFiles: OPEN_FILES })
    const miner = await ask(node.url, '/health')
    // Until the node has no file left, not even for a connection.
    const others: Socket[] = []
    for (let isFull = false; !isFull; ) {
      const other = await ask(node.url, '/health')
      isFull = other.destroyed || other.readyState !== 'open'
      if (!isFull) others.push(other)
    }
    const refused = await nextResponse(miner, '/mine')
    expect(refused).toContain('HTTP/1.1 503 ')
    expect(refused).toContain('"code":"mining-failed"')

    for (const other of others) other.destroy()
    const client = new NodeClient(node.url)
    await expect.poll(() => client.mine()).toMatchObject({ index: 2 })
    expect(await node.stop()).toBe(0)
  })
})

describe('a node whose data cannot be looked through', () => {
  it('says so and goes on: nothing is known against them', async () => {
    const failure = new StoreError('store-failed', 'cannot be checked (spawn EMFILE)')
    const check = vi.spyOn(SqliteStore.prototype, 'check').mockRejectedValueOnce(failure)
    onTestFinished(() => check.mockRestore())
    const node = await startNode([...EASY, '--data', temporaryFolder()])
    await expect
      .poll(() => node.said())
      .toContain('The data have not been looked through: cannot be checked (spawn EMFILE)')
    expect((await new NodeClient(node.url).mine()).index).toBe(2)
    expect(await node.stop()).toBe(0)
  })
})
