/**
 * `fetch` over node:http, for calls that take as long as they take: Node.js's own gives up when an
 * answer has not begun after five minutes, and a hard block takes longer.
 */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

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
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.once('error', reject)
      incoming.once('end', () => {
        resolve(new Response(Buffer.concat(chunks), { status, headers: answer }))
      })
    })
    outgoing.end(body)
  })
}
