/** One mistake at a time: each is found in its stage, nowhere earlier, and explained by its name. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { STAGES } from '../../src/check/judge.ts'
import { firstOf, judged, stagesOf } from './judged.ts'
import {
  python,
  type Said,
  Student,
  type StudentBlock,
  type StudentPayment,
  sha256,
  ZEROS,
} from './student.ts'

type Mistake = (student: Student) => Partial<Student>

/** What is wrong, where it is found, and what the explanation says of it. */
const MISTAKES: readonly [name: string, mistake: Mistake, at: string, says: RegExp][] = [
  [
    'no genesis',
    () => ({ chain: [] }),
    'chain/genesis',
    /makes its first block before anybody mines/,
  ],
  [
    'a genesis of proof 1',
    (s) => ({ chain: [{ ...s.last, proof: 1 }] }),
    'chain/genesis',
    /proof, expected: 100, got: 1/,
  ],
  [
    'a genesis of the other dialect',
    (s) => ({ chain: [{ ...s.last, previous_hash: 1 }] }),
    'chain/genesis',
    /--chain toychain-py/,
  ],
  [
    'a genesis with index 0',
    (s) => ({ chain: [{ ...s.last, index: 0 }] }),
    'chain/genesis',
    /index/,
  ],
  [
    'a genesis with a transaction',
    (s) => ({ chain: [{ ...s.last, transactions: [s.reward()] }] }),
    'chain/genesis',
    /transactions/,
  ],
  [
    'a length of one more',
    (s) => ({ shown: () => ({ body: { chain: s.chain, length: s.chain.length + 1 } }) }),
    'chain/length',
    /it is 1 off: count the blocks/,
  ],
  [
    'a length without the genesis',
    (s) => ({ shown: () => ({ body: { chain: s.chain, length: s.chain.length - 1 } }) }),
    'chain/length',
    /the genesis counts/,
  ],
  [
    'a length that never changes',
    (s) => ({ shown: () => ({ body: { chain: s.chain, length: 1 } }) }),
    'chain/after-mining',
    /count the blocks/,
  ],
  [
    'no length',
    (s) => ({ shown: () => ({ body: { chain: s.chain } }) }),
    'chain/length',
    /has no "length"/,
  ],
  [
    'a chain of more blocks than anybody can read',
    () => ({ shown: () => ({ body: { chain: Array(100_001).fill(null), length: 1 } }) }),
    'chain/form',
    /at most 100000 blocks/,
  ],
  ['a chain alone', (s) => ({ shown: () => ({ body: s.chain }) }), 'chain/form', /"chain"/],
  [
    'a block without a timestamp',
    (s) => ({ block: without(s, 'timestamp') }),
    'chain/after-mining',
    /timestamp/,
  ],
  [
    'a payment put into the last block',
    (s) => ({ pay: intoLast(s) }),
    'transactions/waits',
    /has to wait in a list of its own/,
  ],
  [
    'sender and recipient swapped',
    (s) => ({ pay: changed(s, (b) => ({ ...b, sender: b.recipient, recipient: b.sender })) }),
    'transactions/arrives',
    /changed places/,
  ],
  [
    'an amount as a text',
    (s) => ({ pay: changed(s, (b) => ({ ...b, amount: String(b.amount) })) }),
    'transactions/arrives',
    /./,
  ],
  [
    'an amount without decimals',
    (s) => ({ pay: changed(s, (b) => ({ ...b, amount: Math.trunc(Number(b.amount)) })) }),
    'transactions/arrives',
    /lost its decimals/,
  ],
  [
    'names read as Latin-1',
    (s) => ({ pay: changed(s, latin1) }),
    'transactions/arrives',
    /Latin-1/,
  ],
  [
    'names without what is not ASCII',
    (s) => ({
      pay: changed(s, (b) => ({ ...b, sender: String(b.sender).replace(/[^ -~]/g, '?') })),
    }),
    'transactions/arrives',
    /UTF-8/,
  ],
  [
    'a payment that is lost',
    () => ({
      pay: () => ({ status: 201, body: { message: 'Transaction will be added to Block 3' } }),
    }),
    'transactions/arrives',
    /go into the block that is mined next/,
  ],
  [
    'the index of the last block told',
    (s) => ({ pay: telling(s, (index) => index - 1) }),
    'transactions/told',
    /names the last block/,
  ],
  [
    'a missing field taken',
    (s) => ({ pay: taking(s) }),
    'transactions/missing-field',
    /all three keys/,
  ],
  [
    'a missing field that breaks the program',
    (s) => ({ pay: breaking(s) }),
    'transactions/missing-field',
    /fell over it/,
  ],
  [
    'a misspelt field taken',
    (s) => ({ pay: counting(s) }),
    'transactions/misspelt-field',
    /all three keys/,
  ],
  [
    'a block for each payment',
    (s) => ({
      pay: (body) => {
        const said = Student.prototype.pay.call(s, body)
        if (said.status === 201) s.mine()
        return said
      },
    }),
    'transactions/waits',
    /a block is mined for each payment as it comes/,
  ],
  [
    'hashed twice, as bytes',
    (s) => ({
      hash: (block) => {
        const once = createHash('sha256').update(s.text(block)).digest()
        return createHash('sha256').update(once).digest('hex')
      },
    }),
    'mine/link',
    /hashed once too often/,
  ],
  [
    'an answer in gzip',
    () => ({
      send: (response, { status = 200, body }) => {
        response.writeHead(status, { 'content-encoding': 'gzip' })
        response.end(gzipSync(JSON.stringify(body)))
      },
    }),
    'chain/form',
    /compressed \(gzip\)/,
  ],
  [
    'a byte order mark',
    () => ({
      send: (response, { status = 200, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(`\ufeff${JSON.stringify(body)}`)
      },
    }),
    'chain/form',
    /byte order mark/,
  ],
  ['keys not sorted', () => ({ text: (b) => spaced(b) }), 'mine/link', /keys are not sorted/],
  [
    'JSON.stringify',
    () => ({ text: (b) => JSON.stringify(b) }),
    'mine/link',
    /keys are not sorted.*no spaces/,
  ],
  [
    'sorted, without spaces',
    () => ({
      text: (b) =>
        python(b).replaceAll(', "', ',"').replaceAll('": ', '":').replaceAll('}, {', '},{'),
    }),
    'mine/link',
    /no spaces after/,
  ],
  [
    'letters not escaped',
    () => ({
      text: (b) =>
        python(b).replace(/\\u([0-9a-f]{4})/g, (_, hex) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        ),
    }),
    'mine/link',
    /not escaped/,
  ],
  [
    'the same hash for every block',
    () => ({ hash: () => sha256('anything') }),
    'mine/link',
    /carries the same hash/,
  ],
  ['the hash of an empty text', () => ({ text: () => '' }), 'mine/link', /an empty text/],
  ['[object Object]', () => ({ text: (b) => String(b) }), 'mine/link', /was not turned into JSON/],
  [
    'the block without its proof',
    () => ({ text: withoutProof }),
    'mine/link',
    /without its "proof"/,
  ],
  [
    'the hash of the hash',
    (s) => ({ hash: (b) => sha256(sha256(s.text(b))) }),
    'mine/link',
    /hashed once too often/,
  ],
  [
    'a hash in capitals',
    (s) => ({ hash: (b) => sha256(s.text(b)).toUpperCase() }),
    'mine/link',
    /in capitals/,
  ],
  [
    'the hash of the genesis in every block',
    (s) => ({ mine: linkedTo(s, () => s.chain[0]) }),
    'mine/link',
    /hash of the genesis/,
  ],
  [
    'the link of the block before',
    (s) => ({
      mine: linked(s, () => (s.chain.length > 2 ? s.last.previous_hash : s.hash(s.last))),
    }),
    'mine/link',
    /carries, and not the hash of that block|not of the block just before/,
  ],
  [
    'one zero too few',
    (s) => ({
      proves: (last, proof) =>
        sha256(s.proofText(last, proof)).startsWith('0') &&
        !sha256(s.proofText(last, proof)).startsWith('00'),
    }),
    'mine/proof',
    /has 1 zero\(s\)/,
  ],
  [
    'the other dialect’s proof',
    () => ({ proofText: (last, proof) => `${last.proof}${proof}` }),
    'mine/proof',
    /other dialect/,
  ],
  [
    'the new proof first',
    (s) => ({ proofText: (last, proof) => `${proof}${last.proof}${s.hash(last)}` }),
    'mine/proof',
    /begins with the new proof/,
  ],
  [
    'zeros at the end',
    (s) => ({ proves: (last, proof) => /^[^0].*00$/.test(sha256(s.proofText(last, proof))) }),
    'mine/proof',
    /at the end of the digest/,
  ],
  ['no work at all', (s) => ({ work: (last) => notProving(s, last) }), 'mine/proof', /./],
  [
    'a block that is never appended',
    (s) => ({ mine: () => ({ body: s.block([s.reward()], s.work(s.last), s.hash(s.last)) }) }),
    'mine/one-more',
    /has to be appended to the chain/,
  ],
  [
    'two blocks a call',
    (s) => ({ mine: twice(s) }),
    'mine/one-more',
    /one call to mine makes one block/,
  ],
  ['an answer of another proof', (s) => ({ mine: answering(s) }), 'mine/same', /./],
  ['no reward', (s) => ({ mine: withoutReward(s) }), 'mine/reward', /there is no reward/],
  [
    'what waited is kept waiting',
    (s) => ({ mine: keeping(s) }),
    'mine/payments',
    /has to be emptied/,
  ],
  ['an older block changed', (s) => ({ mine: rewriting(s) }), 'mine/older', /older block/],
  ['mining that breaks', () => ({ mine: () => ({ status: 500, body: {} }) }), 'mine/answers', /./],
  [
    'hosts without their ports',
    (s) => ({ register: (nodes) => void s.nodes.push(...nodes.map((n) => new URL(n).hostname)) }),
    'register/one',
    /none is kept as host:port/,
  ],
  [
    'a chain that is encoded twice',
    (s) => ({
      send: (r, said) =>
        Student.prototype.send.call(s, r, { ...said, body: twiceEncoded(said.body) }),
    }),
    'chain/form',
    /encoded as JSON twice/,
  ],
  [
    'a genesis that is another each time',
    (s) => ({
      shown: () => ({
        body: {
          chain: [{ ...s.chain[0], timestamp: Math.random() }, ...s.chain.slice(1)],
          length: s.chain.length,
        },
      }),
    }),
    'chain/after-mining',
    /the first block as before/,
  ],
  [
    'only the last payment kept',
    (s) => ({
      pay: (b) => {
        if ('amount' in b) s.pending = []
        return Student.prototype.pay.call(s, b)
      },
    }),
    'transactions/arrives',
    /go into the block that is mined next/,
  ],
  [
    'only the first node of a call',
    (s) => ({ register: (nodes) => Student.prototype.register.call(s, nodes.slice(0, 1)) }),
    'register/several',
    /only the first address/,
  ],
  [
    'only the last node of a call',
    (s) => ({ register: (nodes) => Student.prototype.register.call(s, nodes.slice(-1)) }),
    'register/several',
    /only the last address/,
  ],
  [
    'each call replaces the list',
    (s) => ({
      register: (nodes) => {
        s.nodes = []
        Student.prototype.register.call(s, nodes)
      },
    }),
    'register/one',
    /takes the place/,
  ],
  [
    'a node twice in the list',
    (s) => ({
      register: (nodes) => {
        s.nodes.push(...nodes.map((n) => new URL(n).host))
      },
    }),
    'register/twice',
    /in a set/,
  ],
  [
    'no nodes taken without a word',
    (s) => ({
      registered: (b) => ('nodes' in b ? Student.prototype.registered.call(s, b) : { body: {} }),
    }),
    'register/without-nodes',
    /has "nodes"/,
  ],
  [
    'a zero more asked of others',
    (s) => ({
      valid: (chain) => {
        const zeros = '0'.repeat(ZEROS + 1)
        return chain.slice(1).every((block, i) => {
          const last = chain[i]
          return last !== undefined && sha256(s.proofText(last, block.proof)).startsWith(zeros)
        })
      },
    }),
    'resolve/adopts-longer',
    /one zero more than the node itself mines with/,
  ],
  ['never replaces', (s) => ({ resolve: asking(s) }), 'resolve/adopts-longer', /was not kept/],
  [
    'asks nobody',
    (s) => ({ resolve: async () => s.resolved(false) }),
    'resolve/adopts-longer',
    /no peer was asked/,
  ],
  [
    'takes equal chains',
    () => ({ isBetter: (theirs, best) => theirs.length >= best.length }),
    'resolve/keeps-equal',
    /> and not >=/,
  ],
  [
    'takes every valid chain',
    () => ({ isBetter: () => true }),
    'resolve/keeps-shorter',
    /lengths are not compared/,
  ],
  ['checks nothing', () => ({ valid: () => true }), 'resolve/broken-link', /is not checked at all/],
  [
    'checks no links',
    (s) => ({
      valid: (c) =>
        c.slice(1).every((b, i) => c[i] !== undefined && s.proves(c[i] as StudentBlock, b.proof)),
    }),
    'resolve/broken-link',
    /compare "previous_hash"/,
  ],
  [
    'checks no proofs',
    (s) => ({
      valid: (c) => c.slice(1).every((b, i) => b.previous_hash === s.hash(c[i] as StudentBlock)),
    }),
    'resolve/wrong-proof',
    /check the proof/,
  ],
  [
    'checks the last block only',
    (s) => ({ valid: (c) => Student.prototype.valid.call(s, c.slice(-2)) }),
    'resolve/broken-link',
    /each block|at all/,
  ],
  [
    'does not check the last block',
    (s) => ({ valid: (c) => Student.prototype.valid.call(s, c.slice(0, -1)) }),
    'resolve/changed-transaction',
    /the last block of the other chain is not checked/,
  ],
  [
    'checks new blocks only',
    (s) => ({ valid: (c) => Student.prototype.valid.call(s, c.slice(s.chain.length - 1)) }),
    'resolve/changed-old-transaction',
    /our own included/,
  ],
  [
    'the first longer chain of several',
    (s) => ({ isBetter: (theirs, best) => best === s.chain && theirs.length > best.length }),
    'resolve/longest',
    /after a longer chain was found/,
  ],
  [
    'the last longer chain of several',
    (s) => ({ isBetter: (theirs) => theirs.length > s.chain.length }),
    'resolve/longest',
    /after a longer chain was found/,
  ],
  [
    'no chain in the answer',
    () => ({ resolved: () => ({ body: { message: 'ok' } }) }),
    'resolve/answers',
    /./,
  ],
  [
    'a counter of blocks that stays when a chain is taken',
    (s) => ({ block: countingOn(s) }),
    'resolve/mines-on',
    /after a chain of a peer was taken/,
  ],
  [
    'a last block that stays when a chain is taken',
    (s) => ({ mine: remembering(s) }),
    'resolve/mines-on',
    /after a chain of a peer was taken/,
  ],
  [
    'a check that returns after the first block',
    (s) => ({ valid: (c) => Student.prototype.valid.call(s, c.slice(0, 2)) }),
    'resolve/broken-link',
    /where the loop returns/,
  ],
  [
    'a longer chain that is added to its own',
    (s) => ({
      replace: (best) => {
        s.chain = [...s.chain, ...best]
      },
    }),
    'resolve/adopts-longer',
    /were added to its own/,
  ],
  [
    'a longer chain with whole timestamps',
    (s) => ({
      replace: (best) => {
        s.chain = best.map((block) => ({ ...block, timestamp: Math.trunc(block.timestamp) }))
      },
    }),
    'resolve/adopts-longer',
    /changed on the way/,
  ],
  ['a reward of 0', (s) => ({ reward: () => paid(s, 0) }), 'mine/reward', /worth nothing/],
  ['a reward of -1', (s) => ({ reward: () => paid(s, -1) }), 'mine/reward', /worth nothing/],
  [
    'an answer before the block is there',
    (s) => ({ mine: tooEarly(s) }),
    'mine/one-more',
    /answer came before|appended/,
  ],
  [
    'names in capitals',
    (s) => ({ pay: changed(s, (b) => ({ ...b, recipient: String(b.recipient).toUpperCase() })) }),
    'transactions/arrives',
    /capitals and small letters/,
  ],
  [
    'an indent in what is hashed',
    () => ({ text: (b) => JSON.stringify(sorted(b), null, 2) }),
    'mine/link',
    /indent of 2/,
  ],
  ['values that are joined', () => ({ text: byHand }), 'mine/link', /put together by hand/],
  ['empty objects for payments', () => ({ text: replaced }), 'mine/link', /as \{\}/],
  [
    'the beginning of a SHA-512',
    (s) => ({
      hash: (b) => createHash('sha512').update(s.text(b)).digest('hex').slice(0, 64),
    }),
    'mine/link',
    /sha512/,
  ],
  [
    'a proof of one more',
    (s) => ({ work: (last) => Student.prototype.work.call(s, last) + 1 }),
    'mine/proof',
    /would be right/,
  ],
  [
    'a sum of proofs with the hash',
    (s) => ({ proofText: (last, proof) => `${last.proof + proof}${s.hash(last)}` }),
    'mine/proof',
    /sum of the two proofs/,
  ],
  [
    'separators in the text of a proof',
    (s) => ({ proofText: (last, proof) => `${last.proof}-${proof}-${s.hash(last)}` }),
    'mine/proof',
    /separated by "-"/,
  ],
  [
    'a key that is spelt otherwise',
    (s) => ({
      chain: [renamed(s.last)],
      block: (...parts) => renamed(Student.prototype.block.apply(s, parts)),
    }),
    'chain/genesis',
    /"previous_hash" is missing, and "prev_hash" is there: is it spelt wrongly/,
  ],
  [
    'a key too many',
    (s) => ({ chain: [{ ...s.last, hash: 'x' } as StudentBlock] }),
    'chain/genesis',
    /"hash" is one key too many/,
  ],
  [
    'amounts that become decimals on the way',
    (s) => ({
      send: (response, said) => {
        const text = JSON.stringify(said.body).replace(/"amount":1([,}])/g, (all, end) => {
          return s.chain.length > 6 ? `"amount":1.0${end}` : all
        })
        response.writeHead(said.status ?? 200, { 'content-type': 'application/json' })
        response.end(text)
      },
    }),
    'resolve/adopts-longer',
    /a number is kept as it was written/,
  ],
  [
    'the other chain appended as one block',
    (s) => ({ replace: (best) => void s.chain.push(best as unknown as StudentBlock) }),
    'resolve/adopts-longer',
    /appended as if it were one block/,
  ],
  [
    'another path for chains of others',
    () => ({
      chainOf: async (node) => {
        await fetch(`http://${node}/blocks`).catch(() => undefined)
        return undefined
      },
    }),
    'resolve/adopts-longer',
    /it was asked for \/blocks/,
  ],
  [
    'https for chains of others',
    () => ({
      chainOf: async (node) => {
        await fetch(`https://${node}/chain`).catch(() => undefined)
        return undefined
      },
    }),
    'resolve/adopts-longer',
    /in another protocol than HTTP/,
  ],
  [
    'a reward that is a text',
    (s) => ({ reward: () => ({ sender: '0', recipient: s.id, amount: '1' }) }),
    'chain/after-mining',
    /amount/,
  ],
  [
    'a reward with its parties swapped',
    (s) => ({ reward: () => ({ sender: s.id, recipient: '0', amount: 1 }) }),
    'mine/reward',
    /have changed places/,
  ],
  [
    'the same proof in every block',
    () => ({ work: () => 12_345 }),
    'mine/proof',
    /the proof of every block is 12345/,
  ],
  [
    'zeros anywhere in the digest',
    (s) => ({
      proves: (last, proof) => sha256(s.proofText(last, proof)).slice(1, -1).includes('00'),
    }),
    'mine/proof',
    /zeros are in the middle|has 1 zero/,
  ],
  [
    'an index of one less',
    (s) => ({
      block: (t, proof, link) => {
        const block = Student.prototype.block.call(s, t, proof, link)
        return { ...block, index: Math.max(1, block.index - 1) }
      },
    }),
    'chain/after-mining',
    /expected: 2, got: 1/,
  ],
  [
    'the last three blocks alone',
    (s) => ({ shown: () => ({ body: { chain: s.chain.slice(-3), length: s.chain.length } }) }),
    'mine/one-more',
    /block 1 is another than before/,
  ],
  [
    'a search that ends at a peer that is not longer',
    (s) => ({ resolve: () => hearing(s, (theirs) => theirs.length <= s.chain.length) }),
    'resolve/longest',
    /ends the search/,
  ],
  [
    'a length to beat that is set before the check',
    (s) => {
      let most = 0
      return {
        resolve: () => {
          most = s.chain.length
          return Student.prototype.resolve.call(s)
        },
        isBetter: (theirs) => {
          const isLonger = theirs.length > most
          most = Math.max(most, theirs.length)
          return isLonger
        },
      }
    },
    'resolve/longest',
    /a bad chain that is longer hides a good one/,
  ],
  [
    'a check that begins at the third block',
    (s) => ({ valid: (chain) => Student.prototype.valid.call(s, chain.slice(1)) }),
    'resolve/broken-early',
    /block 2 has to fit block 1/,
  ],
  [
    'the rest of the other chain put behind its own',
    (s) => ({ replace: (best) => void s.chain.push(...best.slice(s.chain.length)) }),
    'resolve/adopts-fork',
    /takes the place of its own as a whole/,
  ],
  [
    'its own chain cut where none is longer',
    (s) => ({
      resolved: (isReplaced) => {
        if (!isReplaced) s.chain = s.chain.slice(0, 1)
        return Student.prototype.resolved.call(s, isReplaced)
      },
    }),
    'resolve/keeps-shorter',
    /stays as it is/,
  ],
  [
    'its own chain checked in place of the other',
    (s) => ({ valid: () => Student.prototype.valid.call(s, s.chain) }),
    'resolve/broken-link',
    /its own chain is checked in place of the other/,
  ],
  [
    'an answer of the check that is turned round',
    (s) => ({ valid: (chain) => !Student.prototype.valid.call(s, chain) }),
    'resolve/adopts-longer',
    /turned round/,
  ],
  [
    'lengths that are compared the wrong way round',
    () => ({ isBetter: (theirs, best) => theirs.length < best.length }),
    'resolve/adopts-longer',
    /the wrong way round/,
  ],
  [
    'the newest block first',
    (s) => ({ shown: () => ({ body: { chain: s.chain.toReversed(), length: s.chain.length } }) }),
    'chain/after-mining',
    /newest first/,
  ],
]

