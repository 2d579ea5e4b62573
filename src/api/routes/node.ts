/** About the node itself: `/`, `/info`, `/health`, `/metrics`. */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { assert } from '../../core/errors.ts'
import type { App } from '../http/app-type.ts'
import { wantsPage } from '../http/browsers.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Page } from '../http/page-files.ts'
import { HASH_EXAMPLE } from '../schemas/block.ts'
import { Greeting, Health, Info } from '../schemas/node.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'
import { sendFile } from './page.ts'

const GREETING = {
  message: 'This is a toychain node.',
  docs: '/docs',
  redoc: '/redoc',
  openapi: '/openapi.json',
  try: ['GET /chain', 'POST /transactions/new', 'GET /mine', 'GET /events'],
}

export function nodeRoutes(
  app: App,
  {
    node,
    version,
    durable,
    metrics,
    page,
  }: {
    node: LiveNode
    version: string
    durable: boolean
    metrics: Metrics
    page: Page | undefined
  },
): void {
  greetingRoute(app, page)
  infoRoute(app, node, { version, durable })
  healthRoute(app, node)
  metricsRoute(app, metrics)
}

function greetingRoute(app: App, page: Page | undefined): void {
  app.get(
    '/',
    {
      schema: {
        tags: ['node'],
        summary: 'A greeting',
        description:
          'Says what this is and where its documentation is. A browser, which asks for `text/html`, gets the page in its place.',
        response: {
          200: {
            description: 'The greeting, or the page',
            content: {
              'application/json': { schema: Greeting, example: GREETING },
              'text/html': { schema: { type: 'string' }, example: '<!doctype html>' },
            },
          },
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'accept')
      if (page !== undefined && wantsPage(request.headers))
        return sendFile(request, reply, page.html)
      return reply.type('application/json').send(JSON.stringify(GREETING))
    },
  )
}

function infoRoute(
  app: App,
  node: LiveNode,
  { version, durable }: { version: string; durable: boolean },
): void {
  app.get(
    '/info',
    {
      schema: {
        tags: ['node'],
        summary: 'The node at a glance',
        description: 'Its id, its chain spec, and where its chain ends.',
        response: {
          200: jsonResponse('The node', Info, {
            id: 'c4d1affa6a534b5d9fbee8a81fa5b25c',
            chain: 'classic',
            spec: { name: 'classic', rules: 'classic', difficulty: 4 },
            height: 2,
            tip: { index: 2, hash: HASH_EXAMPLE, timestamp: 1795353404.109 },
            current_transactions: 0,
            durable: true,
            version,
          }),
          ...problems('store-failed'),
        },
      },
    },
    async (_request, reply) => {
      const tip = await node.read((reader) => reader.tip())
      assert(tip !== undefined, 'a live node has a genesis')
      const { index, hash, timestamp } = tip
      return reply
        .type('application/json')
        .send(
          `{"id": "${node.id}", "chain": "${node.spec.name}", "spec": ${node.spec.text}, "height": ${index}, ` +
            `"tip": {"index": ${index}, "hash": "${hash}", "timestamp": ${timestamp}}, ` +
            `"current_transactions": ${node.currentTransactionCount}, "durable": ${durable}, "version": "${version}"}`,
        )
    },
  )
}

function healthRoute(app: App, node: LiveNode): void {
  app.get(
    '/health',
    {
      schema: {
        tags: ['node'],
        summary: 'Whether the node works',
        description: 'Reads from the store and answers 200, or 503 with the reason.',
        response: {
          200: jsonResponse('It works', Health, { status: 'ok' }),
          ...problems('store-failed', 'store-damaged', 'shutting-down'),
        },
      },
    },
    async (_request, reply) => {
      await node.read((reader) => reader.tip())
      return reply.type('application/json').send('{"status": "ok"}')
    },
  )
}

function metricsRoute(app: App, metrics: Metrics): void {
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['node'],
        summary: 'Figures for Prometheus',
        description:
          'The chain, the current transactions, answers by route and status, and the process.',
        response: {
          200: {
            description: 'Prometheus text format',
            content: {
              'text/plain': { schema: { type: 'string' }, example: 'toychain_height 2\n' },
            },
          },
          ...problems('store-failed'),
        },
      },
    },
    async (_request, reply) => {
      const text = await metrics.text()
      return reply.type(metrics.contentType).send(text)
    },
  )
}
