/**
 * What requests are read by beside their JSON: Last-Event-ID, queries, parameters in the address,
 * the Host header. The answer is what a plain reading of the same text gives, or a problem of a
 * known code. Every route with the known bad inputs: test/bad-input/.
 */
import { isIP } from 'node:net'
import { describe, expect } from 'vitest'
import { EventLog } from '../../src/api/routes/events.ts'
import { judge } from '../bad-input/asking.ts'
import { percentEncoded } from '../bad-input/entries.ts'
import { addBlocks, sharedApi } from '../helpers/api.ts'
import { branch, EASY } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import { anyBytes, anyText, damagedText } from './inputs.ts'
import { fuzz } from './runs.ts'

const LENGTH = 8
const shared = sharedApi({ logLevel: 'error' }, (api) => {
  return addBlocks(api, branch(EASY.rules.genesis, LENGTH - 1))
})

/** Asks the shared node; the answer is judged. */
async function ask(url: string, headers: Record<string, string> = {}) {
  const answer = await shared().app.inject({ url, headers })
  judge(answer.statusCode, String(answer.headers['content-type']), answer.body, { what: url })
  return answer
}

const numeral = fc.oneof(
  fc.integer({ min: -2, max: LENGTH + 2 }).map(String),
  fc.constantFrom(
    '00',
    '01',
    '+1',
    '1.0',
    '1e1',
    '0x1',
    ' 1',
    '1 ',
    '１',
    '',
    'true',
    'NaN',
    '9007199254740991',
    '9007199254740992',
    '9'.repeat(16),
    '9'.repeat(17),
    '9'.repeat(400),
  ),
  damagedText(fc.integer({ min: 0, max: 20 }).map(String)),
  anyText,
)

describe('Last-Event-ID', () => {
  const id = fc.oneof(
    fc.integer({ min: -1, max: 20 }).map((number) => `run-${number}`),
    fc
      .tuple(fc.constantFrom('run', 'other', 'run-1', ''), fc.constantFrom('-', '', '--'), numeral)
      .map((parts) => parts.join('')),
    damagedText(fc.constant('run-5')),
    anyText,
  )

  fuzz('is a place among the events that have been, or the time before all', {
    input: fc.tuple(id, fc.nat(10)),
    reaches: ['a place', 'before all'],
    check: async ([lastId, events]) => {
      const log = new EventLog('run')
      const header = EASY.rules.genesis.header
      for (let i = 0; i < events; i++) log.add({ type: 'block', header })
      const place = log.placeAfter(lastId)
      expect(Number.isInteger(place) && place >= -1 && place <= events, lastId).toBe(true)
      const number = /^run-(\d{1,15})$/s.exec(lastId)?.[1]
      const expected = number !== undefined && Number(number) <= events ? Number(number) : -1
      expect(place).toBe(expected)
      const gone = new AbortController()
      const stream = log.follow(place, gone.signal)
      if (place < events) {
        const { value } = await stream.next()
        const text = String(value?.[0])
        expect(text.split('\n')[0]).toBe(`id: run-${place < 0 ? events : place + 1}`)
      }
      gone.abort()
      await stream.return(undefined)
      return place < 0 ? 'before all' : 'a place'
    },
  })
})

