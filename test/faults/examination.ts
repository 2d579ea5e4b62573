/**
 * Opens a data folder as the program does and waits for its check, asks the node everything, lets it
 * pay and mine, and asks again. What comes out is one of three: refused with a StoreError that helps,
 * right, or wrong; wrong also means any other error.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { LiveNode } from '../../src/adapters/live/live-node.ts'
import { checkFile } from '../../src/adapters/sqlite/check.ts'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { messageOf } from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { StoreError, type StoreReader } from '../../src/node/store/store.ts'
import { ScriptedMiner } from '../api/scripted-miner.ts'
import { EASY, textsOf } from '../helpers/chains.ts'
import { SEED } from '../helpers/volume.ts'
import type { Damage } from './damage.ts'
import { type History, NODE_ID, type View, writeFiles } from './killed-node.ts'
import { written } from './written.ts'

export type Finding =
  | { readonly type: 'refused'; readonly code: string }
  /** Everything that was answered is of one state that was committed. */
  | { readonly type: 'right'; readonly state: number; readonly refused: number }
  | { readonly type: 'wrong'; readonly what: string }

export interface Tally {
  readonly cases: number
  readonly refused: number
  readonly right: number
  /** Of each damage, the number of the committed state that was shown, or -1. */
  readonly states: readonly number[]
  readonly wrong: readonly string[]
}

const CODES = [
  'store-damaged',
  'store-failed',
  'store-foreign',
  'store-too-new',
  'store-other-spec',
]
const REFUSED = Symbol('refused')
const PAYMENT = parseJson('{"sender": "after", "recipient": "Mark", "amount": 3.5}')

class Wrong extends Error {}

export async function examine(folder: string, history: History): Promise<Finding> {
  const before = databaseBytes(folder)
  let store: SqliteStore | undefined
  try {
    store = SqliteStore.open(folder, EASY)
    // What a node has done in a thread, which a thousand times would take a minute.
    checkFile(join(folder, DATABASE_FILE))
  } catch (error) {
    const finding = refusal(error, folder, before)
    store?.close()
    return finding
  }
  let node: LiveNode
  const miners: ScriptedMiner[] = []
  const fatal: unknown[] = []
  try {
    node = new LiveNode({
      spec: EASY,
      store,
      createMiner: (callbacks) => {
        const miner = new ScriptedMiner(callbacks)
        miners.push(miner)
        return miner
      },
      createPeers: () => ({ ask() {}, stop() {}, stopAll() {} }),
      nowMs: () => 1_900_000_000_000,
      newId: () => 'e'.repeat(32),
      onFatal: (cause) => fatal.push(cause),
    })
  } catch (error) {
    const finding = refusal(error, folder, before)
    store.close()
    return finding
  }
  const finding = await askEverything(node, miners[0], history).catch(wrong)
  await node.close().catch(nothing)
  return fatal.length === 0 ? finding : wrong(fatal[0])
}

function wrong(error: unknown): Finding {
  return { type: 'wrong', what: described(error) }
}

function databaseBytes(folder: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, DATABASE_FILE))
  } catch {
    return undefined
  }
}

/** A refusal names the file, says what can be done, and has touched nothing. */
function refusal(error: unknown, folder: string, before: Buffer | undefined): Finding {
  if (!(error instanceof StoreError)) return { type: 'wrong', what: described(error) }
  const { code, message } = error
  if (!CODES.includes(code)) return { type: 'wrong', what: `code ${code}` }
  const helps = /move it away|--data|toychain reset|right to read|Nothing of what/.test(message)
  if (!message.includes(folder) || !helps) return { type: 'wrong', what: `says only: ${message}` }
  const after = databaseBytes(folder)
  const untouched = before === undefined ? after === undefined : after?.equals(before)
  return untouched ? { type: 'refused', code } : { type: 'wrong', what: 'refused and written to' }
}

function described(error: unknown): string {
  if (error instanceof Wrong) return error.message
  const name = error instanceof Error ? error.name : typeof error
  return `${name}: ${messageOf(error)}`
}

type Partly = ReadonlyMap<string, string | typeof REFUSED>

async function askEverything(
  node: LiveNode,
  miner: ScriptedMiner | undefined,
  history: History,
): Promise<Finding> {
  const seen = await view(node, history)
  if (seen === undefined) return { type: 'refused', code: 'store-damaged' }
  const state = stateOf(seen, history)
  const refused = [...seen.values()].filter((answer) => answer === REFUSED).length
  const was = history.states[state]
  if (was !== undefined) await goOn(node, miner, { was, seen })
  return { type: 'right', state, refused }
}

