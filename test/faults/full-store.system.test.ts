/**
 * A store that may not grow (SQLite's max_page_count stands for a full disk): what needs room is
 * refused whole with 507, whatever reads goes on, and with room everything works without a restart.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../../src/core/block.ts'
import {
  expectProblem,
  mine as mineOver,
  pay,
  paymentBody,
  post,
  startApi,
} from '../helpers/api.ts'
import { blockAfter, EASY, payment } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { readFiles, writeFiles } from './killed-node.ts'
import {
  fill,
  mine,
  type Operation,
  OURS,
  PEER,
  prepared,
  resolve,
  SPEC,
  start,
} from './operations.ts'
import { type Expected, shown, undisturbed } from './trial.ts'

/** More pages than any store here has. */
const NO_LIMIT = 1_000_000
/** A payment of a kilobyte: four of them fill a page. */
const LONG_NAME = 'n'.repeat(1_000)

/** Lets the store grow by so many pages. */
function leave(store: SqliteStore, pages: number): void {
  const db: unknown = Reflect.get(store, 'db')
  if (!(db instanceof Database)) throw new Error('a store has its connection')
  const count = Number(db.get('PRAGMA page_count')?.page_count)
  const limit = Math.min(NO_LIMIT, count + pages)
  expect(Number(db.get(`PRAGMA max_page_count = ${limit}`)?.max_page_count)).toBe(limit)
}

const MANY_NODES = Array.from({ length: 300 }, (_, i) => `${'long-name-'.repeat(10)}${i}:5000`)

const { genesis } = SPEC.rules
const long = (recipient: string) => payment(LONG_NAME, recipient)
const longPayments = Array.from({ length: 8 }, (_, i) => long(`${i}`))

function largeBlocks(parent: Block, count: number): Block[] {
  const blocks: Block[] = []
  for (let last = parent; blocks.length < count; blocks.push(last)) {
    last = blockAfter(last, { spec: SPEC, transactions: longPayments })
  }
  return blocks
}

const next = largeBlocks(OURS.at(-1) ?? genesis, 1)
const fork = largeBlocks(OURS[0] ?? genesis, 4)

/** What takes more pages than are free within a store, and what takes none. */
const OPERATIONS: readonly (Operation & { readonly needsRoom: boolean })[] = [
  {
    name: 'mining a large block',
    prepare: (chain) => {
      fill(chain)
      for (const { recipient } of longPayments) {
        chain.addTransaction({ sender: LONG_NAME, recipient, amount: 1 })
      }
    },
    run: mine,
    needsRoom: true,
  },
  {
    name: "another node's large block",
    prepare: fill,
    run: ({ node }) => Promise.all(next.map((block) => node.request({ type: 'add-block', block }))),
    needsRoom: true,
  },
  {
    name: 'resolving to a branch of large blocks',
    prepare: fill,
    theirs: [genesis, ...OURS.slice(0, 1), ...fork],
    run: resolve,
    needsRoom: true,
  },
  {
    name: 'registering many nodes',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'register-nodes', nodes: MANY_NODES }),
    needsRoom: true,
  },
  {
    name: 'removing a node',
    prepare: fill,
    run: ({ node }) => node.request({ type: 'remove-node', node: PEER }),
    needsRoom: false,
  },
]

describe('a store that may not grow', () => {
  it('answers 507 to what needs room, reads go on, and it works again', async () => {
    const store = SqliteStore.open(temporaryFolder(), EASY)
    const api = await startApi({ store })
    await pay(api)
    leave(store, 3)
    let paid = 1
    for (; ; paid++) {
      const answer = await post(api, paymentBody({ sender: LONG_NAME }))
      if (answer.statusCode === 200) continue
      expectProblem(answer, 507, 'store-full')
      break
    }
    expect(paid).toBeGreaterThan(8)
    expectProblem(await mineOver(api), 507, 'store-full')
    const register = {
      method: 'POST',
      url: '/nodes/register',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ nodes: MANY_NODES.map((node) => `http://${node}`) }),
    } as const
    expectProblem(await api.app.inject(register), 507, 'store-full')
    for (const url of ['/chain', '/transactions', '/info', '/health', '/tips', '/nodes']) {
      expect((await api.app.inject(url)).statusCode, url).toBe(200)
    }
    const info = async () => (await api.app.inject('/info')).json()
    expect(await info()).toMatchObject({ height: 1, current_transactions: paid })

    leave(store, NO_LIMIT)
    expect((await api.app.inject(register)).statusCode).toBe(200)
    expect(JSON.parse((await mineOver(api)).body).transactions).toHaveLength(paid + 1)
    expect(await info()).toMatchObject({ height: 2, current_transactions: 0 })
  })
})

describe('with ever more pages left', () => {
  it.each(OPERATIONS)('$name is done wholly or not at all', async (operation) => {
    const made = temporaryFolder()
    prepared(SqliteStore.open(made, SPEC), operation).close()
    const files = readFiles(made)
    const folder = join(temporaryFolder(), 'data')
    const open = () => {
      writeFiles(folder, files)
      return SqliteStore.open(folder, SPEC)
    }
    const expected = await undisturbed(operation, { raw: open() })
    const done: boolean[] = []
    for (let pages = 0; done.at(-1) !== true || pages < 4; pages += 3) {
      done.push(await isDoneWith(open(), { pages, operation, expected }))
    }
    expect(done[0]).toBe(!operation.needsRoom)
    expect(done, 'once there is room, more is no harm').toEqual(done.toSorted())
  })
})

async function isDoneWith(
  store: SqliteStore,
  { pages, operation, expected }: { pages: number; operation: Operation; expected: Expected },
): Promise<boolean> {
  const running = start(store, operation)
  leave(store, pages)
  const error: unknown = await operation.run(running).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  const step = expected.steps.findIndex((each) => each.shown === shown(store))
  const last = expected.steps.length - 1
  if (error === undefined) expect(step).toBe(last)
  else expect(error).toMatchObject({ name: 'StoreError', code: 'store-full' })
  expect(step, `a state that never was, with ${pages} pages left`).toBeGreaterThanOrEqual(0)
  leave(store, NO_LIMIT)
  await operation.run(running)
  expect(shown(store) === (step === last ? expected.again : expected.steps[last]?.shown)).toBe(true)
  expect(running.fatal).toEqual([])
  await running.node.close()
  return error === undefined
}
