/**
 * Blocks with one flaw each: what is wrong, at which row of the table it is found, and how it comes about.
 * `also` names rows behind it that would find it too, with the reason; `unreadable` says that nothing can be
 * left out, because what came cannot be read.
 */
import type { Check } from '../../../src/core/checks.ts'
import { hashHex, knownBytes } from '../../../src/core/nakamoto/bytes.ts'
import { NO_HASH } from '../../../src/core/nakamoto/header.ts'
import { encodeAllocation, encodeCoinbase } from '../../../src/core/nakamoto/transaction.ts'
import { ALICE, BOB, CAROL, impostor, MINER, NOBODY, type PaymentDraft, signed } from './people.ts'
import {
  type Draft,
  GIVEN,
  MAX_FUTURE_SEC,
  SUBSIDY,
  type World,
  type WorldOptions,
} from './world.ts'

export interface Flaw {
  readonly name: string
  readonly row: `${Check['step']}:${Check['code']}`
  readonly make: (draft: Draft, world: World) => void
  /** Changes the twin as well, before the flaw is made. */
  readonly base?: (draft: Draft, world: World) => void
  readonly world?: WorldOptions
  readonly also?: readonly `${Check['step']}:${Check['code']}`[]
  readonly unreadable?: true
}

/** The order of Ed25519's group. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

const LWMA: WorldOptions = {
  difficulty: { type: 'lwma', spacingSec: 15, window: 5 },
  pace: 12,
  height: 12,
}
const ASERT: WorldOptions = {
  difficulty: { type: 'asert', spacingSec: 15, halfLifeSec: 60 },
  pace: 5,
  height: 12,
}
const BITCOIN: WorldOptions = { difficulty: { type: 'bitcoin', spacingSec: 15 }, pace: 10 }

const A_PAYMENT = (world: World): PaymentDraft => ({
  chain: world.rules.chain,
  from: ALICE,
  to: BOB.key,
  amount: 100n,
  fee: 5n,
  nonce: 1n,
})

/** The block that most flaws are made in: three payments. */
export function usual(draft: Draft, world: World): void {
  draft.payments.push(
    A_PAYMENT(world),
    { ...A_PAYMENT(world), from: BOB, to: CAROL.key, amount: 50n, fee: 0n, nonce: 0n },
    { ...A_PAYMENT(world), from: CAROL, to: ALICE.key, amount: 1n, fee: 0n, nonce: 0n },
  )
}

/** Changes the first payment. */
function first(change: (payment: PaymentDraft, world: World) => Partial<PaymentDraft>) {
  return ({ payments }: Draft, world: World) => {
    const [payment] = payments
    if (payment !== undefined) payments[0] = { ...payment, ...change(payment, world) }
  }
}

function coinbase(
  change: (coinbase: NonNullable<Draft['coinbase']>) => Partial<Draft['coinbase']>,
) {
  return (draft: Draft) => {
    if (draft.coinbase !== undefined) {
      draft.coinbase = { ...draft.coinbase, ...change(draft.coinbase) }
    }
  }
}

function bits(value: number) {
  return (draft: Draft) => Object.assign(draft.header, { bits: value })
}

/** Gives an account what no chain could. */
function rich(units: bigint, nonce = 1) {
  return (draft: Draft, world: World) => {
    usual(draft, world)
    first(() => ({ fee: 0n }))(draft, world)
    draft.accounts.set(ALICE.address, `${units} ${nonce}`)
  }
}

function flipped(at: number) {
  return (bytes: Uint8Array) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
}

function littleEndian(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 0xffn))
}

function scalarOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n)
}

/** The neutral element: a key of small order, for which S = 0 and R = A would hold for every message. */
const NEUTRAL = littleEndian(1n)
const MINUS_ONE = littleEndian(2n ** 255n - 20n)
const FORGED = new Uint8Array([...NEUTRAL, ...new Uint8Array(32)])

