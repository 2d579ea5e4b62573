/**
 * A process of its own for what all tests in Chromium share: one Chromium, and the nodes of the story.
 * It writes where they are as one line of JSON, and ends with its standard input, so that it outlives
 * nobody who started it.
 */
import { once } from 'node:events'
import { serveChromium } from './chromium.ts'
import { startStory } from './story.ts'

const [server, { stop, ...story }] = await Promise.all([serveChromium(), startStory()])
process.stdout.write(`${JSON.stringify({ chromium: server.wsEndpoint(), story })}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
await Promise.all([server.close(), stop()])
