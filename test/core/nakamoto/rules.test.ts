/** Where the rules say yes: at each limit, and over chains of chance. What must fail is in failures.test.ts. */
import { describe, expect, it } from 'vitest'
import { verifyEd25519 } from '#crypto'
import type { Block } from '../../../src/core/block.ts'
import { type LedgerDiff, undone } from '../../../src/core/ledger.ts'
import { accountIn } from '../../../src/core/nakamoto/account.ts'
import { fieldsOf, merkleRootOf } from '../../../src/core/nakamoto/header.ts'
import { nakamotoRules } from '../../../src/core/nakamoto/rules.ts'
import { subsidyAt } from '../../../src/core/nakamoto/subsidy.ts'
import { chance, SEED, volume } from '../../helpers/volume.ts'
import { refusal } from '../thrown.ts'
import { usual } from './flaws.ts'
import { ALICE, BOB, CAROL, MINER, NOBODY, signed } from './people.ts'
import {
  type Draft,
  EASIEST_BITS,
  GIVEN,
  MAX_FUTURE_SEC,
  MapLedger,
  parametersOf,
  SUBSIDY,
  World,
} from './world.ts'

const world = new World()
const { rules } = world

/** What comes of a block that is changed from the usual one. */
function connected(change: (draft: Draft) => void, base = usual, where = world): LedgerDiff {
  const draft = where.draft()
  base(draft, where)
  change(draft)
  return where.judge(where.build(draft), draft).diff
}

function stateIn(diff: LedgerDiff, address: string): string | undefined {
  const change = diff.find(({ account }) => account === address)
  return change === undefined ? world.ledger.account(address) : change.after
}

describe('a genesis', () => {
  it('gives its allocations, is the only one, and no work is asked of it', () => {
    const diff = rules.connect(rules.genesis, new MapLedger())
    expect(diff).toEqual(
      [ALICE, BOB, CAROL].map(({ address }) => ({
        account: address,
        before: undefined,
        after: `${GIVEN} 0`,
      })),
    )
    expect(rules.genesis.header).toMatchObject({ index: 1, parent: undefined, hash: rules.chain })
    expect(() => rules.checkPlace(rules.genesis.header, NO_PAST)).not.toThrow()
  })

  it('carries the hash of the spec: another text, another chain', () => {
    const parameters = parametersOf()
    const [coinbase] = rules.genesis.transactions
    expect(coinbase?.text).toContain(
      `"tag": "${Buffer.from(parameters.genesis.specHash).toString('hex')}"`,
    )
    const specHash = parameters.genesis.specHash.map((byte) => byte ^ 1)
    const other = nakamotoRules({ ...parameters, genesis: { ...parameters.genesis, specHash } })
    expect(other.chain).not.toBe(rules.chain)
    const raw = other.genesis.header.raw
    expect(refusal(() => rules.decodeHeader(raw, () => 1))).toMatchObject({ code: 'bad-genesis' })
  })

  it('is not made of a spec that gives 2^53 units or more', () => {
    const parameters = parametersOf()
    const giving = (amount: number) => ({
      ...parameters,
      subsidy: 0,
      genesis: { ...parameters.genesis, allocations: [{ recipient: ALICE.key, amount }] },
    })
    expect(nakamotoRules(giving(2 ** 53 - 1)).supply).toBe(2 ** 53 - 1)
    expect(() => nakamotoRules({ ...giving(2 ** 53 - 1), subsidy: 1 })).toThrow('less than 2^53')
  })
})

const NO_PAST = { parent: undefined, ancestor: () => undefined }