function byKey(key: Uint8Array, signature: Uint8Array) {
  const from = impostor(key, signature)
  return (draft: Draft) => {
    draft.accounts.set(from.address, '1000000 1')
    const [payment] = draft.payments
    if (payment !== undefined) draft.payments[0] = { ...payment, from }
  }
}

const WRONG_BITS: readonly ['header:bad-diffbits', readonly Flaw['row'][]] = [
  'header:bad-diffbits',
  // The place demands exact bits, so it would find any others; the form is for headers without a past.
  ['place:bad-diffbits'],
]
const NO_TARGET: readonly Flaw['row'][] = ['place:bad-diffbits', 'header:high-hash']

const HEADER: readonly Flaw[] = [
  {
    name: 'a hash above its target',
    row: 'header:high-hash',
    make: (d) => {
      d.solved = false
    },
  },
  { name: 'negative bits', row: WRONG_BITS[0], also: WRONG_BITS[1], make: bits(0x20ffffff) },
  {
    name: 'bits easier than the easiest',
    row: WRONG_BITS[0],
    also: WRONG_BITS[1],
    make: bits(0x2100ffff),
  },
  {
    name: 'bits easier by the least step',
    row: WRONG_BITS[0],
    also: WRONG_BITS[1],
    make: bits(0x21008000),
  },
  { name: 'bits of zero', row: WRONG_BITS[0], also: NO_TARGET, make: bits(0) },
  {
    name: 'bits whose mantissa is shifted out',
    row: WRONG_BITS[0],
    also: NO_TARGET,
    make: bits(0x01003456),
  },
  { name: 'bits beyond 256 bits', row: WRONG_BITS[0], also: NO_TARGET, make: bits(0xff7fffff) },
  {
    name: 'bits just beyond 256 bits',
    row: WRONG_BITS[0],
    also: NO_TARGET,
    make: bits(0x23000001),
  },
  {
    name: 'the hash before of a genesis',
    row: 'header:bad-genesis',
    also: ['place:bad-previous-hash'],
    make: (d) => {
      Object.assign(d.header, { previousHash: NO_HASH })
    },
  },
]

const PLACE: readonly Flaw[] = [
  {
    name: 'an index one too high',
    row: 'place:bad-index',
    make: (d) => {
      d.index++
      coinbase(({ index }) => ({ index: index + 1 }))(d)
    },
  },
  {
    name: "its parent's index",
    row: 'place:bad-index',
    make: (d) => {
      d.index--
      coinbase(({ index }) => ({ index: index - 1 }))(d)
    },
  },
  {
    name: 'a link to the block before its parent',
    row: 'place:bad-previous-hash',
    make: (d, { headers }) => {
      Object.assign(d.header, { previousHash: headers.at(-2)?.hash })
    },
  },
  {
    name: 'a link to no block',
    row: 'place:bad-previous-hash',
    make: (d) => {
      Object.assign(d.header, { previousHash: hashHex(new Uint8Array(32).fill(1)) })
    },
  },
  {
    name: 'a link with its bytes the other way round',
    row: 'place:bad-previous-hash',
    make: (d, { tip }) => {
      Object.assign(d.header, { previousHash: hashHex(knownBytes(tip.hash)) })
    },
  },
  { name: 'bits harder by the least step', row: 'place:bad-diffbits', make: bits(0x207ffffe) },
  { name: 'bits much harder', row: 'place:bad-diffbits', make: bits(0x2000ffff) },
  {
    name: 'lwma: the easiest bits',
    row: 'place:bad-diffbits',
    world: LWMA,
    make: bits(0x207fffff),
  },
  {
    name: "lwma: its parent's bits",
    row: 'place:bad-diffbits',
    world: LWMA,
    make: (d, { tip }) => {
      bits(bitsIn(tip.raw))(d)
    },
  },
  {
    name: 'lwma: easier by the least step',
    row: 'place:bad-diffbits',
    world: LWMA,
    make: (d, w) => {
      bits(demanded(w) + 1)(d)
    },
  },
  {
    name: 'lwma: harder by the least step',
    row: 'place:bad-diffbits',
    world: LWMA,
    make: (d, w) => {
      bits(demanded(w) - 1)(d)
    },
  },
  {
    name: 'asert: the easiest bits',
    row: 'place:bad-diffbits',
    world: ASERT,
    make: bits(0x207fffff),
  },
  {
    name: "asert: its parent's bits",
    row: 'place:bad-diffbits',
    world: ASERT,
    make: (d, { tip }) => {
      bits(bitsIn(tip.raw))(d)
    },
  },
  {
    name: 'asert: easier by the least step',
    row: 'place:bad-diffbits',
    world: ASERT,
    make: (d, w) => {
      bits(demanded(w) + 1)(d)
    },
  },
  {
    name: "bitcoin: the old period's bits at a retarget",
    row: 'place:bad-diffbits',
    world: { ...BITCOIN, height: 2_015 },
    make: bits(0x207fffff),
  },
  {
    name: 'bitcoin: other bits in the middle of a period',
    row: 'place:bad-diffbits',
    world: { ...BITCOIN, height: 12 },
    make: bits(0x207ffffe),
  },
  {
    name: 'the median time',
    row: 'place:time-too-old',
    make: (d, w) => {
      Object.assign(d.header, { timeSec: medianOf(w) })
    },
  },
  {
    name: 'a time below the median',
    row: 'place:time-too-old',
    make: (d, w) => {
      Object.assign(d.header, { timeSec: medianOf(w) - 1 })
    },
  },
  {
    name: 'the time 0',
    row: 'place:time-too-old',
    make: (d) => {
      Object.assign(d.header, { timeSec: 0 })
    },
  },
  {
    name: 'a time too far ahead',
    row: 'time:time-too-new',
    make: (d, w) => {
      Object.assign(d.header, { timeSec: w.timeSec + MAX_FUTURE_SEC + 1 })
    },
  },
  {
    name: 'the last time of all',
    row: 'time:time-too-new',
    make: (d) => {
      Object.assign(d.header, { timeSec: 2 ** 32 - 1 })
    },
  },
]

