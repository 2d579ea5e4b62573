import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../src/node/store/store.ts'
import { storedBlock, storedTransaction } from '../../../src/node/store/stored.ts'
import { EASY, payment } from '../../helpers/chains.ts'

const { genesis } = EASY.rules

describe('text that we stored ourselves', () => {
  it('reads back as it was', () => {
    expect(storedBlock(EASY.rules, genesis.text)).toEqual(genesis)
    const transaction = payment('Zoë', '\ud800', '1e-7')
    expect(storedTransaction(EASY.rules, transaction.text)).toEqual(transaction)
  })

  it.each(['', '{', '[]', '{"index": 1}'])('is damaged where no rule takes it: %j', (text) => {
    for (const read of [storedBlock, storedTransaction]) {
      expect(() => read(EASY.rules, text)).toThrow(StoreError)
      expect(() => read(EASY.rules, text)).toThrow(
        expect.objectContaining({ code: 'store-damaged' }),
      )
    }
  })

  it('is not blamed for a fault of ours', () => {
    const broken = {
      ...EASY.rules,
      decodeBlock: (): never => {
        throw new TypeError('ours')
      },
    }
    expect(() => storedBlock(broken, genesis.text)).toThrow(TypeError)
  })
})
