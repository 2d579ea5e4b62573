/**
 * `fetch` over node:http, for calls that take as long as they take: Node.js's own gives up when an
 * answer has not begun after five minutes, and a hard block takes longer. Follows no redirects.
 */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'

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
        const body = isEmpty ? null : Readable.toWeb(incoming)
        resolve(new Response(body, { status, headers: answer }))
      } catch (cause) {
        // A status that HTTP does not have.
        outgoing.destroy()
        reject(cause)
      }
    })
    outgoing.end(body)
  })
}
