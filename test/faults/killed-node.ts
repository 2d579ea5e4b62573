/**
 * Data folders as a stopped and as a killed node leave them, as files in memory, with every state
 * that was ever committed. Whatever is done to the files, a node that reads them may show one of
 * these states or refuse; it may not show another.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../../src/core/block.ts'
import type { BlockHash } from '../../src/core/hash.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { paymentsIn } from '../../src/node/store/party-history.ts'
import type { StoreReader } from '../../src/node/store/store.ts'
import { blockAfter, branch, EASY, payment, textsOf } from '../helpers/chains.ts'
import { makeFolder } from '../helpers/folders.ts'
import { written } from './written.ts'

export const WAL = `${DATABASE_FILE}-wal`
export const SHM = `${DATABASE_FILE}-shm`
export const LOCK = 'lock.sqlite'
export const NODE_ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'

export type Files = ReadonlyMap<string, Buffer>

/** What one question was answered with, by question. */
export type View = ReadonlyMap<string, string>

/** Each question that the node or its API asks the store; answers are texts, to be compared. */
export type Questions = ReadonlyMap<string, (reader: StoreReader) => unknown>

export interface History {
  /** Every state that was committed, first to last. */
  readonly states: readonly View[]
  readonly questions: Questions
}

export interface KilledNode extends History {
  /** As after a clean stop: everything in the database, no log. */
  readonly stopped: Files
  /** As after kill -9: the later half of the history is in the log only. */
  readonly killed: Files
  /** The log of another life of the same folder. */
  readonly otherLog: Buffer
}

const EVERYTHING = Number.MAX_SAFE_INTEGER

function questionsAbout(blocks: readonly Block[]): Questions {
  const all = new Map<string, (reader: StoreReader) => unknown>([
    ['tip', (reader) => reader.tip()],
    ['side tips', (reader) => reader.sideTips(EVERYTHING)],
    ['weakest', (reader) => reader.weakestSideTips(2)],
    ['side bytes', (reader) => reader.sideBytes()],
    ['pooled', (reader) => reader.pooled(Number.MIN_SAFE_INTEGER, EVERYTHING)],
    ['nodes', (reader) => reader.nodes()],
    ['identity', (reader) => reader.identity()],
    ['chain', (reader) => textsOf(reader, 1, EVERYTHING)],
    ['payments', (reader) => payments(reader, 'Lea')],
    ['payments of a loser', (reader) => payments(reader, 'miner-18')],
  ])
  const ask = (name: string, of: string | number, how: (reader: StoreReader) => unknown) =>
    all.set(`${name} ${of}`, how)
  const last = Math.max(...blocks.map(({ header }) => header.index))
  for (let index = 1; index <= last + 1; index++) {
    ask('hash at', index, (reader) => reader.hashAt(index))
    ask('text at', index, (reader) => textsOf(reader, index, 1))
  }
  for (const hash of new Set<BlockHash>(blocks.map(({ header }) => header.hash))) {
    ask('header', hash, (reader) => reader.header(hash))
    ask('text', hash, (reader) => reader.text(hash))
    ask('children', hash, (reader) => reader.hasChildren(hash))
  }
  return all
}

function payments(reader: StoreReader, party: string): unknown {
  return [...reader.blocksWith(party, EVERYTHING)].flatMap((header) => {
    if (header === undefined) return []
    const work = paymentsIn(header, party, { reader, rules: EASY.rules })
    let step = work.next()
    while (step.done !== true) step = work.next()
    return step.value.map(({ position, transaction: { text } }) => [header.index, position, text])
  })
}

export function viewOf(reader: StoreReader, questions: Questions): View {
  return new Map([...questions].map(([name, ask]) => [name, written(ask(reader))]))
}

export function readFiles(folder: string): Files {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
}

/** Makes the folder hold exactly these files. */
export function writeFiles(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
}

/** Lives through dozens of commits of every kind, stops in the middle, is killed at the end. */
export function killedNode(): KilledNode {
  const folder = makeFolder()
  try {
    return liveAndDie(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function liveAndDie(folder: string): KilledNode {
  const steps = life()
  const blocks = steps.flatMap(({ blocks = [] }) => blocks)
  const questions = questionsAbout([EASY.rules.genesis, ...blocks])
  const states: View[] = []
  const live = (from: number, to: number): SqliteStore => {
    const store = SqliteStore.open(folder, EASY)
    if (store.identity() === undefined) store.setIdentity(NODE_ID)
    const chain = new BlockChain({ spec: EASY, store })
    if (from === 0) states.push(viewOf(store, questions))
    for (const step of steps.slice(from, to)) {
      step.run(chain)
      states.push(viewOf(store, questions))
    }
    return store
  }
  const half = Math.floor(steps.length / 2)
  live(0, half).close()
  const store = live(half, steps.length)
  const killed = readFiles(folder)
  store.close()
  const stopped = readFiles(folder)
  return { states, questions, killed, stopped, otherLog: logOfAnotherLife(folder, stopped) }
}

function logOfAnotherLife(folder: string, stopped: Files): Buffer {
  writeFiles(folder, stopped)
  const store = SqliteStore.open(folder, EASY)
  const chain = new BlockChain({ spec: EASY, store })
  for (let i = 0; i < 5; i++) {
    chain.addTransaction({ sender: `other-${i}`, recipient: 'x', amount: i })
    chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 1, rewardTo: 'other' })
  }
  const log = readFileSync(join(folder, WAL))
  store.close()
  return log
}

interface Step {
  readonly run: (chain: BlockChain) => void
  readonly blocks?: readonly Block[]
}

function life(): readonly Step[] {
  const steps: Step[] = []
  const add = (block: Block) =>
    steps.push({ run: (chain) => chain.addBlock(block), blocks: [block] })
  const pay = (sender: string) =>
    steps.push({ run: (chain) => chain.addTransaction({ sender, recipient: 'Mark', amount: 7 }) })
  let last = EASY.rules.genesis
  const trunk = [last]
  for (let i = 0; i < 30; i++) {
    const count = i % 10 === 4 ? 150 : i % 3
    const transactions = Array.from({ length: count }, (_, n) => payment(`${i}/${n}`, 'Lea', '2.5'))
    last = blockAfter(last, { transactions, rewardTo: NODE_ID })
    trunk.push(last)
    add(last)
    if (i % 4 === 1) pay(`waits-${i}`)
    if (i % 5 === 2) steps.push({ run: (chain) => chain.registerNodes([`10.0.0.${i}:5000`]) })
    if (i % 7 === 3) for (const side of branch(trunk[i - 1] ?? last, 2, i + 1)) add(side)
  }
  // A reorganisation of three blocks, and a payment that only an abandoned block held.
  for (const block of branch(trunk.at(-4) ?? last, 4, 99)) add(block)
  steps.push({ run: (chain) => chain.removeNode('10.0.0.7:5000') })
  for (let i = 0; i < 6; i++) pay(`late-${i}`)
  return steps
}
