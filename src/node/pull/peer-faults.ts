/**
 * What a node that was asked did wrong, or why it could not be asked: one table of codes, which
 * reports carry as `reason`. docs/PROTOCOL.md documents each, and a test compares it with this table.
 */

/** Code → what it says of the node: it cannot be reached, misbehaves, or had more than time was for. */
export const PEER_FAULTS = {
  'connection-failed': {
    verdict: 'unreachable',
    means: 'no connection, or it broke before an answer had come',
  },
  'forbidden-address': {
    verdict: 'unreachable',
    means: 'the address leads to a place where no node is asked: link-local, metadata, multicast',
  },
  busy: {
    verdict: 'unreachable',
    means: 'it says that it cannot answer now (status 429 or 503)',
  },
  'bad-status': { verdict: 'misbehaved', means: 'it answered with another status than 200' },
  'bad-http': { verdict: 'misbehaved', means: 'its answer is not HTTP, or is cut short' },
  'bad-encoding': { verdict: 'misbehaved', means: 'its answer is compressed, or is not UTF-8' },
  'too-slow': { verdict: 'misbehaved', means: 'it was silent, or took too long in all' },
  'out-of-time': {
    verdict: 'unfinished',
    means:
      'it has more than could be read in the time that one node gets; the rest comes next time',
  },
  'too-large': { verdict: 'misbehaved', means: 'it sent more bytes than one node may' },
  'not-a-chain': { verdict: 'misbehaved', means: 'its answer is not JSON with a chain in it' },
  'wrong-part': { verdict: 'misbehaved', means: 'it sent other blocks than those asked for' },
  'bad-length': {
    verdict: 'misbehaved',
    means: 'it says that its chain has another length than the blocks it sent',
  },
  unstable: { verdict: 'misbehaved', means: 'its chain changed each time that it was read' },
} as const satisfies Record<
  string,
  { verdict: 'unreachable' | 'misbehaved' | 'unfinished'; means: string }
>

export type PeerFaultCode = keyof typeof PEER_FAULTS

/** One fault; `detail` says what was expected and what came, without a word of the answer itself. */
export interface PeerFault {
  readonly code: PeerFaultCode
  readonly detail: string
}

export function peerFault(code: PeerFaultCode, detail: string): PeerFault {
  return { code, detail }
}
