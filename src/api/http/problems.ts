/**
 * Every error answer: RFC 9457 `application/problem+json` with a stable `code`. One table says
 * which status each code has; docs/PROTOCOL.md documents the codes, and a test compares the two.
 */
import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { CallerGone, UnavailableError } from '../../adapters/live/waiting-requests.ts'
import { DECODE_CODES, DecodeError, RULES, type RuleCode, RuleError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'
import { StoreError } from '../../node/store/store.ts'
import type { FailureLog } from './failure-log.ts'

/** Codes of the API itself; those of the rules and of the reader come from their own tables. */
export const API_PROBLEMS = {
  'bad-request': { status: 400, means: 'the request is not HTTP as this server understands it' },
  'token-required': { status: 401, means: 'what changes the node needs its token' },
  'host-not-allowed': { status: 403, means: 'the Host header names a name that is not allowed' },
  'foreign-page': { status: 403, means: 'a page of another origin may not change the node' },
  'prefetch-refused': { status: 403, means: 'a browser may not change the node by prefetching' },
  'not-found': { status: 404, means: 'there is nothing at this address' },
  'block-not-found': { status: 404, means: 'no block has this index or hash' },
  'node-not-found': { status: 404, means: 'no such node is registered here' },
  'method-not-allowed': { status: 405, means: 'the address is right and the method is not' },
  'request-timeout': { status: 408, means: 'the request came too slowly' },
  'body-too-large': { status: 413, means: 'the body is larger than the limit' },
  'uri-too-long': { status: 414, means: 'the address is longer than the limit' },
  'unsupported-media-type': { status: 415, means: 'the body is not application/json' },
  'invalid-request': { status: 422, means: 'fields are missing, unknown or of the wrong form' },
  'too-many-requests': { status: 429, means: 'this address or connection asks too often' },
  'headers-too-large': { status: 431, means: 'the headers are larger than the limit' },
  'internal-error': { status: 500, means: 'the node has a fault of its own' },
  'node-busy': { status: 503, means: 'too many requests are waiting' },
  'too-many-streams': { status: 503, means: 'too many answers are being streamed' },
  'too-many-subscribers': { status: 503, means: 'too many programs listen to the events' },
  'shutting-down': { status: 503, means: 'the node is closing' },
  'store-failed': { status: 503, means: 'the data could not be read or written' },
  'store-damaged': { status: 503, means: 'the data are damaged' },
  'store-full': { status: 507, means: 'the disk is full' },
} as const satisfies Record<string, { status: number; means: string }>

export type ApiCode = keyof typeof API_PROBLEMS
export type ProblemCode = ApiCode | RuleCode | keyof typeof DECODE_CODES

/** Where a refusal of the rules is not simply the request's fault (422). */
const RULE_STATUS: Partial<Record<RuleCode, number>> = {
  duplicate: 409,
  'mempool-full': 503,
  'mining-failed': 503,
  'mining-queue-full': 503,
  'prev-blk-not-found': 409,
  'too-many-nodes': 503,
}

interface ProblemKind {
  readonly status: number
  readonly means: string
}

/** Every code → its status and meaning. */
export const PROBLEMS: ReadonlyMap<ProblemCode, ProblemKind> = new Map<ProblemCode, ProblemKind>([
  ...keysOf(RULES).map(
    (c) => [c, { status: RULE_STATUS[c] ?? 422, means: RULES[c].means }] as const,
  ),
  ...keysOf(DECODE_CODES).map((c) => [c, { status: 400, means: DECODE_CODES[c] }] as const),
  ...keysOf(API_PROBLEMS).map((c) => [c, API_PROBLEMS[c]] as const),
])

/** One field of a request that is wrong. */
export interface FieldError {
  readonly field: string
  readonly detail: string
}

/** The answer's body. `type` is a URN made of the code, since the node has no address of its own. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  readonly errors?: readonly FieldError[]
}

/** An error answer, thrown by a route or a hook. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ApiCode,
    detail: string,
    {
      errors,
      headers = {},
    }: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail)
    this.problem = makeProblem(code, detail, errors)
    this.headers = headers
  }
}

/** The body of an error answer. */
export function makeProblem(
  code: ProblemCode,
  detail: string,
  errors?: readonly FieldError[],
): Problem {
  const status = PROBLEMS.get(code)?.status ?? 500
  const title = STATUS_CODES[status] ?? 'Error'
  const base = { type: `urn:toychain:problem:${code}`, title, status, detail, code }
  return errors === undefined ? base : { ...base, errors }
}

/** Answers any error that a request ran into; what is not the caller's fault is logged. */
export function errorSender(failures: FailureLog) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    if (error instanceof CallerGone) {
      // There is nobody to answer.
      reply.hijack()
      return
    }
    const answer = toProblem(error)
    logFailure(error, { answer, request, failures })
    if (error instanceof ApiError) reply.headers(error.headers)
    if (answer.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
    sendProblem(reply, answer)
  }
}

/** A fault of ours is logged whole, a failing store in a line; a full queue is no news at all. */
function logFailure(
  error: unknown,
  {
    answer: { code, status },
    request: { log },
    failures,
  }: { answer: Problem; request: FastifyRequest; failures: FailureLog },
): void {
  const isMiner = error instanceof RuleError && code === 'mining-failed'
  if (code === 'internal-error') {
    failures.note(code, (silent) => log.error({ err: error, code, silent }, 'request failed'))
  } else if (error instanceof StoreError || isMiner) {
    const said = error.message
    failures.note(code, (silent) => log.error({ code, said, silent }, 'request failed'))
  } else if (status >= 500) {
    log.info({ code }, 'request refused')
  }
}

