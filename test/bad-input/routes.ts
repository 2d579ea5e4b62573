/**
 * Every address that the API has, as the app itself tells: from the router, with parameters and
 * examples from the OpenAPI document. A new route is found without any test being changed.
 */
import type { App } from '../../src/api/http/app-type.ts'

export interface Route {
  /** As the router has it, such as `/blocks/:block`. */
  readonly url: string
  readonly methods: readonly string[]
  readonly query: readonly string[]
  /** An example of the body, where the route takes one. */
  readonly body: unknown
  /** An address of it with an example in each parameter's place. */
  readonly path: string
  /** The address in pieces, cut at each parameter; two at least where there is one. */
  readonly cut: readonly string[]
  /**
   * Whether the OpenAPI document has it; the pages of the documentation themselves are not in it.
   */
  readonly isDocumented: boolean
  /** Methods of which a 2xx may change the node: those that need the token. */
  readonly changing: readonly string[]
  /** The answer never ends. */
  readonly isStream: boolean
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly schema?: { readonly examples?: readonly unknown[] }
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly security?: readonly object[]
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>
  readonly requestBody?: { readonly content: Record<string, { readonly example?: unknown }> }
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
}

/** `:name` or the `*` at the end. */
const PARAMETER = /:\w+|\*$/

export async function routesOf(app: App): Promise<readonly Route[]> {
  const document: Document = (await app.inject('/openapi.json')).json()
  return routerTree(app.printRoutes()).map(({ url, methods }) => {
    return describeRoute(url, methods, document)
  })
}

/** What the document says that there is, as `GET /blocks/:block`. */
export async function documentedRoutes(app: App): Promise<readonly string[]> {
  const document: Document = (await app.inject('/openapi.json')).json()
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${routerPath(path)}`),
  )
}

/**
 * Reads the tree that Fastify prints: four columns a level, each node with the rest of its address.
 */
function routerTree(tree: string): { url: string; methods: string[] }[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line) ?? []
    if (indent === undefined || part === undefined) return []
    const depth = indent.length / 4
    const url = (above[depth - 1] ?? '') + part
    above[depth] = url
    return methods === undefined ? [] : [{ url, methods: methods.split(', ') }]
  })
}

function describeRoute(url: string, methods: readonly string[], document: Document): Route {
  const described = Object.entries(document.paths)
    .filter(([path]) => routerPath(path) === url)
    .flatMap(([, byMethod]) => Object.entries(byMethod))
  const operations = described.map(([, operation]) => operation)
  const parameters = operations.flatMap((operation) => operation.parameters ?? [])
  const examples = new Map(parameters.map(({ name, schema }) => [name, schema?.examples?.[0]]))
  return {
    url,
    methods,
    query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    body: operations.map((operation) => bodyExample(operation)).find(Boolean),
    path: url.replace(PARAMETER, (name) =>
      encodeURIComponent(`${examples.get(name.slice(1)) ?? 'x'}`),
    ),
    cut: url.split(PARAMETER),
    isDocumented: operations.length > 0,
    changing: described
      .filter(([, { security }]) => security !== undefined)
      .map(([method]) => method.toUpperCase()),
    isStream: operations.some(({ responses }) => {
      return responses[200]?.content?.['text/event-stream'] !== undefined
    }),
  }
}

function bodyExample({ requestBody }: Operation): unknown {
  return requestBody?.content['application/json']?.example
}

function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

/**
 * An example's text around each of its values, nested ones too: what stands before it, and after.
 */
export function slotsIn(example: unknown): { name: string; before: string; after: string }[] {
  const here = { name: '', before: '', after: '' }
  if (example === undefined) return []
  if (typeof example !== 'object' || example === null) return [here]
  const isArray = Array.isArray(example)
  const members = Object.entries(example)
  const texts = members.map(([key, value]) => {
    return `${isArray ? '' : `${JSON.stringify(key)}: `}${JSON.stringify(value)}`
  })
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  const inside = members.flatMap(([key, value], i) => {
    const left = texts.slice(0, i).map((text) => `${text}, `)
    const right = texts.slice(i + 1).map((text) => `, ${text}`)
    return slotsIn(value).map((slot) => ({
      name: `${key}.${slot.name}`.replace(/\.$/, ''),
      before: `${open}${left.join('')}${isArray ? '' : `${JSON.stringify(key)}: `}${slot.before}`,
      after: `${slot.after}${right.join('')}${close}`,
    }))
  })
  return [here, ...inside]
}
