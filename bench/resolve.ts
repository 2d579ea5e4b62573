/**
 * Resolving with a node that is three blocks ahead, at several heights: requests, bytes and time. The
 * baseline is what tutorial nodes do: fetch the whole chain and check it.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LiveNode } from '../src/adapters/live/live-node.ts'
import { HttpPeers } from '../src/adapters/net/http-peers.ts'
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import { createApp } from '../src/api/app.ts'
import type { Block } from '../src/core/block.ts'
import { parseJson } from '../src/core/json/json.ts'
import { ElementScanner } from '../src/core/json/scan.ts'
import { MAX_BLOCK_BYTES } from '../src/core/limits.ts'
import { ChainVerifier } from '../src/core/verify.ts'
import { IdleMiner } from '../test/helpers/idle-miner.ts'
import { after, chainOf, FREE, fill } from './chains.ts'
import { type Figure, figure, type Suite } from './measure.ts'

const HEIGHTS = [100, 10_000, 100_000]
/** Blocks that the other node is ahead. */
const AHEAD = 3
/** Blocks of our own that the other node does not have, where the chains have forked. */
const FORKED = 3

interface Run {
  readonly requests: number
  readonly bytes: number
  readonly ms: number
}

export const resolveSuite: Suite = async (say) => {
  const figures: Figure[] = []
  const longest = Math.max(...HEIGHTS)
  say(`resolve: making a chain of ${longest} blocks`)
  const shared = [...chainOf(longest)]
  // Once unmeasured, so that the first case does not pay for compiling.
  await measure(shared.slice(0, 100), shared.slice(0, 100 + AHEAD))
  for (const height of HEIGHTS) {
    for (const forked of [0, FORKED]) {
      const common = shared.slice(0, height)
      const ours = extended(common, forked, 'ours')
      const theirs = extended(common, forked + AHEAD, 'theirs')
      const name = `${forked === 0 ? 'behind' : 'forked'}-${AHEAD}@${height}`
      say(`resolve: ${name}`)
      const { run, whole } = await measure(ours, theirs)
      const add = (what: keyof Run, unit: string) =>
        figures.push(
          figure({
            suite: 'resolve',
            case: `${name} ${what}`,
            ours: run[what],
            baseline: whole[what],
            against: 'whole-chain',
            unit,
          }),
        )
      add('requests', 'requests')
      add('bytes', 'bytes')
      add('ms', 'ms')
    }
  }
  return figures
}

/** One resolve of a node with `ours` against one that serves `theirs`, and a whole download beside it. */
async function measure(ours: readonly Block[], theirs: readonly Block[]) {
  const folder = mkdtempSync(join(tmpdir(), 'toychain-bench-'))
  const other = await openNode(join(folder, 'theirs'), theirs)
  const address = new URL(other.url).host
  const us = await openNode(join(folder, 'ours'), ours)
  try {
    await us.node.request({ type: 'register-nodes', nodes: [address] })
    const begun = performance.now()
    const reply = await us.node.request({ type: 'resolve' })
    const ms = performance.now() - begun
    const tip = await us.node.read((reader) => reader.tip()?.hash)
    const wanted = theirs.at(-1)?.header.hash
    if (reply.type !== 'resolved' || !reply.replaced || tip !== wanted) {
      throw new Error(`the other node's chain was not adopted: ${JSON.stringify(reply)}`)
    }
    return { run: { ...us.counted, ms }, whole: await fetchWhole(other.url) }
  } finally {
    await us.close()
    await other.close()
    rmSync(folder, { recursive: true })
  }
}

async function openNode(folder: string, blocks: readonly Block[]) {
  const store = SqliteStore.open(folder, FREE)
  fill(store, blocks)
  const counted = { requests: 0, bytes: 0 }
  const node = new LiveNode({
    spec: FREE,
    store,
    createMiner: () => new IdleMiner(),
    createPeers: (listener) => {
      const peers = new HttpPeers(async (input) => {
        if (input.type === 'began') counted.requests++
        if (input.type === 'heard') counted.bytes += input.sizeBytes
        await listener(input)
      })
      return peers
    },
    nowMs: Date.now,
    newId: () => randomUUID().replaceAll('-', ''),
    onFatal: (cause) => {
      throw cause
    },
  })
  const app = await createApp({
    node,
    version: 'bench',
    runId: 'bench',
    allowedHosts: [],
    token: undefined,
    requestsPerMinute: 1_000_000,
    limitLoopback: false,
    logLevel: 'silent',
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const close = async () => {
    await app.close()
    await node.close()
  }
  return { node, url, counted, close }
}

/** What a tutorial node does: gets all of the other chain, and checks all of it. */
async function fetchWhole(url: string): Promise<Run> {
  const begun = performance.now()
  const verifier = new ChainVerifier(FREE.rules)
  const scanner = new ElementScanner('chain', { maxElementChars: MAX_BLOCK_BYTES })
  const utf8 = new TextDecoder()
  let bytes = 0
  const answer = await fetch(`${url}/chain`)
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    for (const text of scanner.push(utf8.decode(chunk, { stream: true }))) {
      verifier.push(parseJson(text))
    }
  }
  if (!verifier.verdict().valid) throw new Error('the chain is not valid')
  return { requests: 1, bytes, ms: performance.now() - begun }
}

function extended(blocks: readonly Block[], count: number, who: string): Block[] {
  const last = blocks.at(-1)
  if (last === undefined) throw new Error('a chain has a genesis')
  return [...blocks, ...after(last, count, who)]
}