describe('a student’s node', () => {
  it.each(MISTAKES)('with %s', async (_name, mistake, at, says) => {
    const student = new Student()
    Object.assign(student, mistake(student))
    const report = await judged(student, { stage: 'resolve' })
    const first = firstOf(report)
    expect(first.at).toBe(at)
    expect(`${first.hint} ${first.expected} ${first.got}`).toMatch(says)
    expect(report.passed).toBe(false)
    // Nowhere earlier: what comes before it passes, or rests on what comes later.
    const [stage = ''] = at.split('/')
    const names = STAGES.map(({ name }) => name)
    const before = names.slice(0, names.indexOf(stage))
    const states = stagesOf(report)
    for (const name of before) expect([name, states[name]]).not.toEqual([name, false])
  })
})

describe('a node that is right but for what real networks do', () => {
  it.each<[string, Mistake, string]>([
    ['falls over a peer that is down', (s) => ({ chainOf: unguarded(s) }), 'robust/rubbish-peer'],
    [
      'loses payments of blocks that lost',
      (s) => ({
        replace: (best) => {
          s.chain = best
        },
      }),
      'robust/returns',
    ],
    ['falls over malformed JSON', (s) => ({ answer: falling(s) }), 'robust/malformed-json'],
  ])('%s', async (_name, mistake, at) => {
    const student = new Student()
    Object.assign(student, mistake(student))
    const report = await judged(student)
    expect(firstOf(report).at).toBe(at)
    expect(report.passed).toBe(true)
  })
})

