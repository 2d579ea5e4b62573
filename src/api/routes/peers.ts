/** The other nodes: registering, listing and removing them, and a picture of the network. */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { assert } from '../../core/errors.ts'
import { hintOn } from '../../core/hints.ts'
import type { Spec } from '../../core/spec.ts'
import type { PeerFault } from '../../node/pull/peer-faults.ts'
import type { PeerRecord } from '../../node/pull/peer-records.ts'
import type { PeerReport } from '../../node/pull/peer-report.ts'
import type { Surveyed } from '../../node/pull/survey-answers.ts'
import type { App } from '../http/app-type.ts'
import { askNode, CHANGING, WITH_BODY } from '../http/ask-node.ts'
import { OncePerList } from '../http/once-per-list.ts'
import { ApiError } from '../http/problems.ts'
import { nextTurn } from '../http/stream.ts'
import { HASH_EXAMPLE } from '../schemas/block.ts'
import { Network, NodePath, Nodes, NodesBody, Registered, Removed } from '../schemas/peers.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

export function peerRoutes(app: App, node: LiveNode): void {
  registerRoute(app, node)
  nodesRoute(app, node)
  removeRoute(app, node)
  networkRoute(app, node)
}

function registerRoute(app: App, node: LiveNode): void {
  const texts = new OncePerList<string>()
  app.post(
    '/nodes/register',
    {
      config: { changes: true },
      schema: {
        tags: ['network'],
        summary: 'Register other nodes',
        description:
          "Adds the addresses of other nodes, all or none; those that are known already change nothing, and this node's own is left out and said. Nobody is asked yet.",
        security: [{ token: [] }],
        body: NodesBody,
        response: {
          200: jsonResponse('Registered', Registered, {
            message: '1 new node(s) have been successfully added',
            total_nodes: ['127.0.0.1:5001'],
          }),
          ...problems(...WITH_BODY, 'bad-address', 'too-many-nodes', ...CHANGING),
        },
      },
    },
    async (request, reply) => {
      const { nodes } = request.body
      const answer = await askNode(node, { type: 'register-nodes', nodes }, reply)
      if (answer.type !== 'registered') return reply
      const { added, own } = answer
      const said = own.length === 0 ? '' : `; ${own.join(', ')} is this node itself, and left out`
      const portless = added.filter((address) => !/:\d+$/.test(address))
      const usual =
        portless.length === 0 ? '' : `; ${portless.join(', ')} without a port: port 80 is asked`
      const message = `${added.length} new node(s) have been successfully added${said}${usual}`
      const nodesText = texts.of(answer.nodes, () => JSON.stringify(answer.nodes))
      const self = own.length === 0 ? '' : `,"self":${JSON.stringify(own)}`
      const body = `{"message":${JSON.stringify(message)},"total_nodes":${nodesText}${self}}`
      return reply.type('application/json').send(body)
    },
  )
}

function nodesRoute(app: App, node: LiveNode): void {
  app.get(
    '/nodes',
    {
      schema: {
        tags: ['network'],
        summary: 'The registered nodes',
        description:
          'Each with what was last heard of it: when it was asked and when it answered (seconds since 1970), what its chain was, and what it did wrong. Since this node started.',
        response: {
          200: jsonResponse('The nodes', Nodes, {
            nodes: [
              {
                node: '127.0.0.1:5001',
                verdict: 'same',
                length: 2,
                tip: HASH_EXAMPLE,
                asked: 1795353404.109,
                answered: 1795353404.109,
                faults: 0,
              },
            ],
            length: 1,
          }),
          ...problems('node-busy', 'shutting-down', 'store-failed'),
        },
      },
    },
    async (_request, reply) => {
      const answer = await askNode(node, { type: 'list-nodes' }, reply)
      if (answer.type !== 'nodes') return reply
      const nodes = answer.records.map((record) => recordJson(record, node.spec))
      return reply
        .type('application/json')
        .send(JSON.stringify({ nodes, length: answer.records.length }))
    },
  )
}

