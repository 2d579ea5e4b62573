import { describe, expect, it } from 'vitest'
import {
  MAX_BODY_BYTES,
  MAX_BODY_PIECES,
  MAX_BODY_VALUES,
  MAX_JSON_DEPTH,
} from '../../../src/core/limits.ts'
import { expectProblem, listen, paymentBody, post, sharedApi, startApi } from '../../helpers/api.ts'
import { exchange, request, statusOf } from '../raw-http.ts'

const api = sharedApi()

function fieldsOf(problem: { errors?: readonly { field: string }[] }): string[] {
  return [...new Set(problem.errors?.map(({ field }) => field))].sort()
}

describe('400: what cannot be read', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"sender": "a",}',
    "{'sender': 'a'}",
    'sender=a',
    '{"amount": 01}',
    '{"amount": .5}',
    '{"amount": 1.}',
    '{"amount": +1}',
    '{"amount": NaN}',
    '{"amount": Infinity}',
    '{"amount": 0x10}',
    '{"sender": "a\nb"}',
    '{"sender": "\\x41"}',
    '{"sender": "\\ud8"}',
    'undefined',
    `${paymentBody()}}`,
    `${paymentBody()} {}`,
    `\u00a0${paymentBody()}`,
  ])('malformed JSON (%j)', async (body) => {
    expectProblem(await post(api(), body), 400, 'json-syntax')
  })

  it.each([
    ['a lone continuation byte', Buffer.from('{"sender": "\x80"}', 'latin1')],
    ['an overlong slash', Buffer.from('{"sender": "\xc0\xaf"}', 'latin1')],
    ['an encoded surrogate', Buffer.from('{"sender": "\xed\xa0\x80"}', 'latin1')],
    ['a cut-off sequence', Buffer.from('{"sender": "\xe2\x82', 'latin1')],
    ['beyond U+10FFFF', Buffer.from('{"sender": "\xf4\x90\x80\x80"}', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
  ])('invalid UTF-8: %s', async (_what, body) => {
    expectProblem(await post(api(), body), 400, 'json-syntax')
  })

  it(`nesting deeper than ${MAX_JSON_DEPTH}; at the limit it is only of the wrong shape`, async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expectProblem(await post(api(), nested(MAX_JSON_DEPTH)), 422, 'invalid-request')
    expectProblem(await post(api(), nested(MAX_JSON_DEPTH + 1)), 400, 'json-depth')
    const objects = '{"a":'.repeat(MAX_JSON_DEPTH + 1)
    expectProblem(await post(api(), objects), 400, 'json-depth')
    expectProblem(await post(api(), '['.repeat(MAX_BODY_BYTES)), 400, 'json-depth')
  })
})

describe('413: a body that is too large', () => {
  const padded = (bytes: number) => paymentBody().padEnd(bytes, ' ')

  it(`is one past ${MAX_BODY_BYTES} bytes; at the limit it is read`, async () => {
    expect((await post(api(), padded(MAX_BODY_BYTES))).statusCode).toBe(200)
    expectProblem(await post(api(), padded(MAX_BODY_BYTES + 1)), 413, 'body-too-large')
  })

  it('is measured in bytes, not characters', async () => {
    const name = 'é'.repeat(MAX_BODY_BYTES / 2)
    expectProblem(await post(api(), paymentBody({ sender: name })), 413, 'body-too-large')
  })

  it('is refused the same way when it comes in chunks of unknown length', async () => {
    const base = await listenOnce()
    const stream = new Blob([padded(MAX_BODY_BYTES + 1)]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half', headers: JSON_TYPE } as const
    const answer = await fetch(`${base}/transactions/new`, init)
    expect(answer.status).toBe(413)
    const fits = new Blob([padded(MAX_BODY_BYTES)]).stream()
    expect((await fetch(`${base}/transactions/new`, { ...init, body: fits })).status).toBe(200)
  })

  it(`may come in ${MAX_BODY_PIECES} pieces; one more is refused, and closes the connection`, async () => {
    const base = await listenOnce()
    const head = request(
      'POST /transactions/new HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Connection: close',
    )
    const inPieces = (pieces: number) => {
      const text = paymentBody({}).padEnd(pieces)
      return [...text].map((piece) => `1\r\n${piece}\r\n`).join('')
    }
    const fits = await exchange(base, `${head}${inPieces(MAX_BODY_PIECES)}0\r\n\r\n`)
    expect(statusOf(fits)).toBe(200)
    // More follows, which nobody reads.
    const refused = await exchange(base, `${head}${inPieces(MAX_BODY_PIECES + 1)}`)
    expect(statusOf(refused)).toBe(400)
    expect(refused).toContain(`the body comes in more than ${MAX_BODY_PIECES} pieces`)
  })

  it(`may hold ${MAX_BODY_VALUES} values; one more is refused`, async () => {
    // The object itself is one of them.
    const withValues = (values: number) =>
      `{${Array.from({ length: values - 1 }, (_, i) => `"${i}": 0`).join()}}`
    const fits = await post(api(), withValues(MAX_BODY_VALUES))
    const { errors } = expectProblem(fits, 422, 'invalid-request')
    expect(errors).toHaveLength(20)
    const refused = await post(api(), withValues(MAX_BODY_VALUES + 1))
    expect(expectProblem(refused, 400, 'json-syntax').detail).toContain(
      `at most ${MAX_BODY_VALUES} values`,
    )
  })

  it('is refused by its announced length alone', async () => {
    const head = request(
      'POST /transactions/new HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Content-Length: 99999999999',
    )
    const answer = await exchange(await listenOnce(), `${head}{`)
    expect(statusOf(answer)).toBe(413)
    expect(answer).toContain('"code":"body-too-large"')
  })
})

describe('415: a body of another kind', () => {
  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'text/json',
    'application/xml',
    'application/problem+json',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'nonsense',
    '*/*',
  ])('%s', async (type) => {
    const answer = await post(api(), paymentBody(), { 'content-type': type })
    expectProblem(answer, 415, 'unsupported-media-type')
  })

  it('a body without a type', async () => {
    const head = request(
      'POST /transactions/new HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      `Content-Length: ${paymentBody().length}`,
    )
    const answer = await exchange(await listenOnce(), head + paymentBody())
    expect(statusOf(answer)).toBe(415)
    expect(answer).toContain('"code":"unsupported-media-type"')
  })
})

