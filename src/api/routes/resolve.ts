/** `/nodes/resolve`: the longest valid chain of all registered nodes, and a report of who was asked. */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { App } from '../http/app-type.ts'
import { askNode, CHANGING } from '../http/ask-node.ts'
import { OncePerList } from '../http/once-per-list.ts'
import { sendLong } from '../http/stream.ts'
import { BLOCK_EXAMPLE, HASH_EXAMPLE } from '../schemas/block.ts'
import { Resolved, ResolveQuery } from '../schemas/peers.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'
import { blockPages } from './chain.ts'
import { reportJson } from './peers.ts'

export function resolveRoute(app: App, node: LiveNode): void {
  const reports = new OncePerList<string>()
  app.get(
    '/nodes/resolve',
    {
      exposeHeadRoute: false,
      config: { changes: true },
      schema: {
        tags: ['network'],
        summary: 'Adopt the longest valid chain',
        description:
          'Asks every registered node at once, checks what is new of each chain by every rule, and adopts the longest; of equal ones ours stays. Payments that only our abandoned blocks held return to the current transactions. `report` says of each node how long its chain is, how it stands, and which rule and block failed or why it could not be asked. Calls that come together share one run. `new_chain` or `chain` is the chain afterwards, streamed.',
        security: [{ token: [] }],
        querystring: ResolveQuery,
        response: {
          200: jsonResponse('The chain after it', Resolved, {
            message: 'Our chain was replaced',
            new_chain: [BLOCK_EXAMPLE],
            length: 2,
            report: [
              {
                node: '127.0.0.1:5001',
                verdict: 'adopted',
                length: 2,
                tip: HASH_EXAMPLE,
              },
              {
                node: '127.0.0.1:5002',
                verdict: 'unreachable',
                length: null,
                tip: null,
                reason: 'connection-failed',
                detail: 'connect ECONNREFUSED 127.0.0.1:5002',
              },
            ],
          }),
          ...problems('invalid-request', 'too-many-streams', ...CHANGING),
        },
      },
    },
    async (request, reply) => {
      const answer = await askNode(node, { type: 'resolve' }, reply)
      if (answer.type !== 'resolved') return reply
      const { replaced } = answer
      const message = replaced ? 'Our chain was replaced' : 'Our chain is authoritative'
      const report = reports.of(answer.report, () =>
        JSON.stringify(answer.report.map((entry) => reportJson(entry, node.spec))),
      )
      if (request.query.chain === 'false') {
        const length = await node.read((reader) => reader.tip()?.index ?? 0)
        const body = `{"message": "${message}", "length": ${length}, "report": ${report}}`
        return reply.type('application/json').send(body)
      }
      return sendLong(reply, node, (reader) => {
        const length = reader.tip()?.index ?? 0
        return {
          before: `{"message": "${message}", "${replaced ? 'new_chain' : 'chain'}": [`,
          pages: blockPages(reader, 1, length),
          after: () => `], "length": ${length}, "report": ${report}}`,
        }
      })
    },
  )
}
