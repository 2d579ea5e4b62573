/**
 * Data that an older program wrote: `version-2.sqlite` is what version 0.1 kept under schema 2, with easy
 * proofs: nine blocks, a side branch that leaves them at the second, a payment in a block, one that waits, another
 * node.
 */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DATABASE_FILE, openForReading } from '../../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { MIGRATIONS, schemaVersion } from '../../../src/adapters/sqlite/schema.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { defineRowSum } from '../../../src/adapters/sqlite/sums.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { run } from '../../helpers/toychain.ts'

const FILE = fileURLToPath(new URL('./version-2.sqlite', import.meta.url))

/** A folder with the old data. */
function older(): string {
  const folder = temporaryFolder()
  copyFileSync(FILE, join(folder, DATABASE_FILE))
  return folder
}

/** What a node has of a folder that it opens. */
function contents(folder: string) {
  const store = SqliteStore.open(folder, EASY)
  try {
    const chain = new BlockChain({ spec: EASY, store })
    return {
      length: chain.length,
      waiting: chain.currentTransactions.map(({ sender, recipient, amount }) => {
        return `${sender} ${recipient} ${amount}`
      }),
      nodes: chain.nodes,
      sides: store.sideTips(9).map(({ index, chainwork }) => [index, chainwork]),
      paid: [...store.blocksWith('Mark', 9)].flatMap((header) => header?.index ?? []),
      id: store.identity(),
    }
  } finally {
    store.close()
  }
}

const EXPECTED = {
  length: 9,
  waiting: ['Zoë 李雷 1e-7'],
  nodes: ['known:5000'],
  sides: [[5, 5n]],
  paid: [5],
  id: '3'.repeat(32),
}

describe('data of schema version 2', () => {
  it('are brought up to date, pass every check, and go on', async () => {
    const folder = older()
    expect(contents(folder)).toEqual(EXPECTED)
    expect(await run(['verify', '--data', folder])).toMatchObject({ status: 0 })
    const store = SqliteStore.open(folder, EASY)
    await store.check()
    const chain = new BlockChain({ spec: EASY, store })
    const [end] = store.sideTips(1)
    const block = end && chain.block(end.hash)
    if (block === undefined) throw new Error('a side branch is there')
    const longer = branch(block, 5, 4)
    const changes = longer.map((each) => chain.addBlock(each))
    expect(changes.map(({ disconnected }) => disconnected.length)).toEqual([0, 0, 0, 0, 7])
    expect(chain.tip.hash).toBe(longer[4]?.header.hash)
    expect(chain.currentTransactions.map(({ sender }) => sender)).toEqual(['Lea', 'Zoë'])
    store.close()
  })

  const statements = (MIGRATIONS[2] ?? '').split(';').filter((sql) => sql.trim() !== '')
  it.each(statements.map((_, i) => i))(
    'are whole where it is interrupted after %i statements',
    (count) => {
      const folder = older()
      const db = new Database(join(folder, DATABASE_FILE))
      defineRowSum(db)
      const begun = statements
        .slice(0, count)
        .map((sql) => `${sql};`)
        .join('')
      expect(() => db.exec(`BEGIN IMMEDIATE; ${begun} INSERT INTO nowhere VALUES (1)`)).toThrow(
        StoreError,
      )
      db.close()
      const reopened = new Database(join(folder, DATABASE_FILE), { readOnly: true })
      expect(schemaVersion(reopened)).toBe(2)
      reopened.close()
      expect(contents(folder)).toEqual(EXPECTED)
    },
  )

  it('are left to a node: who may only read them says so', () => {
    expect(() => openForReading(older())).toThrow('its schema is version 2')
  })
})