it('a peer’s length that is believed is a remark', async () => {
  const student = new Student()
  Object.assign(student, believing(student))
  const report = await judged(student)
  expect([report.passed, report.remarks]).toEqual([
    true,
    expect.arrayContaining([expect.stringContaining('"length" is believed')]),
  ])
  const right = await judged(new Student())
  expect(right.remarks.join()).not.toContain('is believed')
})

/** Goes by what a peer says of its length, as the tutorial's own program does. */
function believing(student: Student): Partial<Student> {
  const said = new WeakMap<object, number>()
  return {
    chainOf: async (node) => {
      const body: { chain?: unknown; length?: unknown } = await fetch(`http://${node}/chain`)
        .then((response) => response.json())
        .then(Object)
        .catch(() => ({}))
      if (!Array.isArray(body.chain) || typeof body.length !== 'number') return undefined
      said.set(body.chain, body.length)
      return body.chain
    },
    isBetter: (theirs, best) =>
      (said.get(theirs) ?? theirs.length) > (said.get(best) ?? best.length),
    valid: (chain) => Student.prototype.valid.call(student, chain),
  }
}

function without(student: Student, key: keyof StudentBlock): Student['block'] {
  return (...args) => ({ ...Student.prototype.block.call(student, ...args), [key]: undefined })
}