async function view(node: LiveNode, { questions }: History): Promise<Partly | undefined> {
  try {
    return await node.read((reader) => {
      return new Map([...questions].map(([name, ask]) => [name, answerOf(reader, ask)]))
    })
  } catch (error) {
    if (error instanceof StoreError) return undefined
    throw error
  }
}

function answerOf(reader: StoreReader, ask: (reader: StoreReader) => unknown) {
  try {
    return written(ask(reader))
  } catch (error) {
    if (error instanceof StoreError) return REFUSED
    throw error
  }
}

/** The number of the last committed state that everything seen is of. */
function stateOf(seen: Partly, { states }: History): number {
  let best = { differ: Number.POSITIVE_INFINITY, what: '' }
  for (const [number, state] of [...states.entries()].reverse()) {
    const differ = [...seen].filter(([name, is]) => is !== REFUSED && is !== state.get(name))
    if (differ.length === 0) return number
    if (differ.length >= best.differ) continue
    const [name = '', is] = differ[0] ?? []
    best = { differ: differ.length, what: `${name}: ${difference(String(is), state.get(name))}` }
  }
  throw new Wrong(best.what)
}

/** Two texts from shortly before they differ. */
function difference(is: string, was = ''): string {
  let at = 0
  while (at < is.length && is[at] === was[at]) at++
  const from = Math.max(0, at - 30)
  return `…${is.slice(from, at + 40)}… instead of …${was.slice(from, at + 40)}…`
}

/** Pays and mines: refused, or right on top of what was there. */
async function goOn(
  node: LiveNode,
  miner: ScriptedMiner | undefined,
  { was, seen }: { was: View; seen: Partly },
): Promise<void> {
  const paid = await tried(node.request({ type: 'submit-transaction', transaction: PAYMENT }))
  if (paid === undefined) return
  const call = node.request({ type: 'mine' })
  const isOver = call.then(
    () => true,
    () => true,
  )
  await node.read(() => {}).catch(() => {})
  if (miner?.running !== undefined) miner.solve()
  const mined = await tried(call)
  await isOver
  if (mined?.type !== 'mined') return
  const texts = await node
    .read((reader) => textsOf(reader, 1, Number.MAX_SAFE_INTEGER))
    .catch(nothing)
  if (texts === undefined) return
  const before: string[] = JSON.parse(was.get('chain') ?? '[]')
  if (seen.get('chain') === REFUSED) throw new Wrong('a chain that was refused is served later')
  if (written(texts) !== written([...before, mined.block.text])) throw new Wrong('mined elsewhere')
  const pooled: { text: string }[] = JSON.parse(was.get('pooled') ?? '[]')
  const rewarded = mined.block.transactions.map(({ text }) => text).slice(0, -1)
  const held = rewarded.join('\n') === [...pooled.map(({ text }) => text), PAID].join('\n')
  if (!held) throw new Wrong(`the block holds ${rewarded.join(', ').slice(0, 300)}`)
  if (mined.block.transactions.at(-1)?.recipient !== NODE_ID) throw new Wrong('paid to nobody')
}

const PAID = '{"amount": 3.5, "recipient": "Mark", "sender": "after"}'

function nothing(error: unknown): undefined {
  if (!(error instanceof StoreError)) throw error
  return undefined
}

/** The reply; undefined where the store failed. */
async function tried<T>(reply: Promise<T>): Promise<T | undefined> {
  return reply.catch(nothing)
}

/** Examines each damage in turn, in one folder. */
export async function examineAll(
  damages: Iterable<Damage>,
  { folder, history }: { folder: string; history: History },
): Promise<Tally> {
  const findings: { readonly name: string; readonly finding: Finding }[] = []
  for (const { name, files } of damages) {
    writeFiles(folder, files)
    findings.push({ name, finding: await examine(folder, history).catch(wrong) })
  }
  const of = (type: Finding['type']) => findings.filter(({ finding }) => finding.type === type)
  return {
    cases: findings.length,
    refused: of('refused').length,
    right: of('right').length,
    states: findings.map(({ finding }) => (finding.type === 'right' ? finding.state : -1)),
    wrong: findings.flatMap(({ name, finding }) => {
      return finding.type === 'wrong' ? [`${name}: ${finding.what}`] : []
    }),
  }
}

/** Fails with the first few that are wrong, how many there are, and the seed. */
export function expectNoneWrong({ wrong, cases }: Tally): void {
  const said = `${wrong.length} of ${cases} wrong (SAMPLE_SEED=${SEED})`
  expect(wrong.slice(0, SHOWN), said).toEqual([])
}

const SHOWN = 5
