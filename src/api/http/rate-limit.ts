/**
 * How often requests may come, decided before anything else is done for them: by token where there is one,
 * else by address, and within an address by connection. So a class behind one address has room, and one
 * connection cannot take all of it.
 */
import type { Socket } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { MAX_REQUESTS_PER_CONNECTION } from '../../core/limits.ts'
import { isLoopback } from '../../node/peers/address.ts'
import type { App } from './app-type.ts'
import { ApiError } from './problems.ts'

export interface RateLimits {
  /** Requests a minute of one token or one address; loopback is exempt unless `limitLoopback`. */
  readonly requestsPerMinute: number
  readonly limitLoopback: boolean
}

const MINUTE_MS = 60_000

export async function limitRate(app: App, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: limits.requestsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => (request.hasToken ? 'token' : request.ip),
    errorResponseBuilder: (_request, { max, ttl }) => tooMany(max, ttl),
  })
  const limit = app.rateLimit()
  const ofConnection = connectionLimit(
    Math.min(limits.requestsPerMinute, MAX_REQUESTS_PER_CONNECTION),
  )
  app.addHook('onRequest', (request, reply, done) => {
    // A connection that is gone already has no address; its answer goes nowhere.
    const isExempt = request.ip === undefined || (!limits.limitLoopback && isLoopback(request.ip))
    if (isExempt) {
      done()
      return
    }
    ofConnection(request)
    limit.call(app, request, reply).then(() => done(), done)
  })
}

/** Counts the requests of each connection in the minute that began with the first of them. */
function connectionLimit(max: number): (request: FastifyRequest) => void {
  const counts = new WeakMap<Socket, { untilMs: number; count: number }>()
  return ({ raw: { socket } }) => {
    const nowMs = performance.now()
    let entry = counts.get(socket)
    if (entry === undefined || nowMs >= entry.untilMs) {
      entry = { untilMs: nowMs + MINUTE_MS, count: 0 }
      counts.set(socket, entry)
    }
    if (++entry.count > max) throw tooMany(max, entry.untilMs - nowMs)
  }
}

function tooMany(max: number, leftMs: number): ApiError {
  const seconds = Math.ceil(leftMs / 1000)
  return new ApiError(
    'too-many-requests',
    `${max} requests a minute are allowed; try again in ${seconds} s`,
    { headers: { 'retry-after': String(seconds) } },
  )
}
