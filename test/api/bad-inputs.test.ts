/**
 * Inputs that broke other programs: the JSON test suite (seriot.ch) and the list of naughty
 * strings, as body, as part of the address and as query. None may be a fault of ours, and none
 * changes anything but by a 2xx.
 */
import { expect, it } from 'vitest'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import {
  type Answer,
  type Api,
  amountsIn,
  expectProblem,
  listen,
  paymentBody,
  post,
  startApi,
} from '../helpers/api.ts'
import { describeShared, sharedVector } from '../helpers/vectors.ts'
import { exchange, statusOf } from './raw-http.ts'

interface JsonCase {
  readonly name: string
  readonly expect: 'accept' | 'reject' | 'either, no crash'
  readonly base64: string
}

async function stateOf({ app }: Api): Promise<string> {
  const answers = await Promise.all(
    ['/chain', '/transactions', '/tips', '/info'].map((url) => app.inject(url)),
  )
  return answers.map(({ body }) => body).join('\n')
}

/** Checks that an answer is no fault of ours, and a problem document unless it is a success. */
function expectNoFault(answer: Answer, what: string): void {
  expect(answer.statusCode, what).toBeLessThan(500)
  if (answer.statusCode >= 400) {
    expect(String(answer.headers['content-type']), what).toMatch(/^application\/problem\+json/)
    expect(JSON.parse(answer.body).status, what).toBe(answer.statusCode)
  }
}

describeShared('the JSON test suite', () => {
  const cases = (): JsonCase[] => JSON.parse(sharedVector('badinputs/json_test_suite.json')).parsing

  it('as bodies: what is no JSON is 400, what is JSON is of the wrong shape', async () => {
    const api = await startApi()
    const before = await stateOf(api)
    for (const { name, expect: verdict, base64 } of cases()) {
      const answer = await post(api, Buffer.from(base64, 'base64'))
      expectNoFault(answer, name)
      const allowed = { accept: [422], reject: [400], 'either, no crash': [400, 422] }[verdict]
      expect(allowed, name).toContain(answer.statusCode)
    }
    expect(await stateOf(api)).toBe(before)
  })

  it.each(['sender', 'recipient', 'amount'])('as the value of %s', async (field) => {
    const api = await startApi()
    let accepted = 0
    for (const { name, expect: verdict, base64 } of cases()) {
      const fields = { sender: '"a"', recipient: '"b"', amount: '1', [field]: '<here>' }
      const members = Object.entries(fields).map(([key, value]) => `"${key}": ${value}`)
      const [before = '', after = ''] = `{${members.join(', ')}}`.split('<here>')
      const bytes = [Buffer.from(before), Buffer.from(base64, 'base64'), Buffer.from(after)]
      const answer = await post(api, Buffer.concat(bytes))
      expectNoFault(answer, name)
      if (verdict === 'accept') expect([200, 422], name).toContain(answer.statusCode)
      if (answer.statusCode === 200) accepted++
    }
    const { length } = (await api.app.inject('/transactions')).json()
    expect(length).toBe(accepted)
    expect(accepted).toBeGreaterThan(0)
  })

  it('numbers of it that are accepted keep their text', async () => {
    const api = await startApi()
    const kept: string[] = []
    for (const { expect: verdict, base64 } of cases()) {
      const token = Buffer.from(base64, 'base64')
        .toString('latin1')
        .trim()
        .replace(/^\[|\]$/g, '')
      if (verdict !== 'accept' || !/^-?\d[\d.eE+-]*$/.test(token)) continue
      const answer = await post(api, paymentBody({ amount: token }))
      expect(answer.statusCode, token).toBe(200)
      kept.push(token)
    }
    expect(kept.length).toBeGreaterThan(10)
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(kept)
  })
})

describeShared('the naughty strings', () => {
  const strings = (): string[] => JSON.parse(sharedVector('badinputs/naughty_strings.json')).strings

  it('as names survive as they are', async () => {
    const api = await startApi()
    const names = strings().filter((text) => text.length <= MAX_PARTY_CHARS)
    for (const name of names) {
      const answer = await post(api, JSON.stringify({ sender: name, recipient: name, amount: 1 }))
      expect(answer.statusCode, JSON.stringify(name)).toBe(200)
    }
    const { transactions } = (await api.app.inject('/transactions')).json()
    expect(transactions).toEqual(
      names.map((name) => ({ sender: name, recipient: name, amount: 1 })),
    )
  })

  it('as whole bodies, as amounts and as keys are never a fault', async () => {
    const api = await startApi()
    const before = await stateOf(api)
    for (const text of strings()) {
      const quoted = JSON.stringify(text)
      const bodies = [
        text,
        quoted,
        `{"sender": "a", "recipient": "b", "amount": ${quoted}}`,
        `{"sender": "a", "recipient": "b", "amount": 1, ${quoted}: 1}`,
      ]
      for (const body of bodies) {
        const answer = await post(api, body)
        expectNoFault(answer, body)
        expect(answer.statusCode, body).toBeGreaterThanOrEqual(400)
      }
    }
    expect(await stateOf(api)).toBe(before)
  })

  it('as bare amounts are refused unless they are JSON numbers, which keep their text', async () => {
    const api = await startApi()
    const accepted: string[] = []
    for (const text of strings()) {
      const answer = await post(api, paymentBody({ amount: text }))
      expectNoFault(answer, text)
      if (answer.statusCode === 200) accepted.push(text.trim())
    }
    for (const text of accepted) {
      expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/)
      expect(text.length).toBeLessThanOrEqual(MAX_NUMBER_CHARS)
    }
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(accepted)
  })

  it('as addresses, queries and headers are never a fault', async () => {
    const api = await startApi()
    const before = await stateOf(api)
    for (const text of strings()) {
      const encoded = encodeURIComponent(text.toWellFormed())
      const urls = [
        `/blocks/${encoded}`,
        `/${encoded}`,
        `/chain?from=${encoded}`,
        `/chain?limit=${encoded}&from=${encoded}`,
        `/chain?${encoded}=${encoded}`,
        `/docs/static/${encoded}`,
        `/redoc/${encoded}`,
      ]
      for (const url of urls) expectNoFault(await api.app.inject({ url }), url)
      const value = Buffer.from(text.replace(/[\0\r\n]/g, '')).toString('latin1')
      const headers = { 'user-agent': value, origin: value, authorization: value, accept: value }
      expectNoFault(await api.app.inject({ url: '/info', headers }), text)
    }
    expect(await stateOf(api)).toBe(before)
  })

  it('as raw bytes on the wire get an answer or a close, never a fault', async () => {
    const api = await startApi()
    const base = await listen(api)
    const before = await stateOf(api)
    for (const text of strings()) {
      const end = ' HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
      for (const url of [`/blocks/${text}`, `/chain?from=${text}`]) {
        const status = statusOf(await exchange(base, Buffer.from(`GET ${url}${end}`)))
        expect(status ?? 400, url).toBeLessThan(500)
      }
    }
    expect(await stateOf(api)).toBe(before)
    expectProblem(await api.app.inject('/blocks/x'), 422, 'invalid-request')
  })
})
