/**
 * Every route of the app with every bad input, in process, where it is not the route that reads it:
 * in headers, under other methods, and everywhere at once to the pages of the documentation.
 */
import { expect, it } from 'vitest'
import { describeShared } from '../helpers/vectors.ts'
import {
  asHeaders,
  askRoutes,
  asToken,
  everywhere,
  type Requests,
  withAnotherMethod,
} from './carriers.ts'

describeShared('every bad input to every route', () => {
  it.each<[string, number, Requests]>([
    ['in the headers that mean something', 7_000, asHeaders],
    ['under a method that the route does not have', 7_000, withAnotherMethod],
  ])('%s: no fault, no hang, and no change but by a 2xx', async (_where, atLeast, requests) => {
    const asked = await askRoutes(requests, { atLeast })
    expect(asked.count).toBeGreaterThanOrEqual(asked.atLeast)
  })

  it('everywhere in a request for a page of the documentation: the same', async () => {
    const options = { atLeast: 5_300, isDocumented: false }
    const { count, atLeast } = await askRoutes(everywhere, options)
    expect(count).toBeGreaterThanOrEqual(atLeast)
  })

  it('as the token of a node that has another: nothing is done', async () => {
    const options = { atLeast: 4_000, token: 'secret' }
    const { count, done, atLeast } = await askRoutes(asToken, options)
    expect(count).toBeGreaterThanOrEqual(atLeast)
    expect(done).toBe(0)
  })
})