describe('422: a body of the wrong shape, naming each wrong field', () => {
  it.each([
    ['{}', ['amount', 'recipient', 'sender']],
    ['{"sender": "a"}', ['amount', 'recipient']],
    ['{"sender": 1, "recipient": null, "amount": "1"}', ['amount', 'recipient', 'sender']],
    ['{"sender": ["a"], "recipient": {}, "amount": true}', ['amount', 'recipient', 'sender']],
    ['{"sender": "a", "recipient": "b", "amount": null}', ['amount']],
    ['{"sender": "a", "recipient": "b", "amount": 1e999}', ['amount']],
    ['{"sender": "a", "recipient": "b", "amount": -1e999}', ['amount']],
    ['{"sender": "a", "recipient": "b", "amount": 1, "x": 1}', ['x']],
    ['{"sender": "a", "amount": "1", "x": 1, "y": 2}', ['amount', 'recipient', 'x', 'y']],
    ['{"sender": "a", "recipient": "b", "amount": 1, "__proto__": {}}', ['__proto__']],
    ['{"sender": "a", "recipient": "b", "amount": 1, "constructor": 1}', ['constructor']],
    ['{"__proto__": {"sender": "a"}}', ['__proto__', 'amount', 'recipient', 'sender']],
    ['{"sender": "a", "recipient": "b", "amount": 1, "": 1}', ['']],
    ['{"sender": "a", "recipient": "b", "amount": 1, "a/b~c.d": 1}', ['a/b~c.d']],
    ['{"Sender": "a", "recipient": "b", "amount": 1}', ['Sender', 'sender']],
  ])('%s', async (body, fields) => {
    const problem = expectProblem(await post(api(), body), 422, 'invalid-request')
    expect(fieldsOf(problem)).toEqual(fields)
    for (const error of problem.errors ?? []) expect(error.detail).not.toBe('')
  })

  it.each(['null', '1', '"x"', '[]', 'true', '[{"sender": "a"}]'])(
    '%s: not an object at all',
    async (body) => {
      const problem = expectProblem(await post(api(), body), 422, 'invalid-request')
      expect(problem.errors).not.toHaveLength(0)
    },
  )

  it('no body and no type', async () => {
    const answer = await api().app.inject({ method: 'POST', url: '/transactions/new' })
    expectProblem(answer, 422, 'invalid-request')
  })

  it('a field that comes twice is named too', async () => {
    const body = '{"sender": "a", "sender": "b", "recipient": "c", "amount": 1}'
    const problem = expectProblem(await post(api(), body), 422, 'bad-transaction-keys')
    expect(fieldsOf(problem)).toEqual(['sender'])
  })

  it('answers a body of a great many wrong fields with no more than it got', async () => {
    const names = Array.from({ length: 2_000 }, (_, i) => `"${i.toString(36)}":1`)
    const body = `{${names.join(',')}}`
    const answer = await post(api(), body)
    expectProblem(answer, 422, 'invalid-request')
    expect(answer.body.length).toBeLessThan(body.length)
  })
})

it('keeps nothing of a body that it refuses', async () => {
  const own = await startApi()
  const text = { 'content-type': 'text/plain' }
  const answers = [
    await post(own, `${paymentBody()}}`),
    await post(own, paymentBody().padEnd(MAX_BODY_BYTES + 1)),
    await post(own, paymentBody(), text),
    await post(own, paymentBody({ amount: '"1"' })),
    await post(own, paymentBody({ amount: '1, "x": 1' })),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 413, 415, 422, 422])
  expect((await own.app.inject('/transactions')).json().length).toBe(0)
})

const JSON_TYPE = { 'content-type': 'application/json' }

let base: Promise<string> | undefined
function listenOnce(): Promise<string> {
  base ??= listen(api())
  return base
}