/** The body on its way is another. */
const BINDING: readonly Flaw[] = [
  {
    name: 'two payments swapped',
    row: 'binding:bad-txnmrklroot',
    make: (d) => {
      d.send = ([c, p, q, ...rest]) => all([c, q, p], rest)
    },
  },
  {
    name: 'a payment left out',
    row: 'binding:bad-txnmrklroot',
    make: (d) => {
      d.send = (list) => list.slice(0, -1)
    },
  },
  {
    name: 'a payment put in',
    row: 'binding:bad-txnmrklroot',
    make: (d, w) => {
      const more = signed({ ...A_PAYMENT(w), fee: 0n, nonce: 2n })
      d.send = (list) => [...list, more]
    },
  },
  {
    name: 'another payment of the same fee',
    row: 'binding:bad-txnmrklroot',
    make: (d, w) => {
      const other = signed({ ...A_PAYMENT(w), amount: 99n })
      d.send = ([c, , ...rest]) => all([c, other], rest)
    },
  },
  {
    name: 'another who gets the reward',
    row: 'binding:bad-txnmrklroot',
    make: (d) => {
      d.send = resealed({ recipient: NOBODY.key })
    },
  },
  {
    name: 'another extra nonce',
    row: 'binding:bad-txnmrklroot',
    make: (d) => {
      d.send = resealed({ extraNonce: 1n })
    },
  },
  {
    name: 'another tag',
    row: 'binding:bad-txnmrklroot',
    make: (d) => {
      d.send = resealed({ tag: Uint8Array.of(1) })
    },
  },
  {
    name: 'no body',
    row: 'binding:bad-txnmrklroot',
    also: ['body:bad-cb-missing'],
    make: (d) => {
      d.send = () => []
    },
  },
  {
    name: 'a bad signature under an honest header',
    row: 'binding:bad-txnmrklroot',
    also: ['body:bad-txns-signature'],
    make: (d) => {
      d.send = ([c, p, ...rest]) => all([c, p && flipped(184)(p)], rest)
    },
  },
  {
    name: 'a root with its bytes the other way round',
    row: 'binding:bad-txnmrklroot',
    make: (d, w) => {
      const root = knownBytes(w.build(d).header.slice(72, 136))
      Object.assign(d.header, { merkleRoot: hashHex(root.reverse()) })
    },
  },
  ...[
    [3, 1],
    [5, 1],
    [6, 2],
    [7, 1],
    [10, 2],
    [12, 4],
  ].map(
    ([count = 0, tail = 0]): Flaw => ({
      name: `the last ${tail} of ${count} transactions twice`,
      row: 'binding:bad-txns-duplicate',
      // Payments that are made twice are found by their nonces too.
      also: ['connect:bad-txns-nonce'],
      base: (d, w) => {
        for (let nonce = 1n; nonce < count; nonce++) {
          d.payments.push({ ...A_PAYMENT(w), fee: 0n, nonce })
        }
      },
      make: (d) => {
        d.send = (list) => [...list, ...list.slice(-tail)]
      },
    }),
  ),
  {
    name: 'one byte less',
    row: 'binding:bad-encoding',
    unreadable: true,
    make: (d) => {
      d.send = (list) => [...list.slice(0, -1), ...list.slice(-1).map((b) => b.slice(0, -1))]
    },
  },
  {
    name: 'one byte more',
    row: 'binding:bad-encoding',
    unreadable: true,
    make: (d) => {
      d.send = (list) => [...list, new Uint8Array(1)]
    },
  },
  {
    name: 'a kind of transaction that there is not',
    row: 'binding:bad-encoding',
    unreadable: true,
    make: (d) => {
      d.send = (list) => [...list, new Uint8Array(185).fill(3)]
    },
  },
  {
    name: 'a tag longer than its room',
    row: 'binding:bad-encoding',
    unreadable: true,
    make: (d) => {
      d.arrange = ([c, ...rest]) => all([c && set(c, 53, 33)], rest)
    },
  },
  {
    name: 'something behind the tag',
    row: 'binding:bad-encoding',
    unreadable: true,
    make: (d) => {
      d.arrange = ([c, ...rest]) => all([c && set(c, 85, 1)], rest)
    },
  },
]

