/** Nodes that are right in another way than usual pass everything; a node of ours does too. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startNode } from '../helpers/toychain.ts'
import { ALL_PASSED, firstOf, judged, judgedAt, stagesOf } from './judged.ts'
import { type Said, Student, type StudentBlock, startStudent } from './student.ts'

type Habit = (student: Student) => Partial<Student>

const HABITS: readonly [name: string, habit: Habit][] = [
  ['none', () => ({})],
  [
    'times that are looked at: each later than the one before, none in the future',
    (s) => ({
      valid: (chain) =>
        chain.every(
          ({ timestamp }, i) =>
            timestamp > (chain[i - 1]?.timestamp ?? 0) && timestamp <= Date.now() / 1000 + 0.001,
        ) && Student.prototype.valid.call(s, chain),
    }),
  ],
  [
    'milliseconds that are looked at',
    (s) => ({ ...timed(s, () => Date.now(), 1), valid: ordered(s, () => Date.now(), true) }),
  ],
  [
    'whole seconds that are looked at',
    (s) => ({
      ...timed(s, () => Math.floor(Date.now() / 1_000), 0),
      valid: ordered(s, () => Math.floor(Date.now() / 1_000), false),
    }),
  ],
  [
    'answers with other numbers beside the index',
    (s) => ({
      pay: (b) => {
        const said = Student.prototype.pay.call(s, b)
        return said.status === 201
          ? { ...said, body: { blockchain_length: s.chain.length, ...said.body } }
          : said
      },
    }),
  ],
  [
    'status 200 for what is made',
    (s) => ({ pay: (b) => withStatus(Student.prototype.pay.call(s, b), 200) }),
  ],
  [
    '201 for everything',
    () => ({ send: (r, { status = 201, body }) => sendJson(r, status, JSON.stringify(body)) }),
  ],
  [
    'pretty JSON',
    () => ({
      send: (r, { status = 200, body }) => sendJson(r, status, JSON.stringify(body, undefined, 4)),
    }),
  ],
  [
    'names escaped as \\uXXXX',
    () => ({
      send: (r, { status = 200, body }) =>
        sendJson(
          r,
          status,
          JSON.stringify(body).replace(
            /[^ -~]/g,
            (u) => `\\u${u.charCodeAt(0).toString(16).padStart(4, '0')}`,
          ),
        ),
    }),
  ],
  [
    'answers byte by byte',
    () => ({
      send: (r, { status = 200, body }) => {
        r.writeHead(status)
        for (const c of JSON.stringify(body).match(/.{1,200}/g) ?? []) r.write(c)
        r.end()
      },
    }),
  ],
  [
    'no content type, and the connection closed',
    () => ({
      send: (r, { status = 200, body }) => {
        r.writeHead(status, { connection: 'close' })
        r.end(JSON.stringify(body))
      },
    }),
  ],
  [
    'keys in another order',
    (s) => ({
      block: (...args) =>
        Object.fromEntries(
          Object.entries(Student.prototype.block.call(s, ...args)).reverse(),
        ) as unknown as ReturnType<Student['block']>,
    }),
  ],
  [
    'whole seconds',
    (s) => ({
      block: (...args) => ({
        ...Student.prototype.block.call(s, ...args),
        timestamp: Math.floor(Date.now() / 1000),
      }),
    }),
  ],
  ['the reward first', (s) => ({ mine: rewardFirst(s) })],
  [
    'the mined block under a key',
    (s) => ({
      mine: () => ({ body: { message: 'ok', block: Student.prototype.mine.call(s).body } }),
    }),
  ],
  [
    'a message alone from /mine',
    (s) => ({
      mine: () => {
        Student.prototype.mine.call(s)
        return { body: { message: 'ok' } }
      },
    }),
  ],
  [
    'the index in a key of its own',
    (s) => ({
      pay: (b) => {
        const said = Student.prototype.pay.call(s, b)
        return (said.status ?? 0) < 400 ? { ...said, body: { index: s.last.index + 1 } } : said
      },
    }),
  ],
  [
    'no word about the block of a payment',
    (s) => ({
      pay: (b) => {
        const said = Student.prototype.pay.call(s, b)
        return (said.status ?? 0) < 400 ? { ...said, body: { ok: true } } : said
      },
    }),
  ],
  [
    'nodes listed as addresses with http://',
    (s) => ({
      registered: (b) => {
        const said = Student.prototype.registered.call(s, b)
        return {
          ...said,
          body:
            (said.status ?? 0) < 400 ? { nodes: s.nodes.map((n) => `http://${n}/`) } : said.body,
        }
      },
    }),
  ],
  [
    'no list of nodes',
    (s) => ({
      registered: (b) => {
        const said = Student.prototype.registered.call(s, b)
        return { ...said, body: { message: 'ok' } }
      },
    }),
  ],
  [
    'a new list each time it is asked',
    (s) => ({ resolved: () => ({ body: { result: s.chain, size: s.chain.length } }) }),
  ],
  [
    'errors as pages',
    (s) => ({
      send: (r, { status = 200, body }) =>
        status < 400
          ? Student.prototype.send.call(s, r, { status, body })
          : sendJson(r, status, '<h1>Bad Request</h1>'),
    }),
  ],
  [
    '422 for what is missing',
    (s) => ({
      pay: (b) => mapStatus(Student.prototype.pay.call(s, b), 422),
      registered: (b) => mapStatus(Student.prototype.registered.call(s, b), 422),
    }),
  ],
  [
    'peers asked twice',
    (s) => ({
      chainOf: async (n) => {
        await Student.prototype.chainOf.call(s, n)
        return Student.prototype.chainOf.call(s, n)
      },
    }),
  ],
  ['peers asked at the same time', (s) => ({ resolve: allAtOnce(s) })],
  [
    'keys in another order at each path',
    (s) => ({ mine: () => ({ body: upsideDown(Student.prototype.mine.call(s).body) }) }),
  ],
  ['keys in another order each time', (s) => ({ shown: eachTimeOtherwise(s) })],
]

describe('a node with the habit', () => {
  it.each(HABITS)('%s is right', async (_name, habit) => {
    const student = new Student()
    Object.assign(student, habit(student))
    const report = await judged(student)
    expect([firstOf(report), stagesOf(report)]).toEqual([
      firstOf({ ...report, stages: [] }),
      ALL_PASSED,
    ])
  })

  it.each([301, 302, 307, 308])(
    '%i, a redirect to the path with a slash, is right',
    async (status) => {
      const report = await judgedAt(
        await behind(new Student(), (url) =>
          url.endsWith('/') ? undefined : { status, to: `${url}/` },
        ),
      )
      expect(stagesOf(report)).toEqual(ALL_PASSED)
    },
  )

  it('a path with a slash alone, redirected to by a whole URL, is right', async () => {
    const report = await judgedAt(
      await behind(new Student(), (url, base) =>
        url.endsWith('/')
          ? undefined
          : { status: 308, to: `${base.replace('127.0.0.1', 'localhost')}${url}/` },
      ),
    )
    expect(stagesOf(report)).toEqual(ALL_PASSED)
  })
})

describe('a node of ours', () => {
  it('is right in everything', async () => {
    const { url } = await startNode([
      '--memory',
      '--difficulty',
      '2',
      '--threads',
      '1',
      '--no-page',
    ])
    const report = await judgedAt(url)
    expect([firstOf(report), stagesOf(report)]).toEqual([
      firstOf({ ...report, stages: [] }),
      ALL_PASSED,
    ])
    expect(report.remarks).toEqual([])
  })
})

/** The same with the keys of each object the other way round. */
function upsideDown(value: object): object {
  const turned = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(turned)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(
      Object.entries(each)
        .reverse()
        .map(([key, v]) => [key, turned(v)]),
    )
  }
  return Object(turned(value))
}

