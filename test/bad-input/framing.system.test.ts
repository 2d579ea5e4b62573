/**
 * What is hardly HTTP: heads, lengths, chunks and hosts that break the rules of RFC 9112, byte by
 * byte. Each gets an error or a close, leaves the state as it was, and does not keep the next one
 * out.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { exchange, request, statusOf } from '../api/raw-http.ts'
import { listen, paymentBody, sharedApi } from '../helpers/api.ts'
import { fingerprint } from './asking.ts'
import { answersIn } from './wire.ts'

const shared = sharedApi()
let base: string
beforeAll(async () => {
  base = await listen(shared())
})

const HOST = 'Host: localhost'
const GET = 'GET /info HTTP/1.1'
const POST = 'POST /transactions/new HTTP/1.1'
const JSON_TYPE = 'Content-Type: application/json'
const CLOSE = 'Connection: close'
const CHUNKED = 'Transfer-Encoding: chunked'
const PAYMENT = paymentBody()
const SIZE = PAYMENT.length.toString(16)
const CHUNKS = `${SIZE}\r\n${PAYMENT}\r\n0\r\n\r\n`

/** A payment whose head has these lines about its length. */
function payment(lines: readonly string[], body = PAYMENT): string {
  return request(POST, HOST, JSON_TYPE, CLOSE, ...lines) + body
}

/** A payment in these chunks. */
function chunked(chunks: string): string {
  return payment([CHUNKED], chunks)
}

/** A GET with these lines beside its host. */
function get(...lines: string[]): string {
  return request(GET, HOST, CLOSE, ...lines)
}

/** The problem document in a raw answer. */
function problemIn(answer: string): { code?: string; status?: number } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head.toLowerCase()).toContain('content-type: application/problem+json')
  return JSON.parse(body)
}

/** Sends bytes that must change nothing; the first answer, or nothing for a bare close. */
async function refused(bytes: string | Buffer): Promise<string> {
  const before = fingerprint(shared())
  const answer = await exchange(base, bytes)
  expect(fingerprint(shared())).toBe(before)
  const next = answersIn(await exchange(base, get()))
  expect(next.map(({ status }) => status)).toEqual([200])
  return answer
}

describe('what is not well-formed HTTP: 400 as a problem, and a closed connection', () => {
  it.each([
    ['garbage', '\x00\x01\x02\x03\xff\xfe\r\n\r\n'],
    ['a megabyte of garbage', 'a'.repeat(1_000_000)],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['UTF-16', Buffer.from(get(), 'utf16le')],
    ['the greeting of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'],
    ['an unknown method', request('FLY /chain HTTP/1.1', HOST)],
    ['a method in small letters', request('get /chain HTTP/1.1', HOST)],
    ['a method without end', request(`${'G'.repeat(70_000)} / HTTP/1.1`, HOST)],
    ['an unknown version', request('GET /chain HTTP/9.9', HOST)],
    ['the version 1.2', request('GET /chain HTTP/1.2', HOST)],
    ['more behind the version', request('GET /chain HTTP/1.1x', HOST)],
    ['no address', request('GET HTTP/1.1', HOST)],
    ['an address that is a host and port', request('GET localhost:80 HTTP/1.1', HOST)],
    ['a tab in the place of a space', request('GET\t/chain HTTP/1.1', HOST)],
    ['a space in front', ` ${get()}`],
    ['a space before the colon', request('GET /chain HTTP/1.1', 'Host : localhost')],
    ['a space before the first header', request('GET /chain HTTP/1.1', ` ${HOST}`)],
    ['a header without a colon', get('nonsense')],
    ['a header without a name', get(': x')],
    ['a folded header', get('X-A: b', ' c')],
    ['a control character in a header', get('X-A: b\x01c')],
    ['a null byte in a header', get('X-A: b\0c')],
    ['a null byte in the name of a header', get('X\0A: b')],
    ['a bare carriage return in a header', get('X-A: b\rX-B: c')],
    ['a bare line feed in a header', get('X-A: b\nX-B: c')],
    ['bare line feeds', `GET /chain HTTP/1.1\n${HOST}\n\n`],
    ['bare carriage returns', `GET /chain HTTP/1.1\r${HOST}\r\r`],
  ])('%s', async (_what, bytes) => {
    const answer = await refused(bytes)
    expect(statusOf(answer), answer.slice(0, 200)).toBe(400)
    expect(problemIn(answer)).toMatchObject({ code: 'bad-request', status: 400 })
    expect(answer.toLowerCase()).toContain('connection: close')
  })
})

