/** Neighbours that hurt with HTTP itself: connections, heads, statuses, compression. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { always, body, endless, head, OK } from './answers.ts'
import type { Hostile } from './hostile-table.ts'
import { OURS, OWN_ID, wholeText } from './hostile-world.ts'

/** A good chain, which is shorter than ours. */
const SHORT = wholeText(OURS.slice(0, 4))
const KIB = 1_024

const badHttp = { verdict: 'misbehaved', reason: 'bad-http' } as const
const badStatus = { verdict: 'misbehaved', reason: 'bad-status' } as const
const badEncoding = { verdict: 'misbehaved', reason: 'bad-encoding' } as const
const tooSlow = { verdict: 'misbehaved', reason: 'too-slow' } as const
const unreachable = { verdict: 'unreachable', reason: 'connection-failed' } as const
const shorter = { verdict: 'shorter', length: 4 } as const

const connections: Hostile[] = [
  { does: 'closes at once', script: (visit) => visit.end(), expected: unreachable },
  {
    does: 'resets the connection at once',
    script: ({ socket }) => socket.resetAndDestroy(),
    expected: unreachable,
  },
  {
    does: 'resets the connection in the middle of the body',
    script: async ({ asked, send, socket }) => {
      await asked()
      await send(`${OK}{"chain": [`)
      // A reset overtakes what was written; so it waits until that has been read by far.
      for (let turn = 0; turn < 100; turn++) await nextTurn()
      socket.resetAndDestroy()
    },
    expected: badHttp,
  },
  {
    does: 'closes in the middle of the head',
    script: always('HTTP/1.1 200 O'),
    expected: unreachable,
  },
  {
    does: 'takes the question and says nothing',
    script: () => {},
    expected: tooSlow,
    isSlow: true,
  },
]

const heads: Hostile[] = [
  {
    does: 'sends its head byte by byte',
    script: ({ drip }) => drip(OK.replace('\r\n', `\r\nx: ${'y'.repeat(200)}\r\n`), 30),
    expected: tooSlow,
    isSlow: true,
  },
  {
    does: 'never ends its headers',
    script: endless('HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n'.repeat(100)),
    expected: badHttp,
  },
  {
    does: 'never ends one header',
    script: endless('HTTP/1.1 200 OK\r\nx: ', 'y'.repeat(KIB)),
    expected: badHttp,
  },
  {
    does: 'never ends its reason phrase',
    script: endless('HTTP/1.1 200 ', 'OK'.repeat(KIB)),
    expected: badHttp,
  },
  {
    does: 'sends interim answers without end, as fast as it can',
    script: endless('', head('103 Early Hints', `link: ${'x'.repeat(8 * KIB)}`).repeat(8)),
    expected: badHttp,
  },
  {
    does: 'sends interim answers without end, slowly',
    script: ({ drip }) => drip(head('100 Continue').repeat(100), 5),
    expected: tooSlow,
    isSlow: true,
  },
  {
    does: 'switches protocols',
    script: always(head('101 Switching Protocols', 'upgrade: h2c', 'connection: upgrade')),
    expected: badStatus,
  },
  {
    does: 'sends garbage instead of HTTP',
    script: always(Buffer.alloc(4 * KIB, 0xc3)),
    expected: badHttp,
  },
  {
    does: 'sends garbage before it is asked',
    script: (visit) => visit.flood('{"chain": []}'),
    expected: badHttp,
  },
  { does: 'speaks HTTP/0.9', script: always(SHORT), expected: badHttp },
  { does: 'speaks TLS', script: always(Buffer.from('15030100020228', 'hex')), expected: badHttp },
  {
    does: 'speaks HTTP/2',
    script: always(Buffer.from('000006040000000000000300000064', 'hex')),
    expected: badHttp,
  },
  { does: 'speaks HTTP/9.9', script: always(OK.replace('1.1', '9.9') + SHORT), expected: badHttp },
  {
    does: 'folds NUL into a header',
    script: always(OK.replace('json', 'js\0on') + SHORT),
    expected: badHttp,
  },
  {
    does: 'sets 400 cookies',
    script: body(SHORT, ...Array.from({ length: 400 }, (_, i) => `set-cookie: c${i}=1`)),
    expected: shorter,
    faults: 0,
  },
  {
    does: 'sets 4,000 cookies',
    script: body(SHORT, ...Array.from({ length: 4_000 }, (_, i) => `set-cookie: c${i}=1`)),
    expected: badHttp,
  },
  {
    does: 'claims to be us',
    script: body(SHORT, `x-toychain-node: ${OWN_ID}`),
    expected: { verdict: 'self' },
  },
]

