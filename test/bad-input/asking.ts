/**
 * Asks a node with a bad input and judges the answer: no fault of ours, an error is a problem
 * document of a known code, it comes in time, and nothing has changed unless the answer is 2xx.
 */
import type { InjectOptions, Response } from 'light-my-request'
import { expect } from 'vitest'
import type { MinerCallbacks } from '../../src/adapters/mining/miner.ts'
import { PROBLEMS } from '../../src/api/http/problems.ts'
import { type Puzzle, search } from '../../src/core/puzzle.ts'
import { type Api, startApi } from '../helpers/api.ts'
import { IdleMiner } from '../helpers/idle-miner.ts'

/** Far more than any answer takes: only what hangs is to be found. */
const MAX_ANSWER_MS = 20_000

/** A miner that finds every proof at once, so that `/mine` answers. */
class InstantMiner extends IdleMiner {
  readonly #onFound: MinerCallbacks['onFound']

  constructor({ onFound }: MinerCallbacks) {
    super()
    this.#onFound = onFound
  }

  override start(number: number, puzzle: Puzzle): void {
    const proof = search(puzzle, { from: 0, tries: 1_000_000 })
    if (proof === undefined) throw new Error('the puzzle is too hard for a test')
    queueMicrotask(() => this.#onFound({ search: number, proof }))
  }
}

/** A node for one route: its state, and the answers that it gave. */
export class Asked {
  readonly api: Api
  /** How many answers had which status. */
  readonly statuses = new Map<number, number>()

  private constructor(api: Api) {
    this.api = api
  }

  static async start(token?: string): Promise<Asked> {
    const createMiner = (callbacks: MinerCallbacks) => new InstantMiner(callbacks)
    return new Asked(await startApi({ createMiner, logLevel: 'error', token }))
  }

  get count(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0)
  }

  /** How many requests were done as they asked. */
  get done(): number {
    return [...this.statuses].reduce((sum, [code, count]) => sum + (code < 300 ? count : 0), 0)
  }

  /** Sends a request in process and judges the answer. `what` names it where it fails. */
  async ask(request: InjectOptions, what: string): Promise<number> {
    const before = fingerprint(this.api)
    const answer = await inTime(this.api.app.inject({ ...request, payloadAsStream: true }), what)
    const { statusCode } = answer
    const type = String(answer.headers['content-type'])
    if (statusCode >= 400 || isShortJson(answer)) {
      judge(statusCode, type, await inTime(bodyOf(answer), what), {
        what,
        hasBody: request.method !== 'HEAD',
      })
    }
    // An answer may be long, and a stream has no end.
    answer.raw.res.destroy()
    if (statusCode < 200 || statusCode >= 300) expect(fingerprint(this.api), what).toBe(before)
    // What was done may have been to mine without end.
    else await this.api.live.request({ type: 'set-mining', on: false })
    this.statuses.set(statusCode, (this.statuses.get(statusCode) ?? 0) + 1)
    return statusCode
  }

  /** Checks that the node still answers, and that nothing of all this was a fault of ours. */
  async isWell(): Promise<void> {
    expect((await this.api.app.inject('/health')).statusCode).toBe(200)
    expect(this.api.log).toEqual([])
  }
}

/** Checks a status and, for an error, its problem document. */
export function judge(
  status: number,
  type: string,
  body: string,
  { what, hasBody = true }: { what: string; hasBody?: boolean },
): void {
  if (status >= 500) expect([503, 507], `${what}: ${body.slice(0, 200)}`).toContain(status)
  if (status < 400) {
    if (hasBody && type.startsWith('application/json')) JSON.parse(body)
    return
  }
  expect(type.split(';')[0], what).toBe('application/problem+json')
  if (!hasBody) {
    expect(body, what).toBe('')
    return
  }
  const problem: { code: string; status: number; detail: string } = JSON.parse(body)
  const codes: ReadonlyMap<string, { status: number }> = PROBLEMS
  expect(codes.get(problem.code)?.status, `${what}: ${problem.code}`).toBe(status)
  expect(problem.status, what).toBe(status)
  expect(typeof problem.detail, what).toBe('string')
}

/** What tells one state of a node from another, at the cost of a few look-ups. */
export function fingerprint({ store, live }: Api): string {
  const [tip, nodes] = [store.tip()?.hash, store.nodes()]
  return `${tip} ${store.sideBytes()} ${live.currentTransactionCount} ${nodes.length} ${live.id}`
}

/** What the node shows of its state, over the API. */
export async function stateOf({ app }: Api): Promise<string> {
  const urls = ['/chain', '/transactions', '/tips', '/nodes', '/info']
  const answers = await Promise.all(urls.map((url) => app.inject(url)))
  return answers.map(({ body }) => body).join('\n')
}

/** Fails where something takes far too long. */
export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer: ${what}`)), MAX_ANSWER_MS)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function bodyOf(answer: Response): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer.stream()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function isShortJson({ headers }: Response): boolean {
  const type = String(headers['content-type'])
  return type.startsWith('application/json') && Number(headers['content-length']) < 10_000
}