describe('a body of no clear length: 400 as a problem, and a closed connection', () => {
  const said = (...values: string[]) => payment(values.map((value) => `Content-Length: ${value}`))
  it.each([
    ['two lengths that differ', said('3', '4')],
    ['one length twice', said(`${PAYMENT.length}`, `${PAYMENT.length}`)],
    ['a list of lengths', said(`${PAYMENT.length}, ${PAYMENT.length}`)],
    ['a length with a sign', said(`+${PAYMENT.length}`)],
    ['a negative length', said('-1')],
    ['a length in hex', said('0x2a')],
    ['a length with a space inside', said('4 2')],
    ['an empty length', said('')],
    ['a length that is no number', said('1x')],
    ['a length beyond 64 bits', said('18446744073709551616')],
    ['a length and chunks', payment(['Content-Length: 3', CHUNKED], CHUNKS)],
    ['chunks and a length', payment([CHUNKED, 'Content-Length: 3'], CHUNKS)],
    ['chunks, said twice', payment([CHUNKED, CHUNKED], CHUNKS)],
    ['chunks of chunks', payment([`${CHUNKED}, chunked`], CHUNKS)],
    ['an unknown coding', payment(['Transfer-Encoding: gzip'])],
    ['chunks inside another coding', payment([`${CHUNKED}, gzip`], CHUNKS)],
    ['a coding that only ends like chunks', payment(['Transfer-Encoding: xchunked'], CHUNKS)],
    ['a coding behind a control character', payment(['Transfer-Encoding: \x0bchunked'], CHUNKS)],
    ['no coding, by its name', payment(['Transfer-Encoding: identity'])],
    ['a chunk size that is no number', chunked('zz\r\n')],
    ['a negative chunk size', chunked(`-1\r\n${PAYMENT}\r\n0\r\n\r\n`)],
    ['a chunk size with a prefix', chunked(`0x${CHUNKS}`)],
    ['a chunk size beyond 64 bits', chunked('FFFFFFFFFFFFFFFFF\r\n')],
    ['a space before a chunk size', chunked(` ${CHUNKS}`)],
    ['a space behind a chunk size', chunked(`${SIZE} \r\n${PAYMENT}\r\n0\r\n\r\n`)],
    ['no chunk size', chunked(`\r\n${PAYMENT}\r\n0\r\n\r\n`)],
    ['bare line feeds around chunks', chunked(CHUNKS.replaceAll('\r\n', '\n'))],
    ['a chunk longer than it says', chunked(`3\r\n${PAYMENT}\r\n0\r\n\r\n`)],
    ['no line end behind a chunk', chunked(`${SIZE}\r\n${PAYMENT}0\r\n\r\n`)],
    ['an endless chunk extension', chunked(`${SIZE};a=${'b'.repeat(20_000)}\r\n${CHUNKS}`)],
  ])('%s', async (_what, bytes) => {
    const answer = await refused(bytes)
    expect(statusOf(answer), answer.slice(0, 200)).toBe(400)
    expect(problemIn(answer)).toMatchObject({ code: 'bad-request', status: 400 })
    expect(answer.toLowerCase()).toContain('connection: close')
  })
})

