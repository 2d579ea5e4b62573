/**
 * The story that the tour tells: its steps, on which of two nodes each is done, and their addresses.
 * What happens at a step is in steps.ts; here is only what needs neither a node nor a browser.
 */
import type {
  HeardNode,
  NetworkNode,
  ServedTransaction,
} from '../../../../src/api/client/client.ts'
import {
  addressIn,
  hostAndPort,
  isLoopback,
  sameAddress,
} from '../../../../src/node/peers/address.ts'

export type Role = 'first' | 'second'

/** Every step in order: what is done, and where. */
export const STEPS = [
  { id: 'introduce', on: 'first', does: 'introduce' },
  { id: 'pay', on: 'first', does: 'pay' },
  { id: 'mine', on: 'first', does: 'mine' },
  { id: 'introduce-back', on: 'second', does: 'introduce' },
  { id: 'pay-again', on: 'second', does: 'pay' },
  { id: 'fork', on: 'second', does: 'mine' },
  { id: 'longer', on: 'first', does: 'mine' },
  { id: 'resolve', on: 'first', does: 'resolve' },
  { id: 'agree', on: 'second', does: 'resolve' },
] as const satisfies readonly {
  id: string
  on: Role
  does: 'introduce' | 'pay' | 'mine' | 'resolve'
}[]

export type Step = (typeof STEPS)[number]
export type StepId = Step['id']

/** Who pays whom how much in the story. */
export const LEA = { sender: 'Lea', recipient: 'Mark', amount: '10' } as const

/** The step of this name, or the first that a node of this role does. */
export function stepOf(name: string, role: Role): Step {
  return STEPS.find(({ id }) => id === name) ?? STEPS.find(({ on }) => on === role) ?? STEPS[0]
}

export function stepAfter(step: Step): Step | undefined {
  return STEPS[STEPS.indexOf(step) + 1]
}

export function stepBefore(step: Step): Step | undefined {
  return STEPS[STEPS.indexOf(step) - 1]
}

export function otherRole(role: Role): Role {
  return role === 'first' ? 'second' : 'first'
}

/** Whether a text can be the other node's address. */
export type Other =
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'malformed' | 'self' }

/** @param here host and port of this page */
export function readOther(text: string, here: string): Other {
  const address = addressIn(text)
  if (address === undefined) return { type: 'malformed' }
  return sameAddress(address, here) ? { type: 'self' } : { type: 'address', address }
}

const MAX_PORT = 65_535

/** Where the other node of a story most likely is: one port on from the first, one back from the second. */
export function neighbourOf(here: string, role: Role): string {
  const { host, port } = hostAndPort(here)
  const name = host.includes(':') ? `[${host}]` : host
  const next = role === 'first' && port < MAX_PORT ? port + 1 : Math.max(1, port - 1)
  return `${name}:${next}`
}

/**
 * The command that starts a node which this one can agree with, where its address says: beyond this machine
 * it listens on all addresses.
 * @param chain difficulty and name of this node's chain; left out where they are the usual ones
 */
export function startCommand(
  address: string,
  { zeros, chain }: { zeros: number | undefined; chain: string | undefined },
  usual: { zeros: number; chain: string },
): string {
  const { host, port } = hostAndPort(address)
  const parts = [`npm start -- --memory${isLoopback(host) ? '' : ' --host 0.0.0.0'} --port ${port}`]
  if (chain !== undefined && chain !== usual.chain) parts.push(`--chain ${chain}`)
  if (zeros !== undefined && zeros !== usual.zeros) parts.push(`--difficulty ${zeros}`)
  return parts.join(' ')
}

/** The ends of both chains, as this node sees them. */
export interface Chains {
  readonly here: { readonly height: number; readonly tip: string; readonly chain: string }
  /** Undefined where the other is not in the picture, because it is not registered. */
  readonly there: NetworkNode | undefined
}

/** How the two ends stand beside each other. */
export type Comparison =
  | { readonly type: 'unknown' | 'same' | 'fork' }
  /** By so many blocks; which blocks they share is not to be seen from their ends. */
  | { readonly type: 'longer' | 'shorter'; readonly by: number }

export function compareEnds({ here, there }: Chains): Comparison {
  if (there?.height === undefined || there.tip === undefined || !there.isReachable) {
    return { type: 'unknown' }
  }
  if (there.tip === here.tip) return { type: 'same' }
  const by = here.height - there.height
  if (by === 0) return { type: 'fork' }
  return by > 0 ? { type: 'longer', by } : { type: 'shorter', by: -by }
}

/** The entry of a report or a picture that is about this address. */
export function entryOf<T extends Pick<HeardNode, 'node'>>(
  entries: readonly T[],
  address: string,
): T | undefined {
  return entries.find(({ node }) => sameAddress(node, address))
}

/** Where Lea's payment stands in a part of a chain. */
export interface Paid {
  /** Indexes of the blocks that hold it, each as often as it does. */
  readonly blocks: readonly number[]
  /** The part that was read begins here; 1 for the whole chain. */
  readonly from: number
}

/** @param blocks the payments of each block from `from` on */
export function findPayment(blocks: readonly (readonly ServedTransaction[])[], from: number): Paid {
  const found = blocks.flatMap((payments, place) => payments.filter(isLeas).map(() => from + place))
  return { blocks: found, from }
}

/** Whoever sent it before, perhaps as 10.0. */
export function isLeas({ sender, recipient, amount }: ServedTransaction): boolean {
  return sender === LEA.sender && recipient === LEA.recipient && Number(amount) === 10
}
