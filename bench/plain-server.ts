/**
 * The baseline of what a node serves, as a process of its own: the same framework with nothing around
 * it. `POST /transactions/new` reads its body and answers as a node does, without doing anything;
 * `GET /chain` sends a file's bytes from memory. Prints its address.
 */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const [file] = process.argv.slice(2)
const chain = file === undefined ? '{}' : readFileSync(file)

const app = Fastify()
app.post('/transactions/new', async () => ({
  message: 'Transaction will be added to block at index 2',
  index: 2,
}))
app.get('/chain', async (_request, reply) => reply.type('application/json').send(chain))
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