describe('what is too large is refused, not read', () => {
  it.each([
    ['a header', get(`X-A: ${'a'.repeat(70_000)}`), 431, 'headers-too-large'],
    ['an address', request(`GET /${'a'.repeat(70_000)} HTTP/1.1`, HOST), 431, 'headers-too-large'],
    [
      'an address of a megabyte',
      request(`GET /${'a'.repeat(1_000_000)} HTTP/1.1`, HOST),
      431,
      'headers-too-large',
    ],
    [
      'twenty thousand headers',
      get(...Array.from({ length: 20_000 }, (_, i) => `a${i}:`)),
      431,
      'headers-too-large',
    ],
    [
      'what follows the chunks',
      chunked(`${SIZE}\r\n${PAYMENT}\r\n0\r\n${'X-A: b\r\n'.repeat(20_000)}\r\n`),
      431,
      'headers-too-large',
    ],
    ['a body', payment(['Content-Length: 70000'], 'a'.repeat(70_000)), 413, 'body-too-large'],
    [
      'a body that is only announced',
      payment(['Content-Length: 18446744073709551615'], ''),
      413,
      'body-too-large',
    ],
    [
      'a body in chunks',
      chunked(`20000\r\n${'a'.repeat(0x20000)}\r\n0\r\n\r\n`),
      413,
      'body-too-large',
    ],
  ])('%s', async (_what, bytes, status, code) => {
    const answer = await refused(bytes)
    expect(statusOf(answer), answer.slice(0, 200)).toBe(status)
    expect(problemIn(answer)).toMatchObject({ code, status })
  })

  it('thousands of headers are read up to a bound, never a fault', async () => {
    const many = Array.from({ length: 2_500 }, (_, i) => `a${i}:`)
    expect([200, 431]).toContain(statusOf(await refused(get(...many))))
  })
})

describe('what is odd and allowed', () => {
  it.each([
    ['chunk extensions', chunked(`${SIZE};a=b\r\n${PAYMENT}\r\n0;c\r\n\r\n`)],
    ['trailers', chunked(`${SIZE}\r\n${PAYMENT}\r\n0\r\nX-A: b\r\n\r\n`)],
    ['a length with zeros in front', payment([`Content-Length: 000${PAYMENT.length}`])],
    ['spaces around a length', payment([`Content-Length:   ${PAYMENT.length}  `])],
    ['empty lines in front', `\r\n\r\n${payment([`Content-Length: ${PAYMENT.length}`])}`],
  ])('%s: the payment is taken, once', async (_what, bytes) => {
    const before = shared().live.currentTransactionCount
    const answers = answersIn(await exchange(base, bytes))
    expect(answers.map(({ status }) => status)).toEqual([200])
    expect(shared().live.currentTransactionCount).toBe(before + 1)
  })

  it.each([
    ['CONNECT', request('CONNECT localhost:80 HTTP/1.1', HOST)],
    ['an upgrade to WebSocket', get('Connection: Upgrade, close', 'Upgrade: websocket')],
    ['an upgrade to HTTP/2', get('Connection: Upgrade, close', 'Upgrade: h2c')],
    ['an expectation nobody knows', get('Expect: x')],
    ['the address *', request('OPTIONS * HTTP/1.1', HOST, CLOSE)],
    ['an address without a slash', request('GET chain HTTP/1.1', HOST, CLOSE)],
    ['an address of two slashes', request('GET // HTTP/1.1', HOST, CLOSE)],
    ['an address with a fragment', request('GET /info#x HTTP/1.1', HOST, CLOSE)],
    ['a whole URL as the address', request('GET http://localhost/info HTTP/1.1', HOST, CLOSE)],
    ['two spaces before the address', request('GET  /info HTTP/1.1', HOST, CLOSE)],
    ['the version 2.0', request('GET /info HTTP/2.0', HOST, CLOSE)],
    ['HTTP/0.9', 'GET /chain\r\n\r\n'],
    ['a null byte in the address', request('GET /blocks/\x00 HTTP/1.1', HOST, CLOSE)],
    ['a body where none is read', `${get('Content-Length: 5')}12345`],
  ])('%s gets an answer or a close, and the node goes on', async (_what, bytes) => {
    expect(statusOf(await refused(bytes)) ?? 400).toBeLessThan(500)
  })

  it('CONNECT is told that this is no proxy, after the answers to what came before it', async () => {
    const before = request('GET /health HTTP/1.1', HOST)
    const bytes = before + request('CONNECT localhost:80 HTTP/1.1', HOST)
    const answer = await exchange(base, bytes)
    expect(answersIn(answer).map(({ status }) => status)).toEqual([200, 405])
    expect(answer).toContain('"code":"method-not-allowed"')
  })
})
