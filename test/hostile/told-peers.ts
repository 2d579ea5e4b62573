/** HTTP peers by themselves, with a listener that keeps what it is told. */
import type { LookupFunction } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import {
  HttpPeers,
  type PeerListener,
  type PeerOptions,
} from '../../src/adapters/net/http-peers.ts'
import type { AskInput } from '../../src/node/pull/asking.ts'

/** Peers, and what they told. `take` may keep them waiting. */
export function openPeers({ take, ...options }: PeerOptions & { take?: PeerListener } = {}) {
  const inputs: AskInput[] = []
  let wake = () => {}
  const listener: PeerListener = async (input) => {
    inputs.push(input)
    wake()
    await take?.(input)
  }
  const peers = new HttpPeers(listener, options)
  onTestFinished(() => peers.stopAll())
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve))
  }
  const over = (ask: number) =>
    until(() =>
      inputs.some((i) => i.ask === ask && (i.type === 'ended' || i.type === 'ask-failed')),
    )
  return { peers, inputs, until, over }
}

/** As many turns of the event loop as anything here takes by far. */
export async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await nextTurn()
}

/** That an ask has failed with this fault, and says why. */
export function failed(ask: number, code: string) {
  const fault = { code, detail: expect.stringMatching(/./) }
  return { type: 'ask-failed', ask, fault }
}

/** A lookup that finds these addresses for every name. */
export function finds(...addresses: string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return (_name, options, callback) => {
    if (options.all) callback(null, found)
    else callback(null, found[0]?.address ?? '', found[0]?.family)
  }
}
