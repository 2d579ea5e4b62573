import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { NodeClient } from '../../src/api/client/client.ts'
import type { Block } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { branch, chainText, EASY, payment } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run, startNode } from '../helpers/toychain.ts'

const { genesis } = EASY.rules
const DIFFICULTY = ['--difficulty', '1']
const LONG = [genesis, ...branch(genesis, 450, 1)]
const OTHER = [genesis, ...branch(genesis, 20, 2)]

/** A data folder with these blocks, closed. */
function folderWith(blocks: readonly Block[]): string {
  const folder = join(temporaryFolder(), 'data')
  const store = SqliteStore.open(folder, EASY)
  const chain = new BlockChain({ spec: EASY, store })
  for (const block of blocks.slice(1)) chain.addBlock(block)
  chain.registerNodes(['a:1'])
  chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
  store.close()
  return folder
}

function fileWith(text: string): string {
  const file = join(temporaryFolder(), 'chain.json')
  writeFileSync(file, text)
  return file
}

/** All that a folder says. */
function look(folder: string) {
  const store = SqliteStore.open(folder, EASY)
  const chain = new BlockChain({ spec: EASY, store })
  const seen = {
    tip: chain.tip.hash,
    nodes: chain.nodes,
    waiting: chain.currentTransactions.map(({ text }) => text),
  }
  store.close()
  return seen
}

const take = (file: string, folder: string, ...more: string[]) =>
  run(['import', file, '--data', folder, ...DIFFICULTY, ...more])

describe('toychain export', () => {
  it('writes what /chain serves, also while the node runs', async () => {
    const folder = folderWith(OTHER)
    const node = await startNode(['--data', folder, ...DIFFICULTY])
    const served = await new NodeClient(node.url).chainText()
    const file = join(temporaryFolder(), 'out.json')
    const { status, err } = await run(['export', file, '--data', folder])
    expect([status, err]).toEqual([0, `21 block(s) exported from ${folder}.\n`])
    expect(readFileSync(file, 'utf8').trim()).toBe(served)
    const { out } = await run(['export', '--data', folder])
    expect(out.trim()).toBe(served)
    await node.stop()
  })

  it('writes over no file that is there, unless it is told to, and leaves no half of one', async () => {
    const folder = folderWith(OTHER)
    const file = fileWith('precious')
    const refused = await run(['export', file, '--data', folder])
    expect([refused.status, readFileSync(file, 'utf8')]).toEqual([2, 'precious'])
    expect(refused.err).toContain('--force')
    expect((await run(['export', file, '--data', folder, '--force'])).status).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('"length": 21}')
    const nowhere = await run(['export', join(file, 'x'), '--data', folder])
    expect([nowhere.status, nowhere.err]).toEqual([1, expect.stringContaining('cannot be written')])
    const { status } = await run(['export', '--data', join(temporaryFolder(), 'none')])
    expect(status).toBe(1)
  })
})

