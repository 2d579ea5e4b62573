/**
 * A student's node in JavaScript, right as it stands: each test replaces a method to make one mistake, or one
 * odd habit of a right node. It shares no code with the judge.
 */
import { createHash } from 'node:crypto'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { startServer } from '../helpers/servers.ts'

export interface StudentPayment {
  readonly sender: unknown
  readonly recipient: unknown
  readonly amount: unknown
}

export interface StudentBlock {
  readonly index: number
  readonly timestamp: number
  readonly transactions: readonly StudentPayment[]
  readonly proof: number
  readonly previous_hash: unknown
}

/** What a call answers: a status, and a body that is sent as JSON. */
export interface Said {
  readonly status?: number
  readonly body: object
}

export const ZEROS = 2
const KEYS = ['sender', 'recipient', 'amount']

export class Student {
  chain: StudentBlock[] = []
  pending: StudentPayment[] = []
  nodes: string[] = []
  readonly id = 'student'

  constructor() {
    this.begin()
  }

  begin(): void {
    this.chain.push(this.block([], 100, '1'))
  }

  block(
    transactions: readonly StudentPayment[],
    proof: number,
    previous_hash: unknown,
  ): StudentBlock {
    const index = this.chain.length + 1
    return { index, timestamp: Date.now() / 1000 + 1e-4, transactions, proof, previous_hash }
  }

  get last(): StudentBlock {
    return this.chain.at(-1) ?? this.block([], 100, '1')
  }

  /** The text that a hash is taken over. */
  text(block: unknown): string {
    return python(block)
  }

  hash(block: StudentBlock): string {
    return sha256(this.text(block))
  }

  proofText(last: StudentBlock, proof: number): string {
    return `${last.proof}${proof}${this.hash(last)}`
  }

  proves(last: StudentBlock, proof: number): boolean {
    return sha256(this.proofText(last, proof)).startsWith('0'.repeat(ZEROS))
  }

  work(last: StudentBlock): number {
    let proof = 0
    while (!this.proves(last, proof)) proof++
    return proof
  }

  reward(): StudentPayment {
    return { sender: '0', recipient: this.id, amount: 1 }
  }

  mine(): Said {
    const { last } = this
    const transactions = [...this.pending, this.reward()]
    const block = this.block(transactions, this.work(last), this.hash(last))
    this.pending = []
    this.chain.push(block)
    return { body: { message: 'New Block Forged', ...block } }
  }

  pay(body: Record<string, unknown>): Said {
    if (!KEYS.every((key) => key in body)) return { status: 400, body: { error: 'Missing values' } }
    const { sender, recipient, amount } = body
    this.pending.push({ sender, recipient, amount })
    return {
      status: 201,
      body: { message: `Transaction will be added to Block ${this.last.index + 1}` },
    }
  }

  register(nodes: readonly string[]): void {
    for (const node of nodes) {
      const address = new URL(node).host
      if (!this.nodes.includes(address)) this.nodes.push(address)
    }
  }

  registered(body: Record<string, unknown>): Said {
    const { nodes } = body
    if (!Array.isArray(nodes))
      return { status: 400, body: { error: 'Please supply a valid list of nodes' } }
    this.register(nodes)
    return { status: 201, body: { message: 'New nodes have been added', total_nodes: this.nodes } }
  }

  valid(chain: readonly StudentBlock[]): boolean {
    return chain.slice(1).every((block, i) => {
      const last = chain[i]
      return (
        last !== undefined &&
        block.previous_hash === this.hash(last) &&
        this.proves(last, block.proof)
      )
    })
  }

  isBetter(theirs: readonly StudentBlock[], best: readonly StudentBlock[]): boolean {
    return theirs.length > best.length
  }

  async resolve(): Promise<Said> {
    let best = this.chain
    for (const node of this.nodes) {
      const theirs = await this.chainOf(node)
      if (theirs !== undefined && this.isBetter(theirs, best) && this.valid(theirs)) best = theirs
    }
    const replaced = best !== this.chain
    if (replaced) this.replace(best)
    return this.resolved(replaced)
  }

  replace(best: StudentBlock[]): void {
    const old = this.chain
      .flatMap(({ transactions }) => transactions)
      .filter(({ sender }) => sender !== '0')
    const theirs = new Set(
      best.flatMap(({ transactions }) => transactions).map((each) => python(each)),
    )
    this.chain = best
    this.pending = [...old, ...this.pending].filter((each) => !theirs.has(python(each)))
  }

  resolved(replaced: boolean): Said {
    return {
      body: replaced
        ? { message: 'Our chain was replaced', new_chain: this.chain }
        : { message: 'Our chain is authoritative', chain: this.chain },
    }
  }

  async chainOf(node: string): Promise<StudentBlock[] | undefined> {
    try {
      const { chain } = JSON.parse(await fetched(`http://${node}/chain`))
      return Array.isArray(chain) && chain.every((block) => typeof block?.index === 'number')
        ? chain
        : undefined
    } catch {
      return undefined
    }
  }

  shown(): Said {
    return { body: { chain: this.chain, length: this.chain.length } }
  }

  /** What a request is answered with. */
  async answer(method: string, path: string, text: string): Promise<Said> {
    if (method === 'GET' && path === '/chain') return this.shown()
    if (method === 'GET' && path === '/mine') return this.mine()
    if (method === 'GET' && path === '/nodes/resolve') return this.resolve()
    if (method !== 'POST') return { status: 404, body: { error: 'not found' } }
    let body: Record<string, unknown>
    try {
      body = JSON.parse(text)
    } catch {
      return { status: 400, body: { error: 'malformed' } }
    }
    if (path === '/transactions/new') return this.pay(body)
    if (path === '/nodes/register') return this.registered(body)
    return { status: 404, body: { error: 'not found' } }
  }

  /** How an answer goes out. */
  send(response: ServerResponse, { status = 200, body }: Said): void {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}

/** Starts a student's node that is gone when the test has finished; gives its address. */
export async function startStudent(student: Student): Promise<string> {
  const port = await startServer((request, response) => {
    serve(student, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end('<h1>Internal Server Error</h1>')
    })
  })
  return `http://127.0.0.1:${port}`
}

async function serve(student: Student, request: IncomingMessage, response: ServerResponse) {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const { method = '', url = '' } = request
  const path = url.split('?')[0] ?? ''
  student.send(response, await student.answer(method, path, Buffer.concat(pieces).toString()))
}

function fetched(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => {
        text += piece
      })
      response.once('end', () => resolve(text)).once('error', reject)
    }).once('error', reject)
  })
}

/** A value as Python's json.dumps prints it with sorted keys. */
export function python(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, member]) => `${python(key)}: ${python(member)}`).join(', ')}}`
  }
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