function intoLast(student: Student): Student['pay'] {
  return (body) => {
    const said = Student.prototype.pay.call(student, body)
    const transactions = [...student.last.transactions, ...student.pending.splice(0)]
    student.chain = [...student.chain.slice(0, -1), { ...student.last, transactions }]
    return said
  }
}

/** A text in place of an object: JSON.stringify of it is JSON in a text. */
function twiceEncoded(body: object): object {
  return Object.assign(body, { toJSON: () => JSON.stringify({ ...body, toJSON: undefined }) })
}

type Body = Record<string, unknown>

function changed(student: Student, change: (body: Body) => Body): Student['pay'] {
  return (body) => Student.prototype.pay.call(student, 'amount' in body ? change(body) : body)
}

function latin1(body: Body): Body {
  const read = (text: unknown) => Buffer.from(String(text)).toString('latin1')
  return { ...body, sender: read(body.sender), recipient: read(body.recipient) }
}

function telling(student: Student, told: (index: number) => number): Student['pay'] {
  return (body) => {
    const said = Student.prototype.pay.call(student, body)
    if ((said.status ?? 200) >= 400) return said
    return {
      ...said,
      body: { message: `Transaction will be added to Block ${told(student.last.index + 1)}` },
    }
  }
}

function taking(student: Student): Student['pay'] {
  return ({ sender = null, recipient = null, amount = null }) =>
    Student.prototype.pay.call(student, { sender, recipient, amount })
}