const BODY: readonly Flaw[] = [
  {
    name: 'one payment more than there is room for',
    row: 'body:bad-blk-length',
    world: { maxBlockBytes: 80 + 86 + 3 * 185 },
    make: (d, w) => {
      d.payments.push({ ...A_PAYMENT(w), nonce: 2n })
    },
  },
  {
    name: 'no coinbase',
    row: 'body:bad-cb-missing',
    make: (d) => {
      d.coinbase = undefined
    },
  },
  {
    name: 'no transaction at all',
    row: 'body:bad-cb-missing',
    make: (d) => {
      d.coinbase = undefined
      d.payments = []
    },
  },
  {
    name: 'the coinbase second',
    row: 'body:bad-cb-missing',
    make: (d) => {
      d.arrange = ([c, p, ...rest]) => all([p, c], rest)
    },
  },
  {
    name: 'the coinbase last',
    row: 'body:bad-cb-missing',
    make: (d) => {
      d.arrange = ([c, ...rest]) => all([...rest, c])
    },
  },
  {
    name: 'a second coinbase that gives as much',
    row: 'body:bad-cb-multiple',
    make: (d) => {
      d.arrange = (list) => [...list, another(d, BigInt(SUBSIDY))]
    },
  },
  {
    name: 'a second coinbase that gives nothing',
    row: 'body:bad-cb-multiple',
    make: (d) => {
      d.arrange = (list) => [...list, another(d, 0n)]
    },
  },
  {
    name: 'a coinbase in the middle',
    row: 'body:bad-cb-multiple',
    make: (d) => {
      d.arrange = ([c, p, ...rest]) => all([c, p, another(d, 1n)], rest)
    },
  },
  ...[1, -1].map(
    (by): Flaw => ({
      name: `a coinbase of the block ${by} further`,
      row: 'body:bad-cb-height',
      make: coinbase(({ index }) => ({ index: index + by })),
    }),
  ),
  {
    name: 'a coinbase that counts from 0',
    row: 'body:bad-cb-height',
    make: coinbase(() => ({ index: 0 })),
  },
  {
    name: "the genesis' own index in the coinbase",
    row: 'body:bad-cb-height',
    make: coinbase(() => ({ index: 1 })),
  },
  {
    name: 'an allocation',
    row: 'body:bad-txns-allocation',
    make: (d) => {
      d.arrange = (list) => [...list, encodeAllocation(MINER.key, 1n)]
    },
  },
  {
    name: 'an allocation before all payments',
    row: 'body:bad-txns-allocation',
    make: (d) => {
      d.arrange = ([c, ...rest]) => all([c, encodeAllocation(MINER.key, 5n)], rest)
    },
  },
  {
    name: 'a payment on another chain',
    row: 'body:bad-txns-chain',
    make: first(() => ({ chain: hashHex(new Uint8Array(32).fill(7)) })),
  },
  {
    name: 'a payment on no chain',
    row: 'body:bad-txns-chain',
    make: first(() => ({ chain: NO_HASH })),
  },
  {
    name: 'a chain with its bytes the other way round',
    row: 'body:bad-txns-chain',
    make: first(({ chain }) => ({ chain: hashHex(knownBytes(chain)) })),
  },
  { name: 'an amount of zero', row: 'body:bad-txns-amount', make: first(() => ({ amount: 0n })) },
  {
    name: 'an amount of one more than there will ever be',
    row: 'body:bad-txns-amount',
    base: rich(2n ** 53n - 1n),
    make: first((_, { rules }) => ({ amount: BigInt(rules.supply) + 1n })),
  },
  {
    name: 'an amount that is negative for who reads signed numbers',
    row: 'body:bad-txns-amount',
    base: rich(2n ** 65n),
    make: first(() => ({ amount: 2n ** 64n - 5n })),
  },
  {
    name: 'the smallest amount that is negative so',
    row: 'body:bad-txns-amount',
    base: rich(2n ** 65n),
    make: first(() => ({ amount: 2n ** 63n })),
  },
  {
    name: 'an amount that a double cannot hold',
    row: 'body:bad-txns-amount',
    base: rich(2n ** 65n),
    make: first(() => ({ amount: 2n ** 53n + 1n })),
  },
  {
    name: 'a fee that is more than is left',
    row: 'body:bad-txns-fee-outofrange',
    base: rich(2n ** 53n - 1n),
    make: first((p, { rules }) => ({ fee: BigInt(rules.supply) - p.amount + 1n })),
  },
  {
    name: 'a fee beside all that there will ever be',
    row: 'body:bad-txns-fee-outofrange',
    base: rich(2n ** 53n - 1n),
    make: first((_, { rules }) => ({ amount: BigInt(rules.supply), fee: 1n })),
  },
  {
    name: 'a fee that is negative for who reads signed numbers',
    row: 'body:bad-txns-fee-outofrange',
    base: rich(2n ** 70n),
    make: first(() => ({ fee: 2n ** 63n })),
  },
]

