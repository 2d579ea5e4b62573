/** What the routes that change the node share: asking it for somebody who may hang up, and its errors. */
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { CallerGone } from '../../adapters/live/waiting-requests.ts'
import type { Reply, Request } from '../../node/messages.ts'

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
 * Asks the node on behalf of a caller who may hang up.
 * @throws RuleError the node's refusal; StoreError, UnavailableError; CallerGone
 */
export async function askNode(
  node: LiveNode,
  request: Request,
  reply: FastifyReply,
): Promise<Reply> {
  if (reply.raw.closed) throw new CallerGone()
  const { reply: answered, abandon } = node.ask(request)
  reply.raw.once('close', abandon)
  try {
    const answer = await answered
    if (answer.type === 'refused') throw answer.error
    return answer
  } finally {
    reply.raw.off('close', abandon)
  }
}