function breaking(student: Student): Student['pay'] {
  return (body) => {
    if (!('amount' in body)) throw new Error('KeyError')
    return Student.prototype.pay.call(student, body)
  }
}

/** Looks only whether there are three keys. */
function counting(student: Student): Student['pay'] {
  return (body) => {
    const { sender, recipient = null, amount } = body
    return Object.keys(body).length < 3
      ? { status: 400, body: {} }
      : Student.prototype.pay.call(student, { sender, recipient, amount })
  }
}

/** Python's spaces, and the keys as they come. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${spaced(key)}: ${spaced(member)}`)
      .join(', ')}}`
  }
  return python(value)
}

function linked(student: Student, link: () => unknown): Student['mine'] {
  return () => {
    const transactions = [...student.pending.splice(0), student.reward()]
    const block = student.block(transactions, student.work(student.last), link())
    student.chain.push(block)
    return { body: { ...block } }
  }
}

function linkedTo(student: Student, which: () => StudentBlock | undefined): Student['mine'] {
  return linked(student, () => student.hash(which() ?? student.last))
}

function notProving(student: Student, last: StudentBlock): number {
  let proof = 0
  while (/^0/.test(sha256(student.proofText(last, proof)))) proof++
  return proof
}

function twice(student: Student): Student['mine'] {
  return () => {
    Student.prototype.mine.call(student)
    return Student.prototype.mine.call(student)
  }
}

function answering(student: Student): Student['mine'] {
  return () => {
    const { body }: Said = Student.prototype.mine.call(student)
    return { body: { ...body, proof: -1 } }
  }
}

function withoutReward(student: Student): Student['mine'] {
  return () => {
    const { last } = student
    const block = student.block(student.pending.splice(0), student.work(last), student.hash(last))
    student.chain.push(block)
    return { body: { ...block } }
  }
}

function keeping(student: Student): Student['mine'] {
  return () => {
    const { pending } = student
    const said = Student.prototype.mine.call(student)
    student.pending = pending
    return said
  }
}

function rewriting(student: Student): Student['mine'] {
  return () => {
    const said = Student.prototype.mine.call(student)
    student.chain = student.chain.map((block) =>
      block.index === 2 && student.chain.length > 2
        ? { ...block, timestamp: block.timestamp + 1 }
        : block,
    )
    return said
  }
}

function renamed({ previous_hash, ...block }: StudentBlock): StudentBlock {
  return { ...block, prev_hash: previous_hash } as unknown as StudentBlock
}

/** Resolves, but hears no further peer after one whose chain ends it. */
async function hearing(
  student: Student,
  isEnd: (theirs: StudentBlock[]) => boolean,
): Promise<Said> {
  for (const node of student.nodes) {
    const theirs = await student.chainOf(node)
    if (theirs === undefined) continue
    if (isEnd(theirs)) break
    if (student.isBetter(theirs, student.chain) && student.valid(theirs)) student.replace(theirs)
  }
  return student.resolved(false)
}