const SIGNATURES: readonly Flaw[] = (
  [
    ['by another key', first(() => ({ signer: BOB }))],
    ['of nobody: zeros', first(() => ({ forge: () => new Uint8Array(64) }))],
    ['with a bit of R changed', first(() => ({ forge: flipped(0) }))],
    ['with the last bit of R changed', first(() => ({ forge: flipped(31) }))],
    ['with a bit of S changed', first(() => ({ forge: flipped(32) }))],
    ['with S not reduced', first(() => ({ forge: withS((s) => s + L) }))],
    ['with S negated', first(() => ({ forge: withS((s) => L - s) }))],
    ['with S of zero', first(() => ({ forge: withS(() => 0n) }))],
    [
      'with R and S swapped',
      first(() => ({ forge: (b) => joinedOf(b.slice(32), b.slice(0, 32)) })),
    ],
    ['over another amount', first(() => ({ signedAs: { amount: 1n } }))],
    ['over another fee', first(() => ({ signedAs: { fee: 0n } }))],
    ['over another nonce', first(() => ({ signedAs: { nonce: 0n } }))],
    ['over another recipient', first(() => ({ signedAs: { recipient: CAROL.key } }))],
    ['over another sender', first(() => ({ signedAs: { sender: BOB.key } }))],
    ['for another chain', first(() => ({ signedAs: { chain: NO_HASH } }))],
    ['with the neutral element as its key', byKey(NEUTRAL, FORGED)],
    ['with a key of order 2', byKey(MINUS_ONE, FORGED)],
    ['with a key of order 4', byKey(new Uint8Array(32), FORGED)],
    ['with a key that is not canonical', byKey(littleEndian(2n ** 255n - 19n + 1n), FORGED)],
    ['with a key that is no point', byKey(littleEndian(2n), FORGED)],
  ] as const
).map(([name, make]) => ({ name: `a signature ${name}`, row: 'body:bad-txns-signature', make }))

