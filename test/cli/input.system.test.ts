/** What commands read has a bound, and every wait for it an end. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFrom, readWhole } from '../../src/cli/input.ts'
import { MAX_SPEC_BYTES } from '../../src/core/limits.ts'
import { EASY } from '../helpers/chains.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run } from '../helpers/toychain.ts'

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'file.json')
  writeFileSync(path, text)
  return path
}

function pipe(): string {
  const path = join(temporaryFolder(), 'pipe')
  expect(spawnSync('mkfifo', [path]).status).toBe(0)
  return path
}

describe('a whole input', () => {
  it('has so many bytes, and not one more', async () => {
    const path = fileWith('x'.repeat(100_000))
    expect(await readWhole(readFrom(path), path, 100_000)).toHaveLength(100_000)
    await expect(readWhole(readFrom(path), path, 99_999)).rejects.toMatchObject({
      status: 2,
      message: `unreadable: ${path} has more than 99999 bytes`,
    })
  })
})

describe.skipIf(process.platform === 'win32')('a pipe with a name', () => {
  it('that nobody writes is given up', async () => {
    const path = pipe()
    await expect(readWhole(readFrom(path, 20), path, 100)).rejects.toMatchObject({
      status: 2,
      message: `unreadable: ${path} has brought nothing for 0.02 s`,
    })
  })

  it('whose writer is silent is given up', async () => {
    const path = pipe()
    const read = readFrom(path, 20)
    const first = read.next()
    const writer = await open(path, 'w')
    await writer.write('[')
    expect(String((await first).value)).toBe('[')
    await expect(read.next()).rejects.toMatchObject({ status: 2 })
    await writer.close()
  })

  it('is read to its end', async () => {
    const path = pipe()
    const read = readWhole(readFrom(path), path, 10)
    const writer = await open(path, 'w')
    await writer.write('12345')
    await writer.write('67890')
    await writer.close()
    expect(String(await read)).toBe('1234567890')
  })
})

describe.runIf(process.platform === 'linux')('a device without an end', () => {
  it.each([
    [['hash', '/dev/zero'], '/dev/zero has more than 8000000 bytes'],
    [['verify', '/dev/zero'], 'at most 65536 characters around the array'],
    [['node', '--memory', '--chain', '/dev/zero'], '/dev/zero has more than 65536 bytes'],
  ])('is unreadable: %s', async (args, expected) => {
    const { status, err } = await run(args)
    expect(status).toBe(2)
    expect(err).toContain(expected)
  })
})

describe('a chain spec in a file', () => {
  const text = EASY.text
  const block = JSON.stringify({
    index: 1,
    previous_hash: '1',
    proof: 100,
    timestamp: 1767225600.5,
    transactions: [],
  })

  it(`may have ${MAX_SPEC_BYTES} bytes`, async () => {
    const spec = fileWith(text + ' '.repeat(MAX_SPEC_BYTES - text.length))
    expect(await run(['hash', '-', '--chain', spec], { input: block })).toMatchObject({ status: 0 })
  })

  it('may have none more', async () => {
    const spec = fileWith(text + ' '.repeat(MAX_SPEC_BYTES + 1 - text.length))
    const { status, err } = await run(['hash', '-', '--chain', spec], { input: block })
    expect(status).toBe(2)
    expect(err).toContain(`${spec} has more than ${MAX_SPEC_BYTES} bytes`)
  })
})

describe('verify', () => {
  it('reads no further than the first block that breaks a rule', async () => {
    const endless = `[${'{"index": 2},'.repeat(20)}`
    const { status, out } = await run(['verify', '-'], { input: endless })
    expect(status).toBe(1)
    expect(out).toContain('invalid: block 1, bad-block-keys')
  })
})
