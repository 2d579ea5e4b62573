/**
 * What becomes of each bad input as a payment, exactly: JSON that is refused or taken as its suite
 * says, names that survive as they are, numbers that keep their text.
 */
import { expect, it } from 'vitest'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import { type Answer, amountsIn, paymentBody, post, startApi } from '../helpers/api.ts'
import { describeShared } from '../helpers/vectors.ts'
import { judge, stateOf } from './asking.ts'
import { jsonCases, naughtyStrings } from './entries.ts'

function expectNoFault({ statusCode, headers, body }: Answer, what: string): void {
  judge(statusCode, String(headers['content-type']), body, { what })
}

describeShared('the JSON test suite', () => {
  it('as bodies: what is no JSON is 400, what is JSON is of the wrong shape', async () => {
    const api = await startApi()
    const before = await stateOf(api)
    for (const { name, expect: verdict, base64 } of jsonCases()) {
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
    for (const { name, expect: verdict, base64 } of jsonCases()) {
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
    for (const { expect: verdict, base64 } of jsonCases()) {
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
  it('as names survive as they are', async () => {
    const api = await startApi()
    const names = naughtyStrings().filter((text) => text.length <= MAX_PARTY_CHARS)
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
    for (const text of naughtyStrings()) {
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

  it('as bare amounts are refused unless they are JSON numbers; those keep their text', async () => {
    const api = await startApi()
    const accepted: string[] = []
    for (const text of naughtyStrings()) {
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
})