function asking(student: Student): Student['resolve'] {
  return async () => {
    for (const node of student.nodes) await student.chainOf(node)
    return student.resolved(false)
  }
}

function unguarded(student: Student): Student['chainOf'] {
  return async (node) => {
    const chain = await Student.prototype.chainOf.call(student, node)
    if (chain === undefined) throw new Error('JSONDecodeError')
    return chain
  }
}

function falling(student: Student): Student['answer'] {
  return (method, path, text) => {
    if (method === 'POST') JSON.parse(text)
    return Student.prototype.answer.call(student, method, path, text)
  }
}

function countingOn(student: Student): Student['block'] {
  let count = student.chain.length
  return (...parts) => ({ ...Student.prototype.block.apply(student, parts), index: ++count })
}

function remembering(student: Student): Student['mine'] {
  let { last } = student
  return () => {
    const transactions = [...student.pending.splice(0), student.reward()]
    last = student.block(transactions, student.work(last), student.hash(last))
    student.chain.push(last)
    return { body: { ...last } }
  }
}

function paid({ id }: Student, amount: number): StudentPayment {
  return { sender: '0', recipient: id, amount }
}

/** The block comes when the chain is next asked for twice. */
function tooEarly(student: Student): Student['mine'] {
  return () => {
    const { last } = student
    const block = student.block(
      [...student.pending.splice(0), student.reward()],
      student.work(last),
      student.hash(last),
    )
    let asked = 0
    const { shown } = student
    student.shown = () => {
      if (++asked === 2) {
        student.chain.push(block)
        student.shown = shown
      }
      return shown.call(student)
    }
    return { body: { ...block } }
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

function byHand(block: unknown): string {
  const { index, timestamp, transactions, proof, previous_hash } = block as StudentBlock
  return `${index}${timestamp}${JSON.stringify(transactions)}${proof}${previous_hash}`
}

function replaced(block: unknown): string {
  // With Python's blanks, so that nothing else is wrong.
  return JSON.stringify(block, Object.keys(Object(block)).sort())
    .replaceAll(',', ', ')
    .replaceAll(':', ': ')
}

function withoutProof(block: unknown): string {
  return python(
    Object.fromEntries(Object.entries(Object(block)).filter(([key]) => key !== 'proof')),
  )
}
