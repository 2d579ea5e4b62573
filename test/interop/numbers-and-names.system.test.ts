import { describe, expect, it } from 'vitest'
import { CLASSIC } from '../../src/core/spec.ts'
import { amountsIn } from '../helpers/api.ts'
import { sample } from '../helpers/volume.ts'
import { hashesOf, paymentText, resolveWith, startOurNode } from './our-node.ts'
import { DIALECTS } from './prepared-chain.ts'
import { describeInterop, hashedByPython, startTutorialNode } from './tutorial-node.ts'

/** As a person writes it, and as Python prints it. */
const AMOUNTS = [
  ['10', '10'],
  ['10.0', '10.0'],
  ['10.50', '10.5'],
  ['-3', '-3'],
  ['-2.5', '-2.5'],
  ['0', '0'],
  ['-0', '0'],
  ['0.0', '0.0'],
  ['-0.0', '-0.0'],
  ['0.1', '0.1'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['1e-7', '1e-07'],
  ['1E-7', '1e-07'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['1e3', '1000.0'],
  ['1e16', '1e+16'],
  ['1E+16', '1e+16'],
  ['9999999999999998.0', '9999999999999998.0'],
  ['1e22', '1e+22'],
  ['-1e22', '-1e+22'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['5e-324', '5e-324'],
  ['9007199254740991', '9007199254740991'],
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['9007199254740993.0', '9007199254740992.0'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['-123456789012345678901234567890', '-123456789012345678901234567890'],
  ['1'.repeat(400), '1'.repeat(400)],
  [`0.${'3'.repeat(398)}`, '0.3333333333333333'],
] as const
const WRITTEN = AMOUNTS.map(([written]) => written)
const PRINTED = AMOUNTS.map(([, printed]) => printed)

const NAMES = [
  '',
  ' ',
  'Zoë',
  'Ωμέγα Δ',
  '李雷',
  'עִבְרִית ‏',
  'e\u0301 is not \u00e9',
  '😀👩‍👩‍👧',
  '\u{10ffff}\u{10000}',
  '\uffff\ufffe\ufeff',
  '\ud800',
  '\udc00\ud800',
  'a\udbffb',
  '\u0000\u0001\u0007\b\t\n\v\f\r\u001f\u007f\u0080\u009f',
  '\u2028\u2029',
  '"quoted" \\back\\slash\\ /slash/',
  '\\u0041 \\ud83d',
  "<script>&amp;'`$" + '{x}',
  '__proto__',
  'constructor',
  'x'.repeat(1_024),
  '😀'.repeat(512),
]

/** Payments with every amount and every name. */
const PAYMENTS = [
  ...WRITTEN.map((amount, i) => paymentText(`Lea-${i}`, 'Mark', amount)),
  ...NAMES.map((name, i) => paymentText(name, NAMES.at(-i) ?? '', String(i))),
]

describe.each(sample(DIALECTS, 1))('amounts and names in the %s dialect', (dialect, spec) => {
  describeInterop('that a tutorial node has mined', () => {
    it('come to us as Python prints them, under the same hashes', async () => {
      const theirs = await startTutorialNode(dialect)
      for (const text of PAYMENTS) await theirs.post('/transactions/new', text)
      await theirs.get('/mine')
      const ours = await startOurNode({ spec })
      const { report } = await resolveWith(ours, [theirs])
      expect(report).toMatchObject([{ verdict: 'adopted', length: 2 }])
      const chain = await ours.get('/chain')
      expect(amountsIn(chain).slice(0, PRINTED.length)).toEqual(PRINTED)
      expect(JSON.parse(chain)).toEqual(JSON.parse(await theirs.get('/chain')))
      expect(await hashesOf(ours)).toEqual(await hashedByPython(await theirs.get('/chain')))
    })
  })

  describeInterop('that we have mined', () => {
    it('hash the same after they went to a tutorial node and on to another node of ours', async () => {
      const first = await startOurNode({ spec })
      for (const text of PAYMENTS) await first.post('/transactions/new', text)
      await first.get('/mine')
      const served = await first.get('/chain')
      expect(amountsIn(served).slice(0, WRITTEN.length), 'as written').toEqual(WRITTEN)
      const parties = JSON.parse(served).chain[1].transactions.slice(WRITTEN.length, -1)
      expect(parties.map(({ sender }: { sender: string }) => sender)).toEqual(NAMES)

      const theirs = await startTutorialNode(dialect)
      await theirs.post('/nodes/register', JSON.stringify({ nodes: [first.address] }))
      expect(JSON.parse(await theirs.get('/nodes/resolve')).message).toBe('Our chain was replaced')
      const second = await startOurNode({ spec })
      const { report } = await resolveWith(second, [theirs])
      expect(report).toMatchObject([{ verdict: 'adopted', length: 2 }])

      const hashes = await hashesOf(first)
      expect(await hashesOf(second)).toEqual(hashes)
      for (const node of [first, theirs, second]) {
        expect(await hashedByPython(await node.get('/chain'))).toEqual(hashes)
      }
    })

    it('are known again when they come back, so that nothing is replaced', async () => {
      const ours = await startOurNode({ spec })
      for (const text of PAYMENTS) await ours.post('/transactions/new', text)
      await ours.get('/mine')
      const served = await ours.get('/chain')
      const theirs = await startTutorialNode(dialect, { load: served })
      const { message, report } = await resolveWith(ours, [theirs])
      expect(message).toBe('Our chain is authoritative')
      const tip = (await hashedByPython(served)).at(-1)
      expect(report).toEqual([{ node: theirs.address, verdict: 'same', length: 2, tip }])
      expect(await ours.get('/chain'), 'and ours stay as they were written').toBe(served)
    })
  })

  describeInterop('that wait here and are in a tutorial node’s chain', () => {
    it('are the same payments, however they were written', async () => {
      const theirs = await startTutorialNode(dialect)
      const ours = await startOurNode({ spec })
      for (const text of PAYMENTS) {
        await theirs.post('/transactions/new', text)
        await ours.post('/transactions/new', text)
      }
      await theirs.get('/mine')
      await resolveWith(ours, [theirs])
      expect(JSON.parse(await ours.get('/transactions')).transactions).toEqual([])
    })
  })
})

describeInterop('a chain that Python alone calls JSON', () => {
  it.each(['1e400', '-1e400'])('with an amount of %s is refused', async (amount) => {
    const theirs = await startTutorialNode('tutorial')
    await theirs.post('/transactions/new', paymentText('Lea', 'Mark', amount))
    await theirs.get('/mine')
    expect(await theirs.get('/chain'), 'infinity is no JSON').toContain('Infinity')
    const ours = await startOurNode({ spec: CLASSIC })
    const { message, report } = await resolveWith(ours, [theirs])
    expect(message).toBe('Our chain is authoritative')
    expect(report).toMatchObject([{ verdict: 'misbehaved', reason: 'not-a-chain' }])
    expect(JSON.parse(await ours.get('/info')).height).toBe(1)
  })
})
