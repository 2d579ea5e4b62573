/** What the routes that change the node share: asking it for somebody who may hang up, and its errors. */
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../adapters/live-node.ts'
import type { Reply, Request } from '../node/messages.ts'

/** Errors that every changing route can give. */
export const CHANGING = [
  'token-required',
  'foreign-page',
  'prefetch-refused',
  'node-busy',
  'shutting-down',
  'store-failed',
  'store-full',
] as const

/** Errors that every route with a body can give. */
export const WITH_BODY = [
  'json-syntax',
  'json-depth',
  'body-too-large',
  'unsupported-media-type',
  'invalid-request',
] as const

/**
 * Asks the node on behalf of a caller who may hang up; undefined if it did.
 * @throws RuleError the node's refusal; StoreError, UnavailableError
 */
export async function askNode(
  node: LiveNode,
  request: Request,
  reply: FastifyReply,
): Promise<Reply | undefined> {
  const gone = new AbortController()
  if (reply.raw.closed) gone.abort()
  reply.raw.once('close', () => gone.abort())
  try {
    const answer = await node.request(request, gone.signal)
    if (answer.type === 'refused') throw answer.error
    return answer
  } catch (error) {
    if (!gone.signal.aborted) throw error
    reply.hijack()
    return undefined
  }
}