const CONNECT: readonly Flaw[] = [
  {
    name: 'a payment that was made before, to the byte',
    row: 'connect:bad-txns-nonce',
    make: (d, w) => {
      d.payments[0] = w.firstPayment
    },
  },
  {
    name: 'a nonce left out',
    row: 'connect:bad-txns-nonce',
    make: first(({ nonce }) => ({ nonce: nonce + 1n })),
  },
  {
    name: 'a nonce used before',
    row: 'connect:bad-txns-nonce',
    make: first(({ nonce }) => ({ nonce: nonce - 1n })),
  },
  {
    name: 'a nonce used twice in a block',
    row: 'connect:bad-txns-nonce',
    make: (d, w) => {
      d.payments.push({ ...A_PAYMENT(w), amount: 3n, fee: 0n })
    },
  },
  {
    name: 'nonces in the wrong order',
    row: 'connect:bad-txns-nonce',
    base: (d, w) => {
      d.payments.push(A_PAYMENT(w), { ...A_PAYMENT(w), nonce: 2n })
    },
    make: (d) => {
      d.payments.reverse()
    },
  },
  {
    name: 'the nonce 1 of who has never paid',
    row: 'connect:bad-txns-nonce',
    base: (d, w) => {
      d.payments.push({ ...A_PAYMENT(w), from: BOB, nonce: 0n })
    },
    make: first(() => ({ nonce: 1n })),
  },
  {
    name: 'the highest nonce of all',
    row: 'connect:bad-txns-nonce',
    make: first(() => ({ nonce: 2n ** 64n - 1n })),
  },
  {
    name: 'a unit more than its sender has',
    row: 'connect:insufficient-funds',
    make: first(() => ({ amount: BigInt(GIVEN) - 7n - 5n + 1n })),
  },
  {
    name: 'all that its sender has, and a fee',
    row: 'connect:insufficient-funds',
    make: first(() => ({ amount: BigInt(GIVEN) - 7n })),
  },
  {
    name: 'a fee that its sender has not',
    row: 'connect:insufficient-funds',
    make: first(({ amount }) => ({ fee: BigInt(GIVEN) - 7n - amount + 1n })),
  },
  {
    name: 'two payments that are too much together',
    row: 'connect:insufficient-funds',
    base: (d, w) => {
      const half = { ...A_PAYMENT(w), amount: BigInt(GIVEN) / 2n - 100n }
      d.payments.push(half, { ...half, nonce: 2n })
    },
    make: ({ payments }) => {
      const last = payments.at(-1)
      if (last !== undefined) payments.push({ ...last, amount: 200n, nonce: 3n })
    },
  },
  {
    name: 'a payment of who has nothing',
    row: 'connect:insufficient-funds',
    make: (d, w) => {
      d.payments.push({ ...A_PAYMENT(w), from: NOBODY, amount: 1n, fee: 0n, nonce: 0n })
    },
  },
  {
    name: 'a payment to oneself of more than one has',
    row: 'connect:insufficient-funds',
    make: first(() => ({ to: ALICE.key, amount: BigInt(GIVEN) })),
  },
  {
    name: 'what comes in later in the same block, spent before',
    row: 'connect:insufficient-funds',
    base: (d, w) => {
      d.payments.push(
        { ...A_PAYMENT(w), to: NOBODY.key },
        { ...A_PAYMENT(w), from: NOBODY, amount: 90n, nonce: 0n },
      )
    },
    make: (d) => {
      d.payments.reverse()
    },
  },
  {
    name: "its own coinbase's money",
    row: 'connect:insufficient-funds',
    make: (d, w) => {
      coinbase(() => ({ recipient: NOBODY.key }))(d)
      d.payments.push({ ...A_PAYMENT(w), from: NOBODY, amount: 1n, fee: 0n, nonce: 0n })
    },
  },
  ...(
    [
      ['one unit more', () => BigInt(SUBSIDY) + 6n],
      ['one unit less', () => BigInt(SUBSIDY) + 4n],
      ['nothing', () => 0n],
      ['the fees forgotten', () => BigInt(SUBSIDY)],
      ['the fees twice', () => BigInt(SUBSIDY) + 10n],
      ['the fees alone', () => 5n],
      ['all that there will ever be', ({ rules }: World) => BigInt(rules.supply)],
      ['a negative sum for who reads signed numbers', () => 2n ** 64n - 1n],
    ] as const
  ).map(
    ([name, amount]): Flaw => ({
      name: `a coinbase of ${name}`,
      row: 'connect:bad-cb-amount',
      make: (d, w) => {
        coinbase(() => ({ amount: amount(w) }))(d)
      },
    }),
  ),
  {
    name: 'the subsidy of before its halving',
    row: 'connect:bad-cb-amount',
    world: { halvingBlocks: 13 },
    make: coinbase(() => ({ amount: BigInt(SUBSIDY) + 5n })),
  },
  {
    name: 'the subsidy halved one block too early',
    row: 'connect:bad-cb-amount',
    world: { halvingBlocks: 14 },
    make: coinbase(() => ({ amount: BigInt(SUBSIDY) / 2n + 5n })),
  },
]

