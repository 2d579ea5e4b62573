/**
 * A node on a disk of two megabytes that fills up: what writes is refused
 * with 507, what reads goes on, nothing acknowledged is lost, and with room it works again.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import type { Store } from '../../src/node/store/store.ts'
import { EASY } from '../helpers/chains.ts'
import { type NodeProcess, startProcess } from '../helpers/program.ts'
import { run, startNode } from '../helpers/toychain.ts'
import { sample } from '../helpers/volume.ts'
import { readFiles } from './killed-node.ts'

const DISK_BYTES = 2 * 1024 * 1024
const SENDER_CHARS = 500

/** Mounts a small disk; undefined where that may not be done. */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'toychain-disk-'))
  const flags = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]
  if (spawnSync('mount', flags).status === 0) return folder
  rmSync(folder, { recursive: true })
  return undefined
}

function unmountDisk(folder: string): void {
  spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
}

const trial = mountDisk()
if (trial !== undefined) unmountDisk(trial)

class SmallDisk {
  readonly folder: string
  readonly data: string
  readonly flags: readonly string[]
  #fillers = 0

  constructor() {
    const folder = mountDisk()
    if (folder === undefined) throw new Error('no disk could be mounted')
    onTestFinished(() => unmountDisk(folder))
    this.folder = folder
    this.data = join(folder, 'data')
    this.flags = ['--data', this.data, '--difficulty', '1']
  }

  /** A node in a process of its own, which the test can kill. */
  async start(): Promise<NodeProcess> {
    const node = await startProcess(this.flags)
    onTestFinished(async () => {
      if (node.child.exitCode === null && node.child.signalCode === null) await node.stop('SIGKILL')
    })
    return node
  }

  /** Leaves so many bytes free, and none if left out. */
  fill(freeBytes = 0): void {
    const { bavail, bsize } = statfsSync(this.folder)
    const bytes = bavail * bsize - freeBytes
    writeFileSync(join(this.folder, `filler-${++this.#fillers}`), Buffer.alloc(bytes))
  }

  makeRoom(): void {
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith('filler')) rmSync(join(this.folder, name))
    }
  }
}

type Reached = Pick<NodeProcess, 'url'>

const sender = (number: number) => `${number}-`.padEnd(SENDER_CHARS, 'x')
const senders = (count: number) => Array.from({ length: count }, (_, number) => sender(number))

