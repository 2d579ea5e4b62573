/** Peers for tests of the survey: nodes of ours that tell of themselves, and tutorial nodes. */
import type { Block } from '../../../src/core/block.ts'
import type { Surveyed } from '../../../src/node/pull/survey-answers.ts'
import { chainText } from '../../helpers/chains.ts'
import { type Manner, told } from './peer-scripts.ts'
import type { Peer } from './scripted-peers.ts'

/** What a peer answers by path, for paths that begin so: a body, or events of its own. */
export type Answers = Record<string, string | Peer>

/** Answers by path; 404 for all others. */
export function answering(answers: Answers, manner?: Manner): Peer {
  return (path, ordinal) => {
    const [, answer] = Object.entries(answers).find(([start]) => path.startsWith(start)) ?? []
    if (answer === undefined) return [{ afterMs: 1, type: 'ask-failed', code: 'bad-status' }]
    return typeof answer === 'string' ? told(answer, manner) : answer(path, ordinal)
  }
}

export interface About {
  readonly id?: string
  readonly chain?: string
  readonly blocks: readonly Block[]
  readonly nodes?: readonly string[]
}

/** What a node of ours says of itself. */
export function infoText({ id = 'a'.repeat(32), chain = 'classic', blocks }: About): string {
  const hash = blocks.at(-1)?.header.hash
  return JSON.stringify({ id, chain, height: blocks.length, tip: { hash } })
}

export function nodesText(nodes: readonly unknown[]): string {
  return JSON.stringify({ nodes: nodes.map((node) => ({ node, faults: 0 })) })
}

/** A node of ours. */
export function toychain(about: About, manner?: Manner): Peer {
  const { nodes = [] } = about
  return answering({ '/info': infoText(about), '/nodes': nodesText(nodes) }, manner)
}

/** A tutorial node: a chain and nothing else. */
export function chainOnly(blocks: readonly Block[], manner?: Manner): Peer {
  return answering({ '/chain': chainText(blocks) }, manner)
}

/** One entry of the picture, of an address that says nothing. */
export function unheard(address: string, more: Partial<Surveyed> = {}): Surveyed {
  return {
    address,
    isRegistered: true,
    isSelf: false,
    id: undefined,
    chain: undefined,
    length: undefined,
    tip: undefined,
    nodes: [],
    fault: undefined,
    ...more,
  }
}
