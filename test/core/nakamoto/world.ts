/**
 * A small valid chain and blocks on top of it, one flaw away from valid: built again after the flaw was made,
 * with its payments signed, its merkle root taken and its proof searched for anew.
 */
import type { Block, Header } from '../../../src/core/block.ts'
import type { Check } from '../../../src/core/checks.ts'
import { attempt, type RuleError } from '../../../src/core/errors.ts'
import type { BlockHash } from '../../../src/core/hash.ts'
import type { LedgerDiff, LedgerReader } from '../../../src/core/ledger.ts'
import { treeOf } from '../../../src/core/nakamoto/body.ts'
import { doubleSha256, hashHex, hexOf, joined } from '../../../src/core/nakamoto/bytes.ts'
import type { Difficulty } from '../../../src/core/nakamoto/difficulty.ts'
import { encodeHeader, type HeaderFields, timeOf } from '../../../src/core/nakamoto/header.ts'
import {
  type NakamotoParameters,
  type NakamotoRules,
  nakamotoRules,
} from '../../../src/core/nakamoto/rules.ts'
import { decodeCompact } from '../../../src/core/nakamoto/target.ts'
import {
  type CoinbaseFields,
  decodeTransaction,
  encodeCoinbase,
} from '../../../src/core/nakamoto/transaction.ts'
import { ALICE, BOB, CAROL, MINER, type PaymentDraft, signed } from './people.ts'

export const EASIEST_BITS = 0x207fffff
export const SPACING_SEC = 15
export const MAX_FUTURE_SEC = 60
export const START_SEC = 1_700_000_000
/** What Alice, Bob and Carol have from the start, in units. */
export const GIVEN = 1_000_000_000
export const SUBSIDY = 50_000_000

export interface WorldOptions {
  readonly difficulty?: Difficulty
  /** Mined blocks of the chain. */
  readonly height?: number
  /** Seconds from one block to the next. */
  readonly pace?: number
  readonly maxBlockBytes?: number
  readonly halvingBlocks?: number
}

export class MapLedger implements LedgerReader {
  readonly accounts: Map<string, string>

  constructor(accounts: ReadonlyMap<string, string> = new Map()) {
    this.accounts = new Map(accounts)
  }

  account(name: string): string | undefined {
    return this.accounts.get(name)
  }

  write(diff: LedgerDiff): void {
    for (const { account, after } of diff) {
      if (after === undefined) this.accounts.delete(account)
      else this.accounts.set(account, after)
    }
  }
}

/** A block to be built; a flaw changes it. */
export interface Draft {
  readonly header: Partial<HeaderFields>
  /** Undefined: none. Its amount is right unless it is set. */
  coinbase: (Omit<CoinbaseFields, 'amount'> & { amount?: bigint }) | undefined
  payments: PaymentDraft[]
  /** Rearranges the transactions before the root is taken. */
  arrange: (transactions: readonly Uint8Array[]) => readonly Uint8Array[]
  /** Changes the body on its way, under the honest header. */
  send: (transactions: readonly Uint8Array[]) => readonly Uint8Array[]
  /** The index that its header is taken to have. */
  index: number
  /** Whether the proof is to be one. */
  solved: boolean
  /** What an account has, other than the chain says: for sums that no chain comes to. */
  readonly accounts: Map<string, string>
}

/** Raw, as it travels. */
export interface RawBlock {
  readonly header: string
  readonly body: string
}

export function parametersOf({
  difficulty = { type: 'fixed' },
  maxBlockBytes = 1_000_000,
  halvingBlocks = 210_000,
}: WorldOptions = {}): NakamotoParameters {
  return {
    difficulty,
    easiestBits: EASIEST_BITS,
    maxFutureSec: MAX_FUTURE_SEC,
    subsidy: SUBSIDY,
    halvingBlocks,
    maxBlockBytes,
    genesis: {
      timeSec: START_SEC,
      specHash: doubleSha256(new TextEncoder().encode(JSON.stringify(difficulty))),
      allocations: [ALICE, BOB, CAROL].map(({ key }) => ({ recipient: key, amount: GIVEN })),
    },
  }
}

export class World {
  readonly parameters: NakamotoParameters
  readonly rules: NakamotoRules
  readonly headers: Header[] = []
  readonly blocks: Block[] = []
  readonly ledger = new MapLedger()
  readonly pace: number

  constructor(options: WorldOptions = {}) {
    this.parameters = parametersOf(options)
    this.rules = nakamotoRules(this.parameters)
    this.pace = options.pace ?? SPACING_SEC
    const { genesis } = this.rules
    this.headers.push(genesis.header)
    this.blocks.push(genesis)
    this.ledger.write(this.rules.connect(genesis, this.ledger))
    for (let height = 1; height <= (options.height ?? 12); height++) {
      const draft = this.draft()
      // Alice has paid once before: a nonce that is not 0, and a payment to replay.
      if (height === 3) draft.payments.push(this.firstPayment)
      this.add(draft)
    }
  }

