/**
 * `fetch` over node:http, for calls that take as long as they take: Node.js's own gives up when an
 * answer has not begun after five minutes, and a hard block takes longer. Follows no redirects.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** Statuses whose answers have no body (RFC 9110, sections 15.3.5, 15.3.6, 15.4.5). */
const WITHOUT_BODY = [204, 205, 304]

export const patientFetch: typeof fetch = async (input, init) => {
  const { url, method, headers, signal } = new Request(input, init)
  const body = typeof init?.body === 'string' ? init.body : ''
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method, headers: Object.fromEntries(headers), signal })
    outgoing.once('error', reject)
    outgoing.once('response', (incoming) => {
      const answer = new Headers()
      for (const [name, value] of Object.entries(incoming.headers)) answer.set(name, String(value))
      const status = incoming.statusCode ?? 0
      const isEmpty = WITHOUT_BODY.includes(status)
      if (isEmpty) incoming.resume()
      try {
        resolve(new Response(isEmpty ? null : bodyOf(incoming), { status, headers: answer }))
      } catch (cause) {
        // A status that HTTP does not have.
        outgoing.destroy()
        reject(cause)
      }
    })
    outgoing.end(body)
  })
}

/** A body as it is asked for; Node.js's own way to make one is of a type that browsers' fetch lacks. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = incoming[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => {
      incoming.destroy()
    },
  })
}