describe('a query', () => {
  fuzz('asks for the part that its numbers say, or is refused', {
    input: fc.record({ from: numeral, limit: numeral }, { requiredKeys: [] }),
    reaches: ['200', '422'],
    check: async (parts) => {
      const query = Object.entries(parts).map(
        ([key, text]) => `${key}=${percentEncoded(Buffer.from(text))}`,
      )
      const answer = await ask(`/chain?${query.join('&')}`)
      const [from = 1, limit = Infinity] = [parts.from, parts.limit].map((text) => {
        return text === undefined ? undefined : wholeNumber(text)
      })
      const isRight = !Number.isNaN(from) && !Number.isNaN(limit)
      expect(answer.statusCode, `${query}`).toBe(isRight ? 200 : 422)
      if (!isRight) return '422'
      const { chain, length }: { chain: { index: number }[]; length: number } = answer.json()
      expect(length).toBe(LENGTH)
      const all = Array.from({ length: LENGTH }, (_, i) => i + 1)
      expect(chain.map(({ index }) => index)).toEqual(
        all.filter((i) => i >= from && i < from + limit),
      )
      return '200'
    },
  })

  fuzz('of any bytes at all is answered without a fault', {
    input: fc.tuple(
      fc.constantFrom('/chain', '/nodes/resolve', '/transactions', '/blocks/1', '/payments'),
      fc.array(
        fc.oneof(
          anyBytes.map((bytes) => percentEncoded(Buffer.from(bytes))),
          fc.constantFrom(
            'from',
            'limit',
            'chain',
            'party',
            '=',
            '&',
            '%',
            '%zz',
            '[]',
            '__proto__',
            '1',
          ),
        ),
        { maxLength: 8 },
      ),
    ),
    reaches: ['200', '422'],
    check: async ([path, parts]) => String((await ask(`${path}?${parts.join('')}`)).statusCode),
  })
})

/** What a query's number is; NaN where it is none from 1 on that is exact. */
function wholeNumber(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) && number >= 1 ? number : Number.NaN
}

describe('a parameter in the address', () => {
  const hash = EASY.rules.genesis.header.hash
  const block = fc.oneof(numeral, damagedText(fc.constant(hash)), fc.constant(hash.toUpperCase()))

  fuzz('names a block by index or hash, or none', {
    input: block,
    reaches: ['200', '404', '422'],
    check: async (text) => {
      const { statusCode, body } = await ask(`/blocks/${percentEncoded(Buffer.from(text))}`)
      const isHash = /^[0-9a-f]{64}$/i.test(text)
      if (statusCode === 422) expect(/^\d{1,15}$/.test(text) || isHash).toBe(false)
      if (statusCode === 200 && !isHash) expect(JSON.parse(body).index).toBe(Number(text))
      if (statusCode === 200 && isHash) expect(JSON.parse(body).hash).toBe(text.toLowerCase())
      return String(statusCode)
    },
  })

  fuzz('of any bytes at all is answered without a fault', {
    input: fc.tuple(fc.constantFrom('/blocks/', '/nodes/', '/docs/static/', '/'), anyBytes),
    reaches: ['404'],
    check: async ([path, bytes]) =>
      String((await ask(path + percentEncoded(Buffer.from(bytes)))).statusCode),
  })
})

describe('the Host header', () => {
  const name = fc.constantFrom(
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '127.0.0.1',
    '[::1]',
    '[::1',
    '::1]',
    'evil.example',
    'localhost.evil',
    '1.2.3',
    '0x7f.1',
    '',
  )
  const host = fc.oneof(
    fc
      .tuple(name, fc.constantFrom('', '.', ':', ':1', ':x', ':1:2', '/', '@a'))
      .map((parts) => parts.join('')),
    damagedText(name),
    anyText,
  )

  fuzz('is a name of this machine or an address, or nothing is done', {
    input: host.map((text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[^\t -~\x80-\xff]/g, ''),
    ),
    reaches: ['200', '403'],
    check: async (text) => {
      // In process, an empty header is given a default.
      const { statusCode } = await ask('/health', { host: text || '-' })
      const plain = text.toLowerCase().replace(/:\d*$/, '')
      const bare = (/^\[(.*)\]$/.exec(plain)?.[1] ?? plain).replace(/\.$/, '')
      const isOurs =
        bare === 'localhost' ||
        bare.endsWith('.localhost') ||
        isIP(bare) !== 0 ||
        isIP(URL.parse(`http://${bare}`)?.hostname ?? '') !== 0 ||
        bare === 'host.docker.internal'
      if (statusCode === 200) expect(isOurs, text).toBe(true)
      return String(statusCode)
    },
  })
})