export const FLAWS: readonly Flaw[] = [
  ...HEADER,
  ...PLACE,
  ...BINDING,
  ...BODY,
  ...SIGNATURES,
  ...CONNECT,
]

function all(
  list: readonly (Uint8Array | undefined)[],
  rest: readonly Uint8Array[] = [],
): readonly Uint8Array[] {
  return [...list.filter((bytes) => bytes !== undefined), ...rest]
}

function set(bytes: Uint8Array, at: number, value: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? value : byte))
}

function joinedOf(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function withS(change: (s: bigint) => bigint) {
  return (signature: Uint8Array) =>
    joinedOf(signature.slice(0, 32), littleEndian(change(scalarOf(signature.slice(32)))))
}

/** The same coinbase with other contents, in a body under the honest header. */
function resealed(change: Partial<Parameters<typeof encodeCoinbase>[0]>) {
  return ([first, ...rest]: readonly Uint8Array[]) => {
    const view = new DataView((first ?? new Uint8Array(86)).slice().buffer)
    const fields = {
      index: view.getUint32(1, true),
      extraNonce: 0n,
      recipient: MINER.key,
      amount: view.getBigUint64(45, true),
      tag: new Uint8Array(0),
    }
    return [encodeCoinbase({ ...fields, ...change }), ...rest]
  }
}

function another({ index }: Draft, amount: bigint): Uint8Array {
  return encodeCoinbase({
    index,
    extraNonce: 1n,
    recipient: MINER.key,
    amount,
    tag: new Uint8Array(0),
  })
}

function bitsIn(raw: string): number {
  return new DataView(knownBytes(raw).buffer).getUint32(72, true)
}

function demanded(world: World): number {
  return bitsIn(world.build(world.draft()).header)
}

function medianOf({ headers }: World): number {
  return Number(headers.at(-6)?.timestamp)
}
