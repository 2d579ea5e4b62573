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
    expect((await askRoutes(requests)).count).toBeGreaterThanOrEqual(atLeast)
  })

  it('everywhere in a request for a page of the documentation: the same', async () => {
    const { count } = await askRoutes(everywhere, { isDocumented: false })
    expect(count).toBeGreaterThanOrEqual(6_000)
  })

  it('as the token of a node that has another: nothing is done', async () => {
    const { count, done } = await askRoutes(asToken, { token: 'secret' })
    expect(count).toBeGreaterThanOrEqual(4_000)
    expect(done).toBe(0)
  })
})
