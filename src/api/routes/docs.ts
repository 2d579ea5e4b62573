/**
 * The API's own documentation: `/openapi.json`, Swagger UI at `/docs`, ReDoc at `/redoc`. Every
 * asset is served from here, and each page runs under the strictest Content-Security-Policy that
 * it works under; neither page talks to anybody else.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from '../http/app-type.ts'
import { type Policy, protectiveHeaders, STRICT_POLICY } from '../http/headers.ts'
import { takesGzip } from '../http/page-files.ts'
import { Block, Transaction } from '../schemas/block.ts'
import { ProblemDetails } from '../schemas/responses.ts'

const compress = promisify(gzip)

const SWAGGER_CSP = {
  ...STRICT_POLICY,
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
}

/** No call has links; on a phone their column leaves no room for the examples. */
const SWAGGER_STYLE = '.response-col_links { display: none }\n'

const REDOC_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>toychain API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/static/favicon-32x32.png">
<link rel="stylesheet" href="/redoc/page.css">
</head>
<body><div id="redoc"></div><script type="module" src="/redoc/page.js"></script></body>
</html>
`

/** The menu that sends the page's text to outside services has no option; it is hidden. */
const REDOC_STYLE = `body { margin: 0 }
[data-testid=page-actions] { display: none }
a[href="https://redocly.com/redoc/"] p::after { content: " Redoc" }
`

/** Without Worker, ReDoc's search does not probe for eval, which our policy would report. */
const REDOC_SCRIPT = `delete globalThis.Worker
const { init } = await import('/redoc/redoc.standalone.js')
const options = { disableTelemetry: true, jsonSamplesExpandLevel: 'all', sanitize: true }
init('/openapi.json', options, document.querySelector('#redoc'))
`

const BUNDLE = 'redoc.standalone.js'

const TAGS = [
  { name: 'chain', description: 'Reading the chain' },
  { name: 'work', description: 'Transactions and mining' },
  { name: 'network', description: 'Other nodes' },
  { name: 'node', description: 'The node itself' },
]

export async function documentation(app: App, version: string): Promise<void> {
  for (const shared of [Transaction, Block, ProblemDetails]) app.addSchema(shared)
  await app.register(swagger, {
    convertConstToEnum: false,
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `def-${i}`),
    },
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'toychain',
        version,
        description:
          'A blockchain node to learn, teach and prototype with. Errors are RFC 9457 problem details with a stable `code`; numbers keep the text they were written in (this page may show `10.0` as `10`; what is sent is exact).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'Needed by what changes the node, where it was started with `--token`',
          },
        },
      },
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: SWAGGER_CSP,
    theme: { title: 'toychain API', css: [{ filename: 'toychain.css', content: SWAGGER_STYLE }] },
    uiConfig: {
      layout: 'BaseLayout',
      tryItOutEnabled: true,
      deepLinking: true,
      // On plain http beyond loopback, browsers do not say that a request is of the same origin.
      requestInterceptor: (request) => {
        request.headers['x-toychain'] = '1'
        return request
      },
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(app.swagger())),
  )
  redoc(app)
}

function redoc(app: App): void {
  app.get('/redoc', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html').headers(redocFiles().headers).send(REDOC_PAGE),
  )
  for (const name of ['page.js', 'page.css', BUNDLE]) {
    app.get(`/redoc/${name}`, { schema: { hide: true } }, async (request, reply) => {
      const file = redocFiles().files.get(name)
      if (file === undefined) return reply.callNotFound()
      reply
        .type(file.type)
        .header('cache-control', 'max-age=3600')
        .header('vary', 'accept-encoding')
      if (!takesGzip(request)) return reply.send(file.bytes)
      // Compressed once, when somebody first asks, off the main thread.
      file.gzipped ??= compress(file.bytes)
      return reply.header('content-encoding', 'gzip').send(await file.gzipped)
    })
  }
}

interface RedocFile {
  readonly type: string
  readonly bytes: Buffer
  gzipped?: Promise<Buffer>
}

let read: { files: ReadonlyMap<string, RedocFile>; headers: Record<string, string> } | undefined

/** What ReDoc's page needs, read once in a program, when somebody first asks: its bundle is large. */
function redocFiles(): NonNullable<typeof read> {
  if (read !== undefined) return read
  const bundle = redocBundle()
  const fileOf = (type: string, text: string) => ({
    type: `${type}; charset=utf-8`,
    bytes: Buffer.from(text),
  })
  const files = new Map<string, RedocFile>([
    ['page.js', fileOf('text/javascript', REDOC_SCRIPT)],
    ['page.css', fileOf('text/css', REDOC_STYLE)],
    [BUNDLE, fileOf('text/javascript', bundle)],
  ])
  read = { files, headers: protectiveHeaders(redocPolicy(bundle)) }
  return read
}

/** ReDoc's script, but for the address of its footer's logo, which no option turns off. */
function redocBundle(): string {
  const file = new URL(import.meta.resolve('#redoc'))
  return readFileSync(file, 'utf8').replaceAll('https://cdn.redoc.ly/redoc/', 'data:,')
}

/**
 * ReDoc writes styles in two ways that a policy must name: an empty style element that it fills by
 * script, and colour attributes in code samples, each of which is allowed by its hash.
 */
function redocPolicy(bundle: string): Policy {
  const colours = new Set(bundle.match(/(?<=:`)--code-block-tokens-[a-z-]+-color(?=`)/g))
  return {
    ...SWAGGER_CSP,
    'style-src': ["'self'", sha256Source('')],
    'style-src-attr': [
      "'unsafe-hashes'",
      ...[...colours].map((name) => sha256Source(`color: var(${name})`)),
    ],
    'font-src': ['data:'],
  }
}

function sha256Source(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