const redirects = [
  ['301', ({ address }: { address: string }) => `http://${address}/elsewhere`, 2],
  // From each question once to where a chain may be.
  ['302', ({ address }: { address: string }) => `http://${address}/chain`, 4],
  ['307', () => 'http://169.254.169.254/latest/meta-data/', 2],
  ['308', () => '//[fe80::1]/', 2],
] as const

const statuses: Hostile[] = [
  ...redirects.map(
    ([status, target, connections]): Hostile => ({
      does: `redirects with ${status}`,
      script: async (visit) => {
        await visit.asked()
        visit.end(head(`${status} Moved`, `location: ${target(visit)}`, 'content-length: 0'))
      },
      expected: badStatus,
      connections,
    }),
  ),
  // With the query, and without it.
  ...[
    '201 Created',
    '204 No Content',
    '206 Partial Content',
    '304 Not Modified',
    '401 Unauthorized',
    '404 Not Found',
    '500 Internal Server Error',
    '999 Whatever',
  ].map(
    (status): Hostile => ({
      does: `answers ${status}`,
      script: always(head(status, 'www-authenticate: Basic', 'connection: close')),
      expected: badStatus,
      connections: 2,
    }),
  ),
  ...['429 Too Many Requests', '503 Service Unavailable'].map(
    (status): Hostile => ({
      does: `answers ${status}`,
      script: always(head(status, 'connection: close')),
      expected: { verdict: 'unreachable', reason: 'busy' },
      faults: 0,
      connections: 1,
    }),
  ),
  {
    does: 'answers 500 with a body without end',
    script: endless(head('500 Oops'), 'x'.repeat(64 * KIB)),
    expected: badStatus,
  },
]

const encodings: Hostile[] = [
  {
    does: 'answers in gzip',
    script: body(gzipSync(SHORT), 'content-encoding: gzip'),
    expected: badEncoding,
  },
  {
    does: 'answers in brotli',
    script: body(brotliCompressSync(SHORT), 'content-encoding: br'),
    expected: badEncoding,
  },
  {
    does: 'answers in deflate',
    script: body(deflateSync(SHORT), 'content-encoding: deflate'),
    expected: badEncoding,
  },
  {
    does: 'answers in gzip twice over',
    script: body(gzipSync(gzipSync(SHORT)), 'content-encoding: gzip, gzip'),
    expected: badEncoding,
  },
  {
    does: 'sends a gzip bomb',
    script: body(gzipSync(Buffer.alloc(4 * KIB * KIB, 0x20)), 'content-encoding: gzip'),
    expected: badEncoding,
  },
  { does: 'sends gzip and does not say so', script: body(gzipSync(SHORT)), expected: badEncoding },
  {
    does: 'hides gzip in the transfer encoding',
    script: always(
      Buffer.concat([
        Buffer.from(head('200 OK', 'transfer-encoding: gzip', 'connection: close')),
        gzipSync(SHORT),
      ]),
    ),
    expected: badEncoding,
  },
]

/** By what they have in common. */
export const HTTP_ROWS = {
  connections,
  heads,
  statuses,
  compression: encodings,
} satisfies Record<string, readonly Hostile[]>