  /** Puts a block onto the chain. */
  add(draft: Draft): Block {
    const { block, diff } = this.judge(this.build(draft), draft)
    this.headers.push(block.header)
    this.blocks.push(block)
    this.ledger.write(diff)
    return block
  }

  get firstPayment(): PaymentDraft {
    return { chain: this.rules.chain, from: ALICE, to: BOB.key, amount: 7n, fee: 0n, nonce: 0n }
  }

  get tip(): Header {
    const tip = this.headers.at(-1)
    if (tip === undefined) throw new Error('no tip')
    return tip
  }

  get timeSec(): number {
    return timeOf(this.tip) + this.pace
  }

  /** A valid block with nothing but its coinbase. */
  draft(): Draft {
    const index = this.tip.index + 1
    return {
      header: {},
      coinbase: { index, extraNonce: 0n, recipient: MINER.key, tag: new Uint8Array(0) },
      payments: [],
      arrange: (transactions) => transactions,
      send: (transactions) => transactions,
      index,
      solved: true,
      accounts: new Map(),
    }
  }

  build(draft: Draft): RawBlock {
    const { coinbase } = draft
    const fees = draft.payments.reduce((sum, { fee }) => sum + Number(fee), 0)
    const era = Math.floor((draft.index - 1) / this.parameters.halvingBlocks)
    const earned = BigInt(Math.floor(SUBSIDY / 2 ** era) + fees)
    const first = coinbase === undefined ? [] : [encodeCoinbase({ amount: earned, ...coinbase })]
    const transactions = draft.arrange([...first, ...draft.payments.map(signed)])
    const template = this.rules.template({
      past: this.past,
      nowMs: 1_000 * this.timeSec,
      extraNonce: 0n,
      transactions: [],
      rewardTo: MINER.address,
    })
    const view = new DataView(template.header.buffer)
    const fields: HeaderFields = {
      version: 1,
      previousHash: this.tip.hash,
      merkleRoot: rootOf(transactions),
      timeSec: this.timeSec,
      bits: view.getUint32(72, true),
      nonce: 0,
      ...draft.header,
    }
    return {
      header: hexOf(mined(fields, draft.solved)),
      body: hexOf(joined(draft.send(transactions))),
    }
  }

  get past() {
    return { parent: this.tip, ancestor: (index: number) => this.headers[index - 1] }
  }

  /** Every step of a block's life, by these rules or others. @throws RuleError */
  judge(raw: RawBlock, { index, accounts }: Draft, rules = this.rules) {
    const header = rules.decodeHeader(raw.header, () => index)
    rules.checkPlace(header, this.past)
    rules.checkTime(header, 1_000 * this.timeSec)
    const block: Block = rules.decodeBody(header, raw.body)
    const ledger = new MapLedger(this.ledger.accounts)
    for (const [account, state] of accounts) ledger.accounts.set(account, state)
    return { block, diff: rules.connect(block, ledger) }
  }

  /** Why a block is refused; undefined where it connects. */
  refusal(raw: RawBlock, draft: Draft, rules?: NakamotoRules): RuleError | undefined {
    return attempt(() => this.judge(raw, draft, rules)).error
  }

  /** The same rules without some rows of their table. */
  without(isLeftOut: (row: Check) => boolean): NakamotoRules {
    return nakamotoRules(this.parameters, { has: (row) => !isLeftOut(row) })
  }
}

export function rootOf(transactions: readonly Uint8Array[]): BlockHash {
  return hashHex(treeOf(transactions.map((bytes) => decoded(bytes))).root)
}

function decoded(bytes: Uint8Array) {
  const transaction = decodeTransaction(bytes)
  // A leaf is a hash of bytes, whatever they are.
  return transaction ?? { ...SOME_COINBASE, bytes, id: hashHex(doubleSha256(bytes)) }
}

const SOME_COINBASE = (() => {
  const bytes = encodeCoinbase({
    index: 1,
    extraNonce: 0n,
    recipient: MINER.key,
    amount: 0n,
    tag: new Uint8Array(0),
  })
  const transaction = decodeTransaction(bytes)
  if (transaction === undefined) throw new Error('no coinbase')
  return transaction
})()

/** A header with a nonce whose hash meets the target of its bits, or does not. */
export function mined(fields: HeaderFields, solved = true): Uint8Array {
  const target = decodeCompact(fields.bits).magnitude
  for (let nonce = fields.nonce; nonce < fields.nonce + 1_000_000; nonce++) {
    const header = encodeHeader({ ...fields, nonce })
    if (BigInt(`0x${hashHex(doubleSha256(header))}`) <= target === solved) return header
    // No hash meets such a target: as good a proof as any.
    if (target < 2n ** 200n) return header
  }
  throw new Error('no nonce')
}
