/**
 * Reads the chain for the page, in a thread of its own: it asks the node, reads the answer losslessly,
 * and computes each hash and makes each check with the node's own code. So the page stays smooth,
 * however large the blocks are.
 */
import { NodeClient, NodeRefusal, NodeUnreachable } from '../../../src/api/client/client.ts'
import { asArray, asInteger, asObject } from '../../../src/api/client/responses.ts'
import type { Block } from '../../../src/core/block.ts'
import { pastOf } from '../../../src/core/checks.ts'
import { messageOf } from '../../../src/core/errors.ts'
import { examine } from '../../../src/core/examine.ts'
import { type Json, parseJson } from '../../../src/core/json/json.ts'
import { puzzleDigest } from '../../../src/core/puzzle.ts'
import type { Spec } from '../../../src/core/spec.ts'
import { cardOf, cardOfBlock, paymentOf, withoutAdded } from './cards.ts'
import { readFork } from './fork.ts'
import type {
  CrossedError,
  OpenedBlock,
  ProofSteps,
  QuestionName,
  Questions,
  WorkerRequest,
} from './reading.ts'
import { chainSpec, specOf } from './rules.ts'
import { readStrips } from './strips.ts'

type Handlers = {
  readonly [N in QuestionName]: (
    spec: Spec,
    ask: Questions[N]['ask'],
  ) => Promise<Questions[N]['answer']>
}

/** Blocks asked for at once. */
const PAGE = 200

const client = new NodeClient(self.location.origin)

const handlers: Handlers = {
  cards: async ({ rules }, part) => {
    const { blocks, length } = await readChain(part)
    return { cards: blocks.map((json) => cardOf(rules, json)), length }
  },
  block: async (spec, { which }) => openBlock(spec, which),
  strips: async (spec, ask) => readStrips(client, spec, ask),
  puzzle: async ({ rules }, { which }) => rules.puzzle(await readBlock(rules, which)),
  fork: async (spec, ask) => readFork(client, spec, ask),
  series: async ({ rules }, { from, to }) => {
    const series: Columns = { indexes: [], timestamps: [], counts: [], miners: [] }
    for await (const json of blocksBetween(from, to)) {
      const block = rules.decodeBlock(json)
      const { header, transactions } = block
      series.indexes.push(header.index)
      series.timestamps.push(Number(header.timestamp))
      series.counts.push(transactions.length)
      series.miners.push(minerOf(rules, block))
    }
    return series
  },
  payments: async ({ rules }, { from, to }) => {
    const blocks = []
    for await (const json of blocksBetween(from, to)) {
      blocks.push(rules.decodeBlock(json).transactions.map(paymentOf))
    }
    return { blocks }
  },
}

/** A reward is what does not come back when its block loses. */
function minerOf(rules: Spec['rules'], block: Block): string {
  const { transactions } = block
  const hasReward = rules.pool.returned(block).length < transactions.length
  return hasReward ? (transactions.at(-1)?.recipient ?? '') : ''
}

interface Columns {
  readonly indexes: number[]
  readonly timestamps: number[]
  readonly counts: number[]
  readonly miners: string[]
}

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const { id, name, question, specText } = data
  try {
    const spec = specText === undefined ? await chainSpec() : specOf(specText)
    self.postMessage({ id, answer: await answer(spec, name, question) })
  } catch (error) {
    self.postMessage({ id, error: crossed(error) })
  }
}

function answer<N extends QuestionName>(spec: Spec, name: N, ask: Questions[N]['ask']) {
  return handlers[name](spec, ask)
}

async function openBlock({ rules }: Spec, which: string): Promise<OpenedBlock> {
  const served = parseJson(await client.blockText(which))
  const json = withoutAdded(served)
  const block = rules.decodeBlock(json)
  const { parent: parentHash, proof } = block.header
  const parent = parentHash === undefined ? undefined : await readBlock(rules, parentHash)
  const { checks, error } = examine(rules, json, pastOf(parent))
  return {
    card: cardOfBlock(block, json),
    payments: block.transactions.map(paymentOf),
    isActive: asObject(served).get('active') === true,
    text: block.text,
    hashedText: rules.hashedText(block),
    proof: parent === undefined ? undefined : proofSteps(rules.puzzle(parent), proof),
    checks,
    failure:
      error === undefined
        ? undefined
        : {
            code: error.code,
            expected: String(error.details.expected ?? ''),
            got: String(error.details.got ?? ''),
          },
  }
}

async function readBlock(rules: Spec['rules'], which: string) {
  return rules.decodeBlock(withoutAdded(parseJson(await client.blockText(which)))).header
}

function proofSteps(puzzle: ReturnType<Spec['rules']['puzzle']>, proof: number): ProofSteps {
  const { before, after, zeros } = puzzle
  return { before, proof: String(proof), after, zeros, digest: puzzleDigest(puzzle, proof) }
}

async function readChain(part: { from: number; limit: number }) {
  const answer = asObject(parseJson(await client.chainText(part)))
  return { blocks: asArray(answer.get('chain')), length: asInteger(answer.get('length')) }
}

/** Blocks of the active chain from one index to another, both included; fewer if it has ended. */
async function* blocksBetween(from: number, to: number): AsyncGenerator<Json> {
  let next = from
  while (next <= to) {
    const { blocks } = await readChain({ from: next, limit: Math.min(PAGE, to - next + 1) })
    if (blocks.length === 0) return
    yield* blocks
    next += blocks.length
  }
}

function crossed(error: unknown): CrossedError {
  const message = messageOf(error)
  if (error instanceof NodeRefusal) {
    return { name: 'NodeRefusal', status: error.status, code: error.code, message }
  }
  const name = error instanceof NodeUnreachable ? 'NodeUnreachable' : 'Error'
  return { name, status: 0, code: '', message }
}
