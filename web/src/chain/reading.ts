/** What the page asks of its reading worker, and what comes back: plain data, ready to be shown. */
import type { ServedTransaction } from '../../../src/api/client/responses.ts'
import type { CheckResult } from '../../../src/core/examine.ts'
import type { Puzzle } from '../../../src/core/puzzle.ts'

/** What a block's card shows. */
export interface Card {
  readonly index: number
  /** Computed here, from the text that the node served. */
  readonly hash: string
  /** What the block says of the one before: a hash, or what a genesis has there. */
  readonly previousHash: string
  /** Seconds since 1970, as written. */
  readonly timestamp: string
  readonly proof: number
  /** The first of its transactions. */
  readonly payments: readonly ServedTransaction[]
  /** How many transactions it has. */
  readonly count: number
  readonly sizeBytes: number
}

/** A proof of work, step by step. */
export interface ProofSteps {
  /** The text whose digest decides, in the order of its parts. */
  readonly before: string
  readonly proof: string
  readonly after: string
  readonly digest: string
  /** How many zeros it must begin with. */
  readonly zeros: number
}

/** A block, opened. */
export interface OpenedBlock {
  readonly card: Card
  /** Every transaction. */
  readonly payments: readonly ServedTransaction[]
  readonly isActive: boolean
  /** The block as it is stored and served. */
  readonly text: string
  /** The text that its hash is taken over. */
  readonly hashedText: string
  /** Undefined for a genesis, which proves nothing. */
  readonly proof: ProofSteps | undefined
  readonly checks: readonly CheckResult[]
  /** Why the failed check failed: what was expected and what came. */
  readonly failure: Failure | undefined
}

/** A refusal of the rules, as data. */
export interface Failure {
  readonly code: string
  readonly expected: string
  readonly got: string
}

/** A part of a chain for the charts: the same position in each list is the same block. */
export interface Series {
  readonly indexes: readonly number[]
  readonly timestamps: readonly number[]
  readonly counts: readonly number[]
  /** Who got each block's reward; empty where nobody did. */
  readonly miners: readonly string[]
}

/** Blocks after a fork that are read of each side. */
export const MAX_FORK_BLOCKS = 100
/** A branch that lost is walked from its end back to the fork, if it has no more blocks than this. */
export const MAX_FORK_WALK = 2_000

/** A branch that lost, as `/tips` tells of it. */
export interface ForkAsk {
  readonly tip: string
  /** The index of the last block shared with the active chain; 0 where there is none. */
  readonly fork: number
  /** Blocks of the branch after it. */
  readonly length: number
}

/** A block on one side of a fork, with its payments but for the miner's reward. */
export interface ForkBlock {
  readonly card: Card
  /** The first of those that the other side lacks, as far as it was read; and how many there are. */
  readonly only: readonly ServedTransaction[]
  readonly onlyCount: number
  /** The first of those that the other side has too, and how many there are. */
  readonly both: readonly ServedTransaction[]
  readonly bothCount: number
}

/** Both sides of a fork, from the first block after it on, and how many more blocks each has. */
export interface ForkRead {
  readonly lost: readonly ForkBlock[]
  readonly lostUnread: number
  readonly won: readonly ForkBlock[]
  readonly wonUnread: number
}

/** Ends of chains, and the indexes whose blocks are wanted. */
export interface StripsAsk {
  readonly tips: readonly { readonly hash: string; readonly index: number }[]
  readonly from: number
  readonly to: number
}

/** For each tip the hashes from `from` to `to`; undefined where it has no block, or none is known here. */
export interface StripsRead {
  readonly strips: readonly (readonly (string | undefined)[])[]
  /** The same of this node's own chain. */
  readonly own: readonly (string | undefined)[]
}

/** Every question, with its answer. */
export interface Questions {
  /** Blocks of the active chain from an index on. */
  readonly cards: {
    ask: { readonly from: number; readonly limit: number }
    answer: { readonly cards: readonly Card[]; readonly length: number }
  }
  /** One block by its index or hash. */
  readonly block: { ask: { readonly which: string }; answer: OpenedBlock }
  /** What the proof of the block after one is searched for, by that one's index or hash. */
  readonly puzzle: { ask: { readonly which: string }; answer: Puzzle }
  /** A branch that lost and the blocks that won, with the payments that differ. */
  readonly fork: { ask: ForkAsk; answer: ForkRead }
  /** The last blocks of several chains, as far as they are known here. */
  readonly strips: { ask: StripsAsk; answer: StripsRead }
  /** Figures of the active chain's blocks from one index to another. */
  readonly series: { ask: { readonly from: number; readonly to: number }; answer: Series }
  /** Every transaction of blocks of the active chain from one index to another. */
  readonly payments: {
    ask: { readonly from: number; readonly to: number }
    answer: { readonly blocks: readonly (readonly ServedTransaction[])[] }
  }
}

export type QuestionName = keyof Questions

/** How an error crosses from the worker to the page. */
export interface CrossedError {
  readonly name: 'NodeRefusal' | 'NodeUnreachable' | 'Error'
  readonly status: number
  readonly code: string
  readonly message: string
}

/** What the page sends to the worker. */
export type WorkerRequest = {
  readonly [N in QuestionName]: {
    readonly id: number
    readonly name: N
    readonly question: Questions[N]['ask']
    /** The chain's spec as far as the page knows it. */
    readonly specText: string | undefined
  }
}[QuestionName]