describe('a block', () => {
  it('moves what its payments say, the coinbase last', () => {
    const diff = connected(() => {})
    expect(stateIn(diff, ALICE.address)).toBe(`${GIVEN - 7 - 100 - 5 + 1} 2`)
    expect(stateIn(diff, BOB.address)).toBe(`${GIVEN + 7 + 100 - 50} 1`)
    expect(stateIn(diff, CAROL.address)).toBe(`${GIVEN + 50 - 1} 1`)
    expect(stateIn(diff, MINER.address)).toBe(`${13 * SUBSIDY + 5} 0`)
  })

  it('may be later than the median by a second, and ahead of the clock by the limit', () => {
    const median = Number(world.headers.at(-6)?.timestamp)
    for (const timeSec of [median + 1, world.timeSec + MAX_FUTURE_SEC]) {
      expect(() => connected((d) => Object.assign(d.header, { timeSec }))).not.toThrow()
    }
  })

  it('has any version', () => {
    for (const version of [-(2 ** 31), 0, 2 ** 31 - 1]) {
      expect(() => connected((d) => Object.assign(d.header, { version }))).not.toThrow()
    }
  })

  it('has a tag of 32 bytes at most, and any extra nonce', () => {
    const tag = new Uint8Array(32).fill(255)
    expect(() =>
      connected((d) => {
        if (d.coinbase !== undefined)
          d.coinbase = { ...d.coinbase, tag, extraNonce: 2n ** 64n - 1n }
      }),
    ).not.toThrow()
  })

  it('spends all that somebody has, to the last unit', () => {
    const all = BigInt(accountIn(world.ledger, ALICE.address).balance)
    const diff = connected(({ payments: [first] }) => {
      if (first !== undefined) Object.assign(first, { amount: all - 5n })
    })
    // Carol has paid one unit after that. The account stays, for its nonce.
    expect(stateIn(diff, ALICE.address)).toBe('1 2')
  })

  it('spends what came in earlier in the same block', () => {
    const diff = connected(({ payments }) => {
      const [first] = payments
      if (first === undefined) return
      Object.assign(first, { to: NOBODY.key })
      payments.push({ ...first, from: NOBODY, to: BOB.key, amount: 100n, fee: 0n, nonce: 0n })
    })
    expect(stateIn(diff, NOBODY.address)).toBe('0 1')
  })

  it('mints nothing by a payment to oneself', () => {
    const before = accountIn(world.ledger, ALICE.address)
    const diff = connected(({ payments: [first] }) => {
      const amount = BigInt(before.balance - 5)
      if (first !== undefined) Object.assign(first, { to: ALICE.key, amount })
    })
    // She pays the fee, and Carol pays her one unit.
    expect(stateIn(diff, ALICE.address)).toBe(`${before.balance - 5 + 1} 2`)
  })

  it('can go to an account that nobody has heard of', () => {
    const diff = connected((d) => {
      if (d.coinbase !== undefined) d.coinbase = { ...d.coinbase, recipient: NOBODY.key }
    })
    expect(stateIn(diff, NOBODY.address)).toBe(`${SUBSIDY + 5} 0`)
  })
})

describe('a template', () => {
  it('is a valid block for the first nonce that meets its target', () => {
    const draft = world.draft()
    usual(draft, world)
    const transactions = draft.payments.map((payment) => {
      return rules.decodeTransaction(Buffer.from(signed(payment)).toString('hex'))
    })
    const input = {
      past: world.past,
      nowMs: 1_000 * world.timeSec + 999,
      extraNonce: 5n,
      transactions,
      rewardTo: MINER.address,
      tag: Uint8Array.of(1, 2),
    }
    const { seal, target } = rules.template(input)
    let nonce = 0
    while (BigInt(`0x${seal(nonce).header.hash}`) > target) nonce++
    const { header, text } = seal(nonce)
    expect(fieldsOf(header)).toMatchObject({ timeSec: world.timeSec, bits: EASIEST_BITS, nonce })
    const raw = { header: header.raw, body: JSON.parse(text) }
    const { block, diff } = world.judge(raw, draft)
    expect(block).toEqual(seal(nonce))
    expect(stateIn(diff, MINER.address)).toBe(`${13 * SUBSIDY + 5} 0`)
    // Another extra nonce makes another block to search.
    const root = merkleRootOf(header)
    expect(merkleRootOf(rules.template({ ...input, extraNonce: 6n }).seal(0).header)).not.toBe(root)
  })

  it('is later than the median, whatever the clock says', () => {
    const input = {
      past: world.past,
      nowMs: 0,
      extraNonce: 0n,
      transactions: [],
      rewardTo: MINER.address,
    }
    const median = Number(world.headers.at(-6)?.timestamp)
    expect(fieldsOf(rules.template(input).seal(0).header).timeSec).toBe(median + 1)
  })
})

describe('a verifier of signatures from elsewhere', () => {
  it('is asked once for each payment, and what it says counts', () => {
    const asked: number[] = []
    const cached = nakamotoRules(world.parameters, {
      verify: (signature, message, key) => {
        asked.push(message.length)
        return verifyEd25519(signature, message, key)
      },
    })
    const draft = world.draft()
    usual(draft, world)
    const raw = world.build(draft)
    expect(world.refusal(raw, draft, cached)).toBeUndefined()
    expect(asked).toEqual([121, 121, 121])
    const never = nakamotoRules(world.parameters, { verify: () => false })
    expect(world.refusal(raw, draft, never)?.code).toBe('bad-txns-signature')
  })
})

