/** The node's figures in Prometheus's text format, through prom-client. */
import type { onResponseHookHandler } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { App } from './app-type.ts'

/** Counts every answer of an application. Call it before there are routes. */
export function countAnswers(app: App, node: LiveNode): Metrics {
  const metrics = new Metrics(node)
  const hookFor =
    (route: string | undefined): onResponseHookHandler =>
    (request, reply, done) => {
      metrics.observe(route, request.method, reply.statusCode, reply.elapsedTime)
      done()
    }
  // A hook for each route knows its address; to ask a request for its route costs more than counting it.
  app.addHook('onRoute', (route) => {
    route.onResponse = [hookFor(route.url), ...[route.onResponse ?? []].flat()]
  })
  const forUnknown = hookFor(undefined)
  app.addHook('onResponse', function (request, reply, done) {
    if (request.is404) forUnknown.call(this, request, reply, done)
    else done()
  })
  app.addHook('onClose', async () => metrics.close())
  return metrics
}

export class Metrics {
  readonly #registry = new Registry()
  readonly #answers: Histogram<'route' | 'method' | 'status'>
  readonly #unsubscribe: () => void

  constructor(node: LiveNode) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({
      name: 'toychain_height',
      help: 'Blocks of the active chain',
      registers,
      async collect() {
        this.set((await node.read((reader) => reader.tip()))?.index ?? 0)
      },
    })
    new Gauge({
      name: 'toychain_current_transactions',
      help: 'Transactions that wait for a block',
      registers,
      collect() {
        this.set(node.currentTransactionCount)
      },
    })
    const events = new Counter({
      name: 'toychain_events_total',
      help: 'Blocks connected, reorganisations and transactions accepted since the start',
      labelNames: ['type'],
      registers,
    })
    for (const type of ['block', 'reorg', 'transaction']) events.inc({ type }, 0)
    this.#unsubscribe = node.subscribe(({ type }) => events.inc({ type }))
    this.#answers = new Histogram({
      name: 'toychain_http_seconds',
      help: 'Time to answer, by route, method and status',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** Counts an answer. Addresses without a route share one label, so that nobody can grow the list. */
  observe(route: string | undefined, method: string, status: number, elapsedMs: number): void {
    this.#answers.observe({ route: route ?? '(none)', method, status }, elapsedMs / 1000)
  }

  close(): void {
    this.#unsubscribe()
    this.#registry.clear()
  }
}
