/** The API's description as a node serves it, laid out for reading. */

import { LiveNode } from '../../src/adapters/live/live-node.ts'
import { HttpPeers } from '../../src/adapters/net/http-peers.ts'
import { createApp } from '../../src/api/app.ts'
import { CLASSIC } from '../../src/core/spec.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { VERSION } from '../../src/version.ts'
import { IdleMiner } from './idle-miner.ts'

/** `/openapi.json` of a node that nobody talks to. */
export async function openapiText(): Promise<string> {
  const node = new LiveNode({
    spec: CLASSIC,
    store: new MemoryStore(),
    createMiner: () => new IdleMiner(),
    createPeers: (listener) => new HttpPeers(listener),
    nowMs: () => 0,
    newId: () => '0'.repeat(32),
    onFatal: (cause) => {
      throw cause
    },
  })
  const app = await createApp({
    node,
    version: VERSION,
    runId: 'docs',
    allowedHosts: [],
    token: undefined,
    requestsPerMinute: 1,
    limitLoopback: false,
    logLevel: 'silent',
  })
  const answer = await app.inject('/openapi.json')
  await app.close()
  await node.close()
  return `${JSON.stringify(answer.json(), undefined, 2)}\n`
}
