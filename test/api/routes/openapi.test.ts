import { Compile } from 'typebox/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { MAX_OPEN_SNAPSHOTS } from '../../../src/core/limits.ts'
import { mine, pay, paymentBody, post, sharedApi, startApi, VERSION } from '../../helpers/api.ts'

interface Media {
  readonly schema: object
  readonly example?: unknown
  readonly examples?: Record<string, { summary: string; value: { status: number; code: string } }>
}
interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: string[]
  readonly security?: object[]
  readonly parameters?: { name: string; in: string; required?: boolean; description?: string }[]
  readonly requestBody?: { required?: boolean; content: Record<string, Media> }
  readonly responses: Record<string, { description: string; content: Record<string, Media> }>
}
interface Document {
  readonly openapi: string
  readonly info: { title: string; version: string; license: { name: string } }
  readonly tags: { name: string; description: string }[]
  readonly components: { schemas: Record<string, object>; securitySchemes: object }
  readonly paths: Record<string, Record<string, Operation>>
}

/** The table, but for the documentation itself. */
const OPERATIONS = [
  'get /',
  'get /mine',
  'get /mining',
  'post /mining',
  'post /transactions/new',
  'get /chain',
  'get /transactions',
  'get /blocks/{block}',
  'get /tips',
  'get /payments',
  'get /info',
  'get /health',
  'get /metrics',
  'get /events',
  'post /nodes/register',
  'get /nodes',
  'delete /nodes/{node}',
  'get /nodes/resolve',
  'get /network',
]

const api = sharedApi()
let document: Document
beforeAll(async () => {
  document = (await api().app.inject('/openapi.json')).json()
})

function operation(name: string): Operation {
  const [method = '', path = ''] = name.split(' ')
  const found = document.paths[path]?.[method]
  if (found === undefined) throw new Error(`${name} is not documented`)
  return found
}

/** Whether a value is of a documented schema, with the references of the document. */
function isOf(schema: object, value: unknown): boolean {
  return Compile({ ...schema, components: document.components }).Check(value)
}

