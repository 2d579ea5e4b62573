import { describe, expect, it } from 'vitest'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { EASY } from '../../helpers/chains.ts'
import { ledgerSpec, paymentJson } from '../rules/ledger-rules.ts'

const WHEN = { timestampMs: 1_800_000_000_000, rewardTo: 'me' }

describe('a block that is begun, and sealed when its proof is found', () => {
  it('is of what waits then, where the proof does not cover it', () => {
    const chain = new BlockChain({ spec: EASY })
    chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: 1 })
    const proof = chain.proofOfWork(WHEN)
    chain.addTransaction({ sender: 'Zoë', recipient: 'Mark', amount: 1 })
    const { block } = chain.newBlock({ ...WHEN, proof, rewardTo: 'other' })
    expect(block.transactions.map(({ sender, recipient }) => `${sender} ${recipient}`)).toEqual([
      'Lea Mark',
      'Zoë Mark',
      '0 other',
    ])
  })

  it('is of what waited as it was begun, where the proof covers it', () => {
    const chain = new BlockChain({ spec: ledgerSpec() })
    chain.admit(paymentJson('bank', 'Lea', 1))
    chain.puzzle(WHEN)
    chain.admit(paymentJson('bank', 'Zoë', 1))
    const { block } = chain.newBlock({ ...WHEN, proof: 3, rewardTo: 'other' })
    expect(block.transactions.map(({ recipient }) => recipient)).toEqual(['Lea', 'me'])
    expect(chain.currentTransactions.map(({ recipient }) => recipient)).toEqual(['Zoë'])
  })

  it('is begun anew after another tip', () => {
    const chain = new BlockChain({ spec: ledgerSpec() })
    chain.puzzle(WHEN)
    chain.newBlock({ ...WHEN, proof: 3 })
    chain.admit(paymentJson('bank', 'Lea', 1))
    const { block } = chain.newBlock({
      timestampMs: WHEN.timestampMs + 60_000,
      proof: 3,
      rewardTo: 'other',
    })
    expect(block.header.index).toBe(3)
    expect(block.transactions.map(({ recipient }) => recipient)).toEqual(['Lea', 'other'])
  })
})
