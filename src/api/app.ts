/**
 * The REST API as one Fastify application over a live node. What a request meets, in order: the
 * headers of every answer, Host (security.ts), whether there is such an address (unknown-paths.ts), the
 * rate limit, origin and token, the body's limits and its reader (body.ts), the schema, the route.
 * Every error leaves as problem+json (problems.ts).
 */
import { createServer } from 'node:http'
import { fastifySSE as sse } from '@fastify/sse'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyServerOptions } from 'fastify'
import { Type } from 'typebox'
import type { LiveNode } from '../adapters/live/live-node.ts'
import { MAX_BODY_BYTES } from '../core/limits.ts'
import type { App } from './http/app-type.ts'
import { acceptJson } from './http/body.ts'
import { BrokenRequests, REQUEST_TIMEOUT_MS } from './http/broken-requests.ts'
import { type ConnectionLimits, Connections } from './http/connections.ts'
import { FailureLog } from './http/failure-log.ts'
import { protect } from './http/headers.ts'
import { countAnswers } from './http/metrics.ts'
import { type OriginOptions, Origins } from './http/origins.ts'
import type { Page } from './http/page-files.ts'
import { errorSender } from './http/problems.ts'
import { limitRate } from './http/rate-limit.ts'
import { type SecurityOptions, secure } from './http/security.ts'
import { refuseUnknownPaths, routable } from './http/unknown-paths.ts'
import { chainRoutes } from './routes/chain.ts'
import { documentation } from './routes/docs.ts'
import { EventLog, eventRoutes } from './routes/events.ts'
import { miningRoutes } from './routes/mining.ts'
import { nodeRoutes } from './routes/node.ts'
import { pageRoutes } from './routes/page.ts'
import { paymentsRoute } from './routes/payments.ts'
import { peerRoutes } from './routes/peers.ts'
import { resolveRoute } from './routes/resolve.ts'
import { tipsRoute } from './routes/tips.ts'
import { transactionRoutes } from './routes/transactions.ts'

export interface AppOptions extends SecurityOptions, OriginOptions {
  readonly node: LiveNode
  readonly version: string
  /** Whether the chain outlives the program; it does if left out. */
  readonly durable?: boolean
  /** Smaller limits than those of limits.ts, for tests. */
  readonly connectionLimits?: Partial<ConnectionLimits>
  /** What browsers get at `/`; undefined to serve the API alone. */
  readonly page?: Page | undefined
  /** Tells this run's events from another's: any short text without "-". */
  readonly runId: string
  /** Requests a minute from one address; loopback is exempt unless `limitLoopback`. */
  readonly requestsPerMinute: number
  readonly limitLoopback: boolean
  readonly logLevel: string
  /** Where log lines go; standard output if left out. */
  readonly logTo?: { write(line: string): void }
}

const KEEP_ALIVE_TIMEOUT_MS = 72_000
/** A client that says nothing, or half a request's head, is cut off after this. */
const HEADERS_TIMEOUT_MS = 5_000
const TIMEOUTS_CHECKED_MS = 1_000
/** Node.js bounds all headers together, and the address with them. */
const MAX_ADDRESS_BYTES = 16_384

/** A missing Host is answered by our own check, as a problem. */
const SERVER = {
  requireHostHeader: false,
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUTS_CHECKED_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
}

export async function createApp(options: AppOptions): Promise<App> {
  const broken = new BrokenRequests()
  const connections = new Connections(options.connectionLimits)
  const failures = new FailureLog()
  const sendError = errorSender(failures)
  const app = Fastify({
    ...logging(options),
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    return503OnClosing: false,
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        // What a field is, for the words of a refusal.
        verbose: true,
      },
    },
    clientErrorHandler: (error, socket) => broken.answer(error, socket),
    frameworkErrors: sendError,
    rewriteUrl: routable,
    routerOptions: {
      maxParamLength: MAX_ADDRESS_BYTES,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
    },
    serverFactory: (listener) => {
      const server = createServer(SERVER, connections.oneAtATime(listener))
      connections.watch(server)
      return server
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  broken.watch(app.server)
  // Where file descriptors run out, a connection cannot be accepted; the next one may.
  app.server.on('error', (cause) => {
    failures.note('accept', (silent) =>
      app.log.error({ said: cause.message, silent }, 'no connection'),
    )
  })

  app.setErrorHandler(sendError)
  // Answers are sent as ready text, so that numbers keep theirs; their schemas are documentation.
  app.setSerializerCompiler(() => JSON.stringify)
  const metrics = countAnswers(app, options.node)
  protect(app)
  const origins = new Origins(options)
  secure(app, options, origins)
  await limitRate(app, options)
  origins.answer(app)
  refuseUnknownPaths(app)
  await app.register(sse, { serializer: String })
  acceptJson(app)
  app.addHook('preValidation', (request, _reply, done) => {
    request.query = withNumbers(request.query, request.routeOptions.schema?.querystring)
    done()
  })
  refuseUnknownParameters(app)
  await documentation(app, options.version)
  const { node, version, durable = true, page } = options
  nodeRoutes(app, { node, version, durable, metrics, page })
  if (page !== undefined) pageRoutes(app, page)
  chainRoutes(app, options.node)
  tipsRoute(app, options.node)
  paymentsRoute(app, options.node)
  transactionRoutes(app, options.node)
  miningRoutes(app, options.node)
  peerRoutes(app, options.node)
  resolveRoute(app, options.node)
  eventRoutes(app, options.node, new EventLog(options.runId))
  return app
}

/** A logger for each request, with its number, only where requests are logged at all. */
function logging({ logLevel, logTo }: AppOptions): FastifyServerOptions {
  const logger = {
    level: logLevel,
    redact: ['req.headers.authorization'],
    ...(logTo === undefined ? {} : { stream: logTo }),
  }
  if (['trace', 'debug', 'info'].includes(logLevel)) return { logger }
  return { logger, childLoggerFactory: (parent) => parent }
}

/** Where a query may say anything: what browsers open, and what every tutorial node has. */
const ANY_QUERY = ['/', '/chain']

/** A parameter that means nothing would be taken without a word. */
function refuseUnknownParameters(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.schema === undefined || 'hide' in route.schema || ANY_QUERY.includes(route.url))
      return
    const { querystring } = route.schema
    const known = Type.IsObject(querystring) ? querystring.properties : {}
    route.schema.querystring = Type.Object(known, { additionalProperties: false })
  })
}

/**
 * A query has no types: whole numbers become numbers before the schema sees them, but for what it
 * wants as text, since somebody's name may be of digits.
 */
function withNumbers(query: unknown, schema: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query
  const entries = Object.entries(query)
  if (entries.length === 0) return query
  const wanted = Type.IsObject(schema) ? schema.properties : {}
  const isNumber = (key: string, value: unknown) =>
    !Type.IsString(wanted[key]) && /^\d{1,16}$/.test(String(value))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isNumber(key, value) ? Number(value) : value]),
  )
}