/** Every `$ref` in a value. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : referencesIn(member),
  )
}

describe('/openapi.json', () => {
  it('is an OpenAPI 3.1 document of this version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/)
    expect(document.info).toMatchObject({ title: 'toychain', version: VERSION })
    expect(document.info.license.name).toBe('MIT')
  })

  it('has every call of the node and no other', () => {
    const names = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(names.sort()).toEqual([...OPERATIONS].sort())
  })

  it('leads nowhere with no reference', () => {
    const known = Object.keys(document.components.schemas).map((k) => `#/components/schemas/${k}`)
    for (const reference of referencesIn(document)) expect(known).toContain(reference)
  })

  it('asks nobody else for anything', () => {
    expect(JSON.stringify(document)).not.toMatch(/https?:\/\//)
  })

  it('describes each tag that it uses', () => {
    const tags = document.tags.map(({ name }) => name)
    for (const name of OPERATIONS) {
      for (const tag of operation(name).tags ?? []) expect(tags).toContain(tag)
      expect(operation(name).tags).toHaveLength(1)
    }
    for (const tag of document.tags) expect(tag.description).not.toBe('')
  })

  it('gives examples of the shared schemas that are of them', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const examples = 'examples' in schema && Array.isArray(schema.examples) ? schema.examples : []
      for (const example of examples) expect(isOf(schema, example), name).toBe(true)
    }
  })

  it.each(OPERATIONS)(
    '%s: has a summary, a description and an example that is of its schema',
    (name) => {
      const { summary, description, responses } = operation(name)
      expect(summary).toBeTruthy()
      expect(description).toBeTruthy()
      const media = Object.values(responses['200']?.content ?? {})
      expect(media.length).toBe(name === 'get /' ? 2 : 1)
      for (const { schema, example } of media) {
        expect(example).toBeDefined()
        expect(isOf(schema, example)).toBe(true)
      }
    },
  )

  it.each(OPERATIONS)('%s: has its error answers, each with an example', (name) => {
    const errors = Object.entries(operation(name).responses).filter(([status]) => status !== '200')
    expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(['403', '429']))
    for (const [status, { description, content }] of errors) {
      expect(Object.keys(content)).toEqual(['application/problem+json'])
      const { schema = {}, examples = {} } = content['application/problem+json'] ?? {}
      expect(Object.keys(examples)).not.toHaveLength(0)
      for (const [code, { summary, value }] of Object.entries(examples)) {
        expect(isOf(schema, value), code).toBe(true)
        expect(value).toMatchObject({ code, status: Number(status) })
        expect(summary).not.toBe('')
        expect(description).toContain(code)
      }
    }
  })

  it('describes each parameter, and gives the body of a POST', () => {
    for (const name of OPERATIONS) {
      for (const { name: parameter, in: where, required, description } of operation(name)
        .parameters ?? []) {
        expect(description, `${name} ${parameter}`).toBeTruthy()
        expect(required ?? false).toBe(where === 'path' || parameter === 'party')
      }
    }
    const { requestBody } = operation('post /transactions/new')
    expect(requestBody?.required).toBe(true)
    const schema = requestBody?.content['application/json']?.schema ?? {}
    const body = (text: string) => isOf(schema, JSON.parse(text))
    expect(body(paymentBody())).toBe(true)
    expect(body('{"sender": "a", "recipient": "b", "amount": "1"}')).toBe(false)
    expect(body('{"sender": "a", "recipient": "b", "amount": 1, "x": 1}')).toBe(false)
  })

  it('says which calls need the token', () => {
    const guarded = OPERATIONS.filter((name) => operation(name).security !== undefined)
    expect(guarded).toEqual([
      'get /mine',
      'post /mining',
      'post /transactions/new',
      'post /nodes/register',
      'delete /nodes/{node}',
      'get /nodes/resolve',
    ])
    expect(document.components.securitySchemes).toHaveProperty('token')
  })
})

describe('what the node really answers', () => {
  const started = sharedApi({}, async (node) => {
    await pay(node, { amount: '10.0' })
    await mine(node)
    await pay(node)
  })

  it.each([
    ['get /', '/'],
    ['get /chain', '/chain'],
    ['get /transactions', '/transactions'],
    ['get /blocks/{block}', '/blocks/2'],
    ['get /blocks/{block}', '/blocks/1'],
    ['get /tips', '/tips'],
    ['get /payments', '/payments?party=Lea'],
    ['get /payments', '/payments?party=0&before=1'],
    ['get /info', '/info'],
    ['get /health', '/health'],
  ])('%s is of the documented schema (%s)', async (name, url) => {
    const schema = operation(name).responses['200']?.content['application/json']?.schema ?? {}
    expect(isOf(schema, (await started().app.inject(url)).json())).toBe(true)
  })

  it('to a payment and to /mine is of the documented schema', async () => {
    const node = await startApi()
    const schemaOf = (name: string) =>
      operation(name).responses['200']?.content['application/json']?.schema ?? {}
    const accepted = JSON.parse((await post(node, paymentBody())).body)
    expect(isOf(schemaOf('post /transactions/new'), accepted)).toBe(true)
    expect(isOf(schemaOf('get /mine'), JSON.parse((await mine(node)).body))).toBe(true)
  })

  it('where it refuses is documented with that call, code by code', async () => {
    const node = await startApi({ token: 'secret', requestsPerMinute: 1 })
    const held = Array.from({ length: MAX_OPEN_SNAPSHOTS }, () => node.live.snapshot())
    const snapshots = await Promise.all(held)
    const json = { 'content-type': 'application/json', authorization: 'Bearer secret' }
    const foreign = { 'user-agent': 'Mozilla/5.0' }
    const asked: [string, string, Record<string, string>, string?][] = [
      ['get /chain', '/chain?from=0', {}],
      ['get /chain', '/chain', {}],
      ['get /transactions', '/transactions', {}],
      ['get /blocks/{block}', '/blocks/9', {}],
      ['get /blocks/{block}', '/blocks/x', {}],
      ['get /tips', '/tips', {}],
      ['get /payments', '/payments', {}],
      ['get /payments', '/payments?party=x', {}],
      ['get /info', '/info', {}],
      ['get /health', '/health', {}],
      ['get /metrics', '/metrics', {}],
      ['get /events', '/events', { host: 'evil.example' }],
      ['get /mine', '/mine', {}],
      ['get /mine', '/mine', foreign],
      ['get /mine', '/mine', { 'sec-purpose': 'prefetch' }],
      ['post /transactions/new', '/transactions/new', json, '{'],
      ['post /transactions/new', '/transactions/new', json, '['.repeat(100)],
      ['post /transactions/new', '/transactions/new', json, '{}'],
      ['post /transactions/new', '/transactions/new', json, ' '.repeat(100_000)],
      ['post /transactions/new', '/transactions/new', { ...json, 'content-type': 'text/xml' }, 'x'],
      [
        'post /transactions/new',
        '/transactions/new',
        json,
        paymentBody({ amount: '1'.repeat(401) }),
      ],
    ]
    const undocumented: string[] = []
    for (const [name, url, headers, payload] of asked) {
      const method = name.startsWith('post') ? 'POST' : 'GET'
      const answer = await node.app.inject({
        method,
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      })
      if (answer.statusCode === 200) continue
      const { code } = answer.json()
      const media =
        operation(name).responses[answer.statusCode]?.content['application/problem+json']
      if (media?.examples?.[code] === undefined) undocumented.push(`${name}: ${code}`)
    }
    for (const snapshot of snapshots) snapshot.close()
    expect(undocumented).toEqual([])
  })
})