export function sendProblem(reply: FastifyReply, answer: Problem): void {
  reply.code(answer.status).type('application/problem+json').send(JSON.stringify(answer))
}

/** The problem that says what went wrong. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  if (error instanceof RuleError) return ruleProblem(error)
  if (error instanceof DecodeError || error instanceof UnavailableError) {
    return makeProblem(error.code, error.message)
  }
  if (error instanceof StoreError) return storeProblem(error)
  return frameworkProblem(error)
}

function ruleProblem(error: RuleError): Problem {
  const { field } = error.details
  const errors = typeof field === 'string' ? [{ field, detail: error.message }] : undefined
  return makeProblem(error.code, error.message, errors ?? listErrors(error))
}

/** Where a list is refused, each of its items that is wrong. */
function listErrors({ details: { at, got, expected } }: RuleError): FieldError[] | undefined {
  if (!Array.isArray(at) || !Array.isArray(got)) return undefined
  return at.slice(0, MAX_FIELD_ERRORS).map((place, i) => {
    const form = Array.isArray(expected) ? expected[i] : expected
    const detail = `expected ${printable(String(form))}, got ${printable(String(got[i]).slice(0, SHOWN_CHARS))}`
    return { field: `nodes.${place}`, detail }
  })
}

/** Which file it was is for the log, not for the network. */
function storeProblem(error: StoreError): Problem {
  const code =
    error.code === 'store-full' || error.code === 'store-damaged' ? error.code : 'store-failed'
  return makeProblem(code, `${API_PROBLEMS[code].means}; nothing of this request has been kept`)
}

/** An answer names no more wrong fields than this, however many came. */
const MAX_FIELD_ERRORS = 20
const SHOWN_CHARS = 80

/** Fastify's own errors by status; what we do not know is a fault of ours. */
function frameworkProblem(error: unknown): Problem {
  const { statusCode = 500, validation, message } = error as Partial<FastifyError>
  if (validation !== undefined) {
    const errors = validation.slice(0, MAX_FIELD_ERRORS).map(fieldError)
    const detail = errors.map((e) => `${e.field}: ${e.detail}`).join('; ')
    return makeProblem('invalid-request', detail, errors)
  }
  if (statusCode === 413) return makeProblem('body-too-large', 'the body is larger than the limit')
  if (statusCode === 414) return makeProblem('uri-too-long', 'the address is longer than the limit')
  if (statusCode === 415) {
    return makeProblem(
      'unsupported-media-type',
      'the body must come as application/json: with curl -H "content-type: application/json", with Python\'s requests json=payload, in PowerShell -ContentType application/json, with fetch headers: {"content-type": "application/json"}',
    )
  }
  if (statusCode === 429) return makeProblem('too-many-requests', String(message))
  if (statusCode >= 400 && statusCode < 500) return makeProblem('bad-request', String(message))
  return makeProblem('internal-error', 'the node has a fault of its own; its log says more')
}

type ValidationError = NonNullable<FastifyError['validation']>[number]

/** Ajv's finding as a field's name and a sentence. */
function fieldError(error: ValidationError): FieldError {
  const { instancePath, keyword, message, params } = error
  const { data, parentSchema } = seenBy(error)
  const path = instancePath.slice(1).replaceAll('/', '.')
  const inside = (key: unknown) => {
    const name = String(key).slice(0, SHOWN_CHARS)
    return path === '' ? name : `${path}.${name}`
  }
  if (keyword === 'required') return { field: inside(params.missingProperty), detail: 'is missing' }
  if (keyword === 'additionalProperties') {
    const known = Object.keys(Object(parentSchema.properties))
    const takes = known.length === 0 ? 'nothing is' : `known: ${known.join(', ')}`
    return { field: inside(params.additionalProperty), detail: `is not known here (${takes})` }
  }
  const field = path === '' ? '(body)' : path
  const { description } = parentSchema
  if (keyword === 'pattern' && typeof description === 'string') {
    return { field, detail: `expected ${lowered(description)}` }
  }
  if (keyword === 'type' && typeof data === 'number' && !Number.isFinite(data)) {
    return { field, detail: 'must be a number within ±1.8e308, the largest that programs can read' }
  }
  if (keyword === 'type' && typeof data === 'string' && /^\s*[{[]/.test(data)) {
    const twice =
      "it was encoded twice (with Python's requests: json=payload, not json=json.dumps(payload))"
    return { field, detail: `must be ${params.type}, and is a text with JSON in it: ${twice}` }
  }
  return { field, detail: message ?? 'is wrong' }
}

/** What Ajv looked at, and what for: it tells in its verbose manner. */
function seenBy(error: object): { data: unknown; parentSchema: Record<string, unknown> } {
  const data = 'data' in error ? error.data : undefined
  return { data, parentSchema: 'parentSchema' in error ? Object(error.parentSchema) : {} }
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function keysOf<T extends object>(table: T): (keyof T)[] {
  // Object.keys loses the literal types of a table that is never extended.
  return Object.keys(table) as (keyof T)[]
}
