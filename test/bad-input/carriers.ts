/**
 * The ways in which a request carries one bad input to a route: as body, in each field of the body,
 * as each part of the address, as query, in the headers that mean something, under any method.
 */
import { expect } from 'vitest'
import { startApi } from '../helpers/api.ts'
import { sample } from '../helpers/volume.ts'
import { Asked, stateOf } from './asking.ts'
import { allEntries, type Entry, headerValue, percentEncoded } from './entries.ts'
import { type Route, routesOf, slotsIn } from './routes.ts'

const METHODS = ['PUT', 'PATCH', 'OPTIONS', 'DELETE', 'POST', 'HEAD', 'GET', 'TRACE'] as const

interface BadRequest {
  readonly method: (typeof METHODS)[number]
  readonly url: string
  readonly headers?: Record<string, string>
  readonly payload?: Buffer | string
}

/** The requests that carry one entry to one route; `i` is the entry's number. */
export type Requests = (route: Route, entry: Entry, i: number) => readonly BadRequest[]

const JSON_TYPE = { 'content-type': 'application/json' }

/** HEAD has the handler of GET, and is asked among the methods that a route does not have. */
function methodsOf({ methods }: Route): BadRequest['method'][] {
  return METHODS.filter((method) => method !== 'HEAD' && methods.includes(method))
}

/** What a GET carries as body is never read, so it may as well go with the query. */
export const asBodyAndAsQuery: Requests = (route, { bytes }) => {
  const url = `${route.path}?${percentEncoded(bytes)}=${percentEncoded(bytes)}`
  return methodsOf(route).flatMap((method): BadRequest[] => {
    if (method === 'GET') return [{ method, url, headers: JSON_TYPE, payload: bytes }]
    return [
      { method, url: route.path, headers: JSON_TYPE, payload: bytes },
      { method, url, headers: JSON_TYPE, payload: JSON.stringify(route.body) ?? '' },
    ]
  })
}

export const inEachField: Requests = (route, { bytes, text }) =>
  slotsIn(route.body).flatMap(({ before, after }) =>
    [bytes, Buffer.from(JSON.stringify(text))].flatMap((value) => {
      const payload = Buffer.concat([Buffer.from(before), value, Buffer.from(after)])
      return methodsOf(route).map((method) => {
        return { method, url: route.path, headers: JSON_TYPE, payload }
      })
    }),
  )

export const asPartOfTheAddress: Requests = (route, { bytes }) => {
  const part = percentEncoded(bytes)
  const below = `${route.path.replace(/\/$/, '')}/${part}`
  const addresses = route.cut.length === 1 ? [below] : [below, route.cut.join(part)]
  return methodsOf(route).flatMap((method) => addresses.map((url) => ({ method, url })))
}

export const asEachParameterOfTheQuery: Requests = (route, { bytes }) => {
  const text = percentEncoded(bytes)
  return methodsOf(route).flatMap((method) =>
    route.query
      .flatMap((name) => [`${name}=${text}`, `${name}=1&${name}=${text}`, `${name}[${text}]=1`])
      .map((query) => ({ method, url: `${route.path}?${query}` })),
  )
}

/** Each entry as the Host of every other route, and as all the other headers of the rest. */
export const asHeaders: Requests = (route, { bytes }, i) => {
  const value = headerValue(bytes)
  const names = ['origin', 'authorization', 'content-type', 'last-event-id', 'accept', 'cookie']
  const browser = i % 3 === 0 ? { 'user-agent': `Mozilla/${value}`, 'sec-fetch-site': value } : {}
  const others = { ...Object.fromEntries(names.map((name) => [name, value])), ...browser }
  const headers: Record<string, string> =
    (i + route.url.length) % 2 === 0 ? { host: value } : others
  const payload = JSON.stringify(route.body) ?? ''
  return methodsOf(route).map((method) => ({ method, url: route.path, headers, payload }))
}

/** The entry as the token, for what needs one. */
export const asToken: Requests = (route, { bytes }) => {
  const value = headerValue(bytes)
  const changing = methodsOf(route).filter((method) => route.changing.includes(method))
  return changing.flatMap((method) =>
    [value, `Bearer ${value}`].map((authorization) => {
      const headers = { ...JSON_TYPE, authorization }
      return { method, url: route.path, headers, payload: JSON.stringify(route.body) ?? '' }
    }),
  )
}

export const withAnotherMethod: Requests = (route, { bytes }, i) => {
  const others = METHODS.filter((method) => !methodsOf(route).includes(method))
  const method = others[i % others.length] ?? 'TRACE'
  return [{ method, url: route.path, headers: JSON_TYPE, payload: bytes }]
}

/** A page, which reads nothing of its request and is long, is asked once, with everything. */
export const everywhere: Requests = (route, { bytes }) => {
  const text = percentEncoded(bytes)
  const value = headerValue(bytes)
  const headers = {
    accept: value,
    'if-none-match': value,
    'if-modified-since': value,
    range: value,
  }
  const url = `${route.cut.join(text)}?${text}=${text}`
  const below = route.url.endsWith('/') ? [{ method: 'GET' as const, url: route.url + text }] : []
  return [{ method: 'HEAD', url, headers, payload: bytes }, ...below]
}

/** Entries that a route gets where not all of them are sent: some hundreds for all routes together. */
const SAMPLED_ENTRIES = 15

/**
 * Sends entries to every route, in the API's document or not: all of them in a full run, others for
 * each route in a sample. How many requests that were, how many of them were done, and how many there
 * have to be at least, if all entries make `atLeast`. The routes come from the app itself, so a new one
 * is asked as well.
 */
export async function askRoutes(
  requests: Requests,
  {
    atLeast,
    isDocumented = true,
    token,
  }: { atLeast: number; isDocumented?: boolean; token?: string },
): Promise<{ count: number; done: number; atLeast: number }> {
  const entries = allEntries()
  const { app } = await startApi()
  // Routes that only read share a node: after each of them it has to be as it was.
  const reading = await Asked.start(token)
  const nodes = [reading]
  let sent = entries
  for (const [number, route] of (await routesOf(app)).entries()) {
    if (route.isDocumented !== isDocumented) continue
    const isChanging = route.changing.length > 0
    const asked = isChanging ? await Asked.start(token) : reading
    if (isChanging) nodes.push(asked)
    sent = sample(entries, SAMPLED_ENTRIES, number)
    await askOne(asked, route, sent, requests)
  }
  const sum = (of: (asked: Asked) => number) => nodes.reduce((all, asked) => all + of(asked), 0)
  return {
    count: sum((asked) => asked.count),
    done: sum((asked) => asked.done),
    atLeast: (atLeast * sent.length) / entries.length,
  }
}

/** Asks a node with every entry. */
async function askOne(
  asked: Asked,
  route: Route,
  entries: readonly Entry[],
  requests: Requests,
): Promise<void> {
  const before = await stateOf(asked.api)
  for (const [i, entry] of entries.entries()) {
    for (const request of requests(route, entry, i)) {
      await asked.ask(request, `${request.method} ${request.url} with ${entry.name}`)
    }
  }
  if (asked.done === 0 || route.changing.length === 0)
    expect(await stateOf(asked.api), route.url).toBe(before)
  await asked.isWell()
}
