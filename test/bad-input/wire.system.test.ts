/**
 * Every bad input over real connections, un-encoded: in the address, as the body, in a header, many
 * requests sent together. Each gets an answer that is no fault of ours, or a close; the connection
 * and the node go on, and nothing changes but by a 2xx.
 */
import { expect, it } from 'vitest'
import { listen } from '../helpers/api.ts'
import { describeShared } from '../helpers/vectors.ts'
import { sample } from '../helpers/volume.ts'
import { Asked, judge, stateOf } from './asking.ts'
import { allEntries, type Entry, rawTarget } from './entries.ts'
import { type Route, routesOf } from './routes.ts'
import { askTogether, requestBytes, type WireAnswer } from './wire.ts'

const HOST = 'Host: localhost'
const JSON_TYPE = 'Content-Type: application/json'

/** The requests that carry one entry to one route, as it is but for what would end the line. */
function requestsFor({ methods, path, cut }: Route, { bytes }: Entry): Buffer[] {
  const target = rawTarget(bytes)
  return methods
    .filter((method) => method !== 'HEAD')
    .flatMap((method) => {
      const line = (...parts: (string | Buffer)[]) => {
        const text = parts.map((part) => part.toString('latin1')).join('')
        return Buffer.from(`${method} ${text} HTTP/1.1`, 'latin1')
      }
      const asQuery = requestBytes([line(path, '?', target), HOST, JSON_TYPE], bytes)
      const [before = '', after] = cut
      if (after === undefined) return [asQuery]
      return [asQuery, requestBytes([line(before, target, after), HOST])]
    })
}

/** What no client would send: the entry with its spaces, line ends and control characters. */
function brokenRequests({ bytes }: Entry): Buffer[] {
  const around = (before: string, after: string, ...lines: string[]) =>
    requestBytes([Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]), ...lines])
  return [
    around('GET /blocks/', ' HTTP/1.1', HOST),
    around('GET /chain?from=', ' HTTP/1.1', HOST),
    around('', ' /chain HTTP/1.1', HOST),
    around('GET /chain HTTP/1.1\r\nOrigin: ', '', HOST),
    around('GET /chain HTTP/1.1\r\nHost: localhost\r\n', ': 1'),
  ]
}

function judgeAll(answers: readonly (WireAnswer | undefined)[], what: string): void {
  for (const answer of answers) {
    if (answer !== undefined) judge(answer.status, answer.type, answer.body, { what })
  }
}

describeShared('every bad input on the wire', () => {
  it('to every route, many requests sent together', async () => {
    const asked = await Asked.start()
    const base = await listen(asked.api)
    const { app, store } = asked.api
    const routes = (await routesOf(app)).filter(({ isDocumented, isStream }) => {
      return isDocumented && !isStream
    })
    let count = 0
    let mined = 0
    const entries = allEntries()
    const sent = sample(entries, 30)
    for (const entry of sent) {
      const requests = routes.flatMap((route) => requestsFor(route, entry))
      const answers = await askTogether(base, requests)
      judgeAll(answers, entry.name)
      expect(answers.length).toBe(requests.length)
      count += answers.filter((answer) => answer !== undefined).length
      mined += answers.filter((answer) => answer?.body.includes('New Block Forged')).length
    }
    const share = sent.length / entries.length
    expect(count).toBeGreaterThanOrEqual(7_000 * share)
    // `/mine` refuses parameters that it does not know, and nothing else has been accepted.
    expect(store.tip()?.index).toBe(1 + mined)
    expect(mined).toBeLessThan(200 * share)
    expect(asked.api.live.currentTransactionCount).toBe(0)
    expect(store.nodes()).toEqual([])
    await asked.isWell()
  })

  it('with what ends a line or a header', async () => {
    const asked = await Asked.start()
    const base = await listen(asked.api)
    const before = await stateOf(asked.api)
    for (const entry of sample(allEntries(), 60)) {
      for (const request of brokenRequests(entry)) {
        judgeAll(await askTogether(base, [request]), entry.name)
      }
    }
    expect(await stateOf(asked.api)).toBe(before)
    await asked.isWell()
  })
})