describe('a block that is kept', () => {
  const draft = world.draft()
  usual(draft, world)
  const raw = world.build(draft)
  const { block } = world.judge(raw, draft)

  it('is read again from its body in hex, which is its text', () => {
    expect(block.text).toBe(`"${raw.body}"`)
    expect(rules.restore(block.header, raw.body)).toEqual(block)
    expect(rules.hashedText(block)).toBe(raw.header)
  })

  it('adds the work of its bits to its branch', () => {
    expect(rules.work(block.header)).toBe(2n)
    expect(rules.work(rules.genesis.header)).toBe(2n)
  })

  it('gives its payments back when its branch loses, and not its coinbase', () => {
    expect(rules.returned(block)).toEqual(block.transactions.slice(1))
    expect(rules.returned(rules.genesis)).toEqual([])
  })

  it.each([null, [], 'zz', raw.body.toUpperCase(), `${raw.body}0`])(
    'has no body that is not lowercase hex: %j',
    (body) => {
      expect(refusal(() => rules.decodeBody(block.header, body))).toMatchObject({
        code: 'bad-encoding',
        kind: 'mutated',
        data: { field: 'body' },
      })
    },
  )
})

/** All units of a ledger. */
function total(ledger: MapLedger): number {
  return [...ledger.accounts.keys()].reduce((sum, name) => sum + accountIn(ledger, name).balance, 0)
}

describe('over chains of chance', () => {
  const people = [ALICE, BOB, CAROL, MINER, NOBODY]
  // A signature that is always good: what is tried here is sums, and a real one takes a millisecond.
  const lenient = nakamotoRules(parametersOf({ halvingBlocks: 3 }), { verify: () => true })

  /** A block of payments, most of them possible, by chance. */
  function someBlock(pick: (below: number) => number, ledger: MapLedger, height: number): Block {
    const seen = new MapLedger(ledger.accounts)
    const bytes: Uint8Array[] = []
    let fees = 0
    for (let i = pick(6); i > 0; i--) {
      const from = people[pick(people.length)] ?? ALICE
      const to = people[pick(people.length)] ?? BOB
      const { balance, nonce } = accountIn(seen, from.address)
      if (balance < 2) continue
      const amount = 1 + pick(Math.min(balance - 1, 2 ** 31))
      const fee = pick(Math.min(balance - amount + 1, 1_000))
      fees += fee
      bytes.push(
        signed({
          chain: lenient.chain,
          from: { ...from, sign: () => new Uint8Array(64) },
          to: to.key,
          amount: BigInt(amount),
          fee: BigInt(fee),
          nonce: BigInt(nonce),
        }),
      )
      seen.accounts.set(from.address, `${balance - amount - fee} ${nonce + 1}`)
      const given = accountIn(seen, to.address)
      seen.accounts.set(to.address, `${given.balance + amount} ${given.nonce}`)
    }
    const miner = people[pick(people.length)] ?? MINER
    const issue = { subsidy: SUBSIDY, halvingBlocks: 3 }
    // The sums of a block depend on its height alone.
    const parent = { ...lenient.genesis.header, index: height }
    const { seal } = lenient.template({
      past: { parent, ancestor: () => parent },
      nowMs: 0,
      extraNonce: BigInt(pick(2 ** 31)),
      transactions: bytes.map((b) => lenient.decodeTransaction(Buffer.from(b).toString('hex'))),
      rewardTo: miner.address,
    })
    expect(subsidyAt(height, issue) + fees).toBe(Number(seal(0).transactions[0]?.amount))
    return seal(0)
  }

  it('conserves the supply, and undoes what it connects', () => {
    for (let run = 0; run < volume(10_000, 300); run++) {
      const seed = SEED + run
      const again = `SAMPLE_SEED=${seed} npx vitest run test/core/nakamoto/rules.test.ts`
      const pick = chance(seed)
      const ledger = new MapLedger()
      const states: ReadonlyMap<string, string>[] = [new Map(ledger.accounts)]
      const diffs: LedgerDiff[] = []
      let issued = 0
      for (let height = 0; height < 4; height++) {
        const block = height === 0 ? lenient.genesis : someBlock(pick, ledger, height)
        const diff = lenient.connect(block, ledger)
        ledger.write(diff)
        issued +=
          height === 0 ? 3 * GIVEN : subsidyAt(height, { subsidy: SUBSIDY, halvingBlocks: 3 })
        expect(total(ledger), again).toBe(issued)
        expect(new Set(diff.map(({ account }) => account)).size).toBe(diff.length)
        states.push(new Map(ledger.accounts))
        diffs.push(diff)
      }
      for (const diff of diffs.reverse()) {
        expect(ledger.accounts, again).toEqual(states.pop())
        ledger.write(undone(diff))
      }
      expect(ledger.accounts, again).toEqual(states.pop())
    }
  })
})