function post(node: Reached, path: string, body: unknown): Promise<Response> {
  return fetch(node.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function pay(node: Reached, number: number): Promise<Response> {
  return post(node, '/transactions/new', { sender: sender(number), recipient: 'x', amount: 1 })
}

/** Pays until there is no room; how many were acknowledged. */
async function payUntilFull(node: Reached, from = 0): Promise<number> {
  for (let number = from; ; number++) {
    const answer = await pay(node, number)
    if (answer.status === 200) {
      await answer.arrayBuffer()
      continue
    }
    await expectFull(answer)
    return number
  }
}

async function expectFull(answer: Response): Promise<void> {
  expect(answer.status).toBe(507)
  expect(await answer.json()).toMatchObject({ code: 'store-full', status: 507 })
}

interface Said {
  readonly transactions: readonly { readonly sender: string }[]
  readonly length: number
}

async function read(node: Reached, path: string): Promise<Said> {
  const answer = await fetch(node.url + path)
  expect(answer.status, path).toBe(200)
  return JSON.parse(await answer.text())
}

/** All that was acknowledged waits, in order, and nothing else. */
async function expectWaiting(node: Reached, count: number): Promise<void> {
  const { transactions } = await read(node, '/transactions')
  expect(transactions.map((transaction) => transaction.sender)).toEqual(senders(count))
}

describe.skipIf(trial === undefined)('a full disk (needs the right to mount one)', () => {
  it('refuses what writes, goes on reading, and needs no restart when there is room', async () => {
    const disk = new SmallDisk()
    const node = await startNode(disk.flags)
    expect((await fetch(`${node.url}/mine`)).status).toBe(200)
    disk.fill(600_000)
    const count = await payUntilFull(node)
    expect(count).toBeGreaterThan(20)

    await expectFull(await fetch(`${node.url}/mine`))
    await expectFull(await fetch(`${node.url}/mine`))
    const nodes = Array.from({ length: 200 }, (_, i) => `http://10.0.0.${i}:5000`)
    await expectFull(await post(node, '/nodes/register', { nodes }))
    for (const path of ['/tips', '/nodes', '/metrics', '/blocks/2', '/docs']) {
      expect((await fetch(node.url + path)).status, path).toBe(200)
    }
    expect((await read(node, '/chain')).length).toBe(2)
    expect(await read(node, '/info')).toMatchObject({ height: 2, current_transactions: count })
    // Health says whether the node can be asked; that the disk is full, refusals and the log say.
    expect(await read(node, '/health')).toEqual({ status: 'ok' })
    expect(await read(node, '/nodes')).toMatchObject({ length: 0 })
    await expectWaiting(node, count)
    expect(node.said()).toContain('store-full')

    disk.makeRoom()
    expect((await pay(node, count)).status).toBe(200)
    await expectWaiting(node, count + 1)
    const mined = await read(node, '/mine')
    expect(mined.transactions).toHaveLength(count + 2)
    expect((await post(node, '/nodes/register', { nodes })).status).toBe(200)
    expect(await read(node, '/info')).toMatchObject({ height: 3, current_transactions: 0 })
    expect(await node.stop()).toBe(0)
    const verified = await run(['verify', '--data', disk.data])
    expect(verified).toMatchObject({ status: 0 })
  })

  it('loses nothing acknowledged when the node is killed, and can be started on', async () => {
    const disk = new SmallDisk()
    const first = await disk.start()
    disk.fill(300_000)
    const count = await payUntilFull(first)
    await first.stop('SIGKILL')

    const second = await startNode(disk.flags)
    await expectWaiting(second, count)
    await expectFull(await pay(second, count))
    expect(await second.stop(), 'a clean stop, though the log cannot be taken in').toBe(0)

    disk.makeRoom()
    const third = await disk.start()
    await expectWaiting(third, count)
    expect((await pay(third, count)).status).toBe(200)
    await third.stop('SIGKILL')
    expect(sendersIn(disk)).toHaveLength(count + 1)
  })

  it.each(sample([0, 8_192, 40_000], 1))(
    'with %i bytes left is refused by name, or started on',
    async (free) => {
      const disk = new SmallDisk()
      const written = senders(5)
      withStore(disk, (store) => {
        const chain = new BlockChain({ spec: EASY, store })
        for (const sender of written) chain.addTransaction({ sender, recipient: 'x', amount: 1 })
      })
      const before = readFiles(disk.data).get(DATABASE_FILE)
      disk.fill(free)
      const node = await tryToStart(disk)
      if (typeof node === 'string') {
        expect(node).toContain(disk.data)
        expect(node).toMatch(/full/)
        expect(node, 'a stack is for faults of our own').not.toContain('    at ')
        expect(readFiles(disk.data).get(DATABASE_FILE)).toEqual(before)
      } else {
        await expectWaiting(node, 5)
        await expectFull(await post(node, '/transactions/new', LARGE))
        await node.stop('SIGKILL')
      }
      disk.makeRoom()
      expect(sendersIn(disk)).toEqual(written)
    },
  )

  it('on which data are to be made is refused by name, and leaves nothing in the way', async () => {
    const disk = new SmallDisk()
    disk.fill(8_192)
    const said = await tryToStart(disk)
    expect(said).toMatch(/full/)
    expect(said, 'a stack is for faults of our own').not.toContain('    at ')
    disk.makeRoom()
    expect(sendersIn(disk)).toEqual([])
  })
})

/** More than is left. */
const LARGE = { sender: 'x'.repeat(1_000), recipient: '\u{1f600}'.repeat(500), amount: 1 }

/** The node, or what it said instead of starting. */
async function tryToStart(disk: SmallDisk): Promise<NodeProcess | string> {
  try {
    return await disk.start()
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('the node did not start'))
      throw error
    return error.message
  }
}

function withStore<T>({ data }: SmallDisk, use: (store: Store) => T): T {
  const store = SqliteStore.open(data, EASY)
  try {
    return use(store)
  } finally {
    store.close()
  }
}

function sendersIn(disk: SmallDisk): readonly string[] {
  return withStore(disk, (store) => {
    const { currentTransactions } = new BlockChain({ spec: EASY, store })
    return currentTransactions.map(({ sender }) => sender)
  })
}
