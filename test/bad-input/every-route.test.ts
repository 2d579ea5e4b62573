/**
 * Every route of the app with every bad input, in process: as body, in each field of the body, as
 * each part of the address, as query. The routes come from the app itself, so a new one is covered
 * without this file being changed. Headers and methods: every-route-headers.test.ts.
 */
import { expect, it } from 'vitest'
import { startApi } from '../helpers/api.ts'
import { describeShared } from '../helpers/vectors.ts'
import {
  asBodyAndAsQuery,
  asEachParameterOfTheQuery,
  askRoutes,
  asPartOfTheAddress,
  inEachField,
  type Requests,
} from './carriers.ts'
import { allEntries } from './entries.ts'
import { documentedRoutes, routesOf } from './routes.ts'

describeShared('every bad input to every route', () => {
  it('is many inputs', () => {
    expect(allEntries().length).toBeGreaterThanOrEqual(440)
  })

  it('goes to the routes that the app tells of, the documented ones among them', async () => {
    const { app } = await startApi()
    const routes = await routesOf(app)
    const all = routes.flatMap(({ url, methods }) => methods.map((method) => `${method} ${url}`))
    expect(all).toEqual(expect.arrayContaining([...(await documentedRoutes(app))]))
    for (const { url, methods } of routes) {
      for (const method of methods) expect(app.hasRoute({ method, url }), url).toBe(true)
    }
    expect(routes.length).toBeGreaterThanOrEqual(30)
    expect(routes.filter(({ cut }) => cut.length > 1).length).toBeGreaterThanOrEqual(3)
    // A POST's fields are known by its example.
    const posts = routes.filter(({ methods }) => methods.includes('POST'))
    expect(posts.length).toBeGreaterThanOrEqual(2)
    expect(posts.filter(({ body }) => body === undefined)).toEqual([])
    expect(routes.flatMap(({ query }) => query).length).toBeGreaterThanOrEqual(3)
  })

  it.each<[string, number, Requests]>([
    ['as the body and as query', 7_500, asBodyAndAsQuery],
    ['in each field of a body', 6_000, inEachField],
    ['as each part of the address', 7_500, asPartOfTheAddress],
    ['as each parameter of the query', 3_900, asEachParameterOfTheQuery],
  ])('%s: no fault, no hang, and no change but by a 2xx', async (_where, atLeast, requests) => {
    const asked = await askRoutes(requests, { atLeast })
    expect(asked.count).toBeGreaterThanOrEqual(asked.atLeast)
  })
})