function removeRoute(app: App, node: LiveNode): void {
  app.delete(
    '/nodes/:node',
    {
      // A name alone may be a node at port 80, and is more likely a path that somebody has guessed.
      config: { changes: true, parameter: /[.:]/ },
      schema: {
        tags: ['network'],
        summary: 'Forget a node',
        description: 'Removes an address from the registered nodes.',
        security: [{ token: [] }],
        params: NodePath,
        response: {
          200: jsonResponse('Removed', Removed, {
            message: '127.0.0.1:5001 has been removed',
            total_nodes: [],
          }),
          ...problems('node-not-found', 'bad-address', ...CHANGING),
        },
      },
    },
    async (request, reply) => {
      const { node: address } = request.params
      const answer = await askNode(node, { type: 'remove-node', node: address }, reply)
      if (answer.type !== 'removed') return reply
      if (!answer.wasKnown) {
        throw new ApiError('node-not-found', `no node is registered as ${address.slice(0, 80)}`)
      }
      const message = `${address} has been removed`
      const body = JSON.stringify({ message, total_nodes: answer.nodes })
      return reply.type('application/json').send(body)
    },
  )
}

function networkRoute(app: App, node: LiveNode): void {
  // Of the largest network it is 5 MB: one piece of memory, however many wait for it.
  const pictures = new OncePerList<Buffer>()
  app.get(
    '/network',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['network'],
        summary: 'A picture of the network',
        description:
          'This node, the registered nodes and the nodes that those know, each asked for its height and tip, within five seconds.',
        response: {
          200: jsonResponse('The network', Network, {
            self: {
              id: 'c4d1affa6a534b5d9fbee8a81fa5b25c',
              chain: 'classic',
              height: 2,
              tip: HASH_EXAMPLE,
            },
            nodes: [
              {
                node: '127.0.0.1:5001',
                registered: true,
                self: false,
                reachable: true,
                id: '0ad9db84e6564efbbb4e9e3e0c1a8d1f',
                chain: 'classic',
                height: 2,
                tip: HASH_EXAMPLE,
                nodes: ['127.0.0.1:5000'],
              },
            ],
          }),
          ...problems('node-busy', 'shutting-down', 'store-failed'),
        },
      },
    },
    async (_request, reply) => {
      const answer = await askNode(node, { type: 'survey' }, reply)
      if (answer.type !== 'surveyed') return reply
      const tip = await node.read((reader) => reader.tip())
      assert(tip !== undefined, 'a live node has a genesis')
      const self = { id: node.id, chain: node.spec.name, height: tip.index, tip: tip.hash }
      const picture = pictures.of(answer.nodes, () =>
        Buffer.from(JSON.stringify({ self, nodes: answer.nodes.map(surveyedJson) })),
      )
      await nextTurn(node, reply)
      return reply.type('application/json').send(picture)
    },
  )
}

/** A node's entry in a report. */
export function reportJson({ address, length, tip, verdict, problem }: PeerReport, spec: Spec) {
  const found = { node: address, verdict, length: length ?? null, tip: tip ?? null }
  switch (problem?.type) {
    case 'invalid': {
      const { block, error } = problem
      const detail = error.message + hintOn(error, spec)
      return { ...found, rule: error.code, block, detail }
    }
    case 'fault':
      return { ...found, ...faultJson(problem.fault) }
    default:
      return found
  }
}

function recordJson({ address, askedMs, answeredMs, last, faults }: PeerRecord, spec: Spec) {
  const unheard = { node: address, verdict: null, length: null, tip: null }
  return {
    ...(last === undefined ? unheard : reportJson(last, spec)),
    asked: seconds(askedMs),
    answered: seconds(answeredMs),
    faults,
  }
}

function surveyedJson({ address, isRegistered, isSelf, fault, ...known }: Surveyed) {
  return {
    node: address,
    registered: isRegistered,
    self: isSelf,
    reachable: fault === undefined,
    id: known.id ?? null,
    chain: known.chain ?? null,
    height: known.length ?? null,
    tip: known.tip ?? null,
    nodes: known.nodes,
    ...(fault === undefined ? {} : faultJson(fault)),
  }
}

function faultJson({ code, detail }: PeerFault) {
  return { reason: code, detail }
}

function seconds(timeMs: number | undefined): number | null {
  return timeMs === undefined ? null : timeMs / 1000
}