function eachTimeOtherwise(student: Student): Student['shown'] {
  let times = 0
  return () => {
    const { body } = Student.prototype.shown.call(student)
    return { body: times++ % 2 === 0 ? body : upsideDown(body) }
  }
}

function sendJson(response: Parameters<Student['send']>[0], status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(text)
}

function withStatus(said: Said, status: number): Said {
  return (said.status ?? 200) < 400 ? { ...said, status } : said
}

function mapStatus(said: Said, status: number): Said {
  return (said.status ?? 200) < 400 ? said : { ...said, status }
}

function rewardFirst(student: Student): Student['mine'] {
  return () => {
    const { last } = student
    const transactions = [student.reward(), ...student.pending.splice(0)]
    const block = student.block(transactions, student.work(last), student.hash(last))
    student.chain.push(block)
    return { body: { ...block } }
  }
}

function allAtOnce(student: Student): Student['resolve'] {
  return async () => {
    const chains = await Promise.all(student.nodes.map((node) => student.chainOf(node)))
    let best = student.chain
    for (const chain of chains) {
      if (chain !== undefined && chain.length > best.length && student.valid(chain)) best = chain
    }
    const replaced = best !== student.chain
    if (replaced) student.replace(best)
    return student.resolved(replaced)
  }
}

/** A student's node behind something that redirects; gives its address. */
async function behind(
  student: Student,
  redirect: (url: string, base: string) => { status: number; to: string } | undefined,
): Promise<string> {
  let base = ''
  const server: Server = createServer((request, response) => {
    const { url = '', method = '' } = request
    const elsewhere = redirect(url, base)
    if (elsewhere !== undefined) {
      request.resume()
      response.writeHead(elsewhere.status, { location: elsewhere.to })
      response.end()
      return
    }
    let text = ''
    request.on('data', (piece) => {
      text += piece
    })
    request.once('end', () => {
      student
        .answer(method, url.replace(/\/$/, ''), text)
        .then((said) => student.send(response, said))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  onTestFinished(() => void server.close())
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return base
}

/** Blocks dated by another clock: each later than the one before, where two would share a time. */
function timed(student: Student, clock: () => number, step: number): Partial<Student> {
  const first = student.chain[0]
  return {
    chain: first === undefined ? [] : [{ ...first, timestamp: clock() - 10 }],
    block: (transactions, proof, link) => {
      const { timestamp } = student.last
      const block = Student.prototype.block.call(student, transactions, proof, link)
      return { ...block, timestamp: Math.max(clock(), timestamp + step) }
    },
  }
}

/** Right chains whose times follow on one another, and are not ahead of the clock. */
function ordered(
  student: Student,
  clock: () => number,
  isStrict: boolean,
): (chain: readonly StudentBlock[]) => boolean {
  return (chain) =>
    Student.prototype.valid.call(student, chain) &&
    chain.every(({ timestamp }, i) => {
      const before = chain[i - 1]?.timestamp ?? Number.NEGATIVE_INFINITY
      // Its own blocks may be a step or two ahead, where many are mined in one moment.
      return (isStrict ? timestamp > before : timestamp >= before) && timestamp <= clock() + 20
    })
}

it('is judged a second time, with what the first has left', async () => {
  const student = new Student()
  student.pay = (body) =>
    typeof body.amount === 'number'
      ? Student.prototype.pay.call(student, body)
      : { status: 400, body: {} }
  const node = await startStudent(student)
  for (let turn = 0; turn < 2; turn++) {
    const report = await judgedAt(node, { stage: 'transactions' })
    expect(firstOf(report).at).toBe('none')
  }
})

it('is not judged where a payment of wrong types is left of an earlier judgement', async () => {
  const node = await startStudent(new Student())
  await judgedAt(node, { stage: 'transactions' })
  await expect(judgedAt(node, { stage: 'transactions' })).rejects.toThrow(
    'an earlier judgement left waiting',
  )
})

it.each(['1e308', '1e30', '-5.5'])('dates its blocks after %s too', async (time) => {
  const report = await judged(
    Object.assign(new Student(), {
      chain: [{ ...new Student().last, timestamp: Number(time) }],
      block(this: Student, ...parts: Parameters<Student['block']>) {
        return { ...Student.prototype.block.call(this, ...parts), timestamp: Number(time) }
      },
    }),
    { stage: 'resolve' },
  )
  expect(firstOf(report).at).toBe('none')
})

it.each([
  ['goes to "0"', () => ({ sender: '0', recipient: '0', amount: 1 })],
  [
    'another recipient in each block',
    function (this: Student) {
      return { sender: '0', recipient: `miner-${this.chain.length}`, amount: 1 }
    },
  ],
  [
    'another amount in each block',
    function (this: Student) {
      return { sender: '0', recipient: this.id, amount: this.chain.length }
    },
  ],
] as const)('has a remark on a reward: %s', async (remark, reward) => {
  const report = await judged(Object.assign(new Student(), { reward }), { stage: 'mine' })
  expect(report.remarks.join()).toContain(remark)
  expect(firstOf(report).at).toBe('none')
})

it('says that Content-Length counts bytes', async () => {
  const student = new Student()
  student.send = (response, { status = 200, body }) => {
    const text = JSON.stringify(body)
    response.socket?.end(
      `HTTP/1.1 ${status} OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
    )
  }
  const first = firstOf(await judged(student, { stage: 'transactions' }))
  expect(first.got).toContain('it counts bytes, not characters')
})