describe('toychain import', () => {
  it('takes a chain into new data, and then finds it there', async () => {
    const file = fileWith(chainText(LONG))
    const folder = join(temporaryFolder(), 'data')
    const { status, out } = await take(file, folder)
    expect([status, out]).toEqual([0, expect.stringContaining('451 block(s)')])
    expect(look(folder).tip).toBe(LONG.at(-1)?.header.hash)
    const again = await take(file, folder)
    expect([again.status, again.out]).toEqual([0, expect.stringContaining('Nothing to import')])
    const checked = await run(['verify', '--data', folder])
    expect(checked.out).toContain('valid: 451 block(s)')
    expect(readdirSync(folder).sort()).toEqual(['chain.sqlite', 'lock.sqlite'])
  })

  it('moves to a chain with more work, and keeps nodes and payments', async () => {
    const folder = folderWith(OTHER)
    expect((await take(fileWith(chainText(LONG)), folder)).status).toBe(0)
    expect(look(folder)).toEqual({
      tip: LONG.at(-1)?.header.hash,
      nodes: ['a:1'],
      waiting: [payment('Lea', 'Mark', '10.0').text],
    })
  })

  it('takes the array alone as well, and goes on from what an interrupted import had kept', async () => {
    const folder = folderWith([genesis])
    const store = SqliteStore.open(folder, EASY)
    const chain = new BlockChain({ spec: EASY, store })
    // As after a kill in the middle: blocks are kept, and the chain has not moved.
    for (const block of LONG.slice(1, 201)) chain.keep(block)
    store.close()
    expect(look(folder).tip).toBe(genesis.header.hash)
    const file = fileWith(`[${LONG.map(({ text }) => text).join()}]`)
    expect((await take(file, folder)).status).toBe(0)
    expect(look(folder).tip).toBe(LONG.at(-1)?.header.hash)
  })

  it.each([
    ['has less work', OTHER, LONG],
    ['has as much work', OTHER, [genesis, ...branch(genesis, 20, 3)]],
    ['is the beginning of ours', LONG.slice(0, 50), LONG],
  ])('replaces a chain by one that %s only when it is told to', async (_how, theirs, ours) => {
    const folder = folderWith(ours)
    const before = look(folder)
    const file = fileWith(chainText(theirs))
    const refused = await take(file, folder)
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('--replace')])
    expect(look(folder)).toEqual(before)
    expect((await take(file, folder, '--replace')).status).toBe(0)
    expect(look(folder).tip).toBe(theirs.at(-1)?.header.hash)
  })

  it('takes a chain with another genesis into data that have nothing else, or when it is told to', async () => {
    const foreign = genesis.text.replace(/"timestamp": [^,]*/, '"timestamp": 1.5')
    const first = EASY.rules.decodeBlock(parseJson(foreign))
    const theirs = [first, ...branch(first, 30, 4)]
    const file = fileWith(chainText(theirs))
    const empty = join(temporaryFolder(), 'data')
    expect((await take(file, empty)).status).toBe(0)
    expect(look(empty).tip).toBe(theirs.at(-1)?.header.hash)
    const folder = folderWith(OTHER)
    const refused = await take(file, folder)
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('another genesis')])
    expect((await take(file, folder, '--replace')).status).toBe(0)
    expect(look(folder).tip).toBe(theirs.at(-1)?.header.hash)
  })

  it.each([
    ['an invalid block', chainText([...LONG.slice(0, 300), ...LONG.slice(301)]), 1, 'block 301'],
    ['half a file', chainText(LONG).slice(0, 5_000), 2, 'unreadable'],
    ['nothing', '', 2, 'unreadable'],
    ['no chain', '{"length": 1}', 2, 'unreadable'],
    ['no blocks', '{"chain": []}', 1, 'nothing was changed'],
    [
      'another preset',
      '{"chain": [{"index": 1, "timestamp": 1.0, "transactions": [], "proof": 100, "previous_hash": 1}]}',
      1,
      '--chain toychain-py',
    ],
  ])('changes nothing for %s', async (_what, text, status, said) => {
    const folder = folderWith(OTHER)
    const before = look(folder)
    const refused = await take(fileWith(text), folder)
    expect([refused.status, refused.err]).toEqual([status, expect.stringContaining(said)])
    expect(look(folder)).toEqual(before)
  })

  it('needs a stopped node, a file that can be read twice, and makes no data for a bad one', async () => {
    const folder = folderWith(OTHER)
    const node = await startNode(['--data', folder, ...DIFFICULTY])
    const running = await take(fileWith(chainText(LONG)), folder)
    expect([running.status, running.err]).toEqual([1, expect.stringContaining('another node')])
    await node.stop()
    expect((await run(['import', '-', '--data', folder])).status).toBe(2)
    const none = join(temporaryFolder(), 'none')
    expect((await take(fileWith('{'), none)).status).toBe(2)
    expect((await take(join(none, 'x.json'), none)).status).toBe(2)
    expect(existsSync(none)).toBe(false)
  })
})
