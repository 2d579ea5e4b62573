/** The command on real headers of Bitcoin, from its genesis and from the middle, and on files that are none. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAX_HEADER_LINE_BYTES } from '../../src/core/limits.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run } from '../helpers/toychain.ts'
import { describeShared, sharedVector } from '../helpers/vectors.ts'

/** The first three headers of Bitcoin. */
const GENESIS =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e' +
  '67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c'
const FIRST =
  '010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e' +
  '1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299'
const HASHES = [
  '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  '00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048',
] as const

function verify(input: string, ...options: string[]) {
  return run(['verify-headers', '-', ...options], { input })
}

async function verdict(input: string, ...options: string[]) {
  const { status, out } = await verify(input, '--json', ...options)
  return { status, ...JSON.parse(out) }
}

describe('toychain verify-headers', () => {
  it('reads headers in hex, a line each, and knows the genesis', async () => {
    expect(await verdict(`${GENESIS}\n${FIRST}\n`)).toEqual({
      status: 0,
      valid: true,
      headers: 2,
      first: { height: 0, hash: HASHES[0] },
      last: { height: 1, hash: HASHES[1] },
      chainwork: '200020002'.padStart(64, '0'),
      not_checked: [],
    })
  })

  it('says the same to a person', async () => {
    const { status, out } = await verify(`${GENESIS}\n${FIRST}`)
    expect(status).toBe(0)
    expect(out.split('\n')).toEqual([
      `valid: 2 header(s), height 0 to height 1, the last is ${HASHES[1]}`,
      '  work: 8590065666 hashes (0x200020002)',
      '',
    ])
  })

  it('reads CSV with and without names, in any order, with other columns, remarks and CRLF', async () => {
    const files = [
      `0,${HASHES[0]},${GENESIS}\n1,${HASHES[1]},${FIRST}\n`,
      `# from somewhere\r\nheight,hash,header\r\n0,${HASHES[0]},${GENESIS}\r\n\r\n1,${HASHES[1]},${FIRST}\r\n`,
      `header,chainwork,height\n${GENESIS},1,0\n${FIRST},2,1`,
      `${GENESIS.toUpperCase()}\n${FIRST}\n`,
    ]
    for (const file of files) expect(await verdict(file)).toMatchObject({ status: 0, headers: 2 })
  })

  it('says which checks were not made of which headers, where they begin in the middle', async () => {
    const { out } = await verify(FIRST, '--height', '1')
    expect(out).toContain(
      'not checked: the height, the link to the header before, the difficulty, the median time',
    )
    const unknown = await verify(FIRST)
    expect(unknown.status).toBe(0)
    expect(unknown.out).toContain('valid: 1 header(s), number 1 to number 1')
    expect(unknown.out).toContain('no height is said: --height names the first')
  })

  it('names line, height, rule, what was expected and what came', async () => {
    const forged = FIRST.replace(/99$/, '98')
    expect(await verdict(`# x\n${GENESIS}\n${forged}\n`)).toMatchObject({
      status: 1,
      valid: false,
      line: 3,
      height: 1,
      code: 'high-hash',
      expected: 'at most 00000000ffff0000000000000000000000000000000000000000000000000000',
      got: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const { status, out } = await verify(`${GENESIS}\n${GENESIS}\n`)
    expect(status).toBe(1)
    expect(out).toContain('invalid: line 2, height 1, bad-previous-hash: ')
  })

  it('refuses a hash or a height in the file that lies', async () => {
    expect(await verdict(`0,${HASHES[1]},${GENESIS}\n`)).toMatchObject({
      status: 1,
      code: 'bad-claim',
      field: 'hash',
      expected: HASHES[0],
    })
    expect(await verdict(`0,${HASHES[0]},${GENESIS}\n2,${HASHES[1]},${FIRST}\n`)).toMatchObject({
      status: 1,
      code: 'bad-claim',
      field: 'height',
      expected: 1,
      got: 2,
    })
  })

  it.each([
    ['nothing', '', 'there is no header'],
    ['remarks alone', '# a\n\n# b\n', 'there is no header'],
    ['names alone', 'height,hash,header\n', 'there is no header'],
    ['text', 'hello\n', 'line 1: expected a header of 160 hex digits, got "hello"'],
    ['a header that is too short', GENESIS.slice(2), 'line 1: expected a header of 160 hex digits'],
    ['a header that is too long', `${GENESIS}00`, 'line 1: expected a header of 160 hex digits'],
    ['a row with too few cells', `0,${GENESIS}`, 'line 1: expected height,hash,header'],
    ['a height that is none', `-1,${HASHES[0]},${GENESIS}`, 'line 1: expected a height, got "-1"'],
    ['a hash that is none', `0,00,${GENESIS}`, 'line 1: expected a hash of 64 hex digits'],
    ['control characters', '\u001b[31m', 'got "\\u001b[31m"'],
  ])('cannot read %s', async (_what, input, expected) => {
    const { status, err, out } = await verify(input)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain(`unreadable: `)
    expect(err).toContain(expected)
  })

  it('cannot read a file that is not there, nor a height that is none', async () => {
    expect(await run(['verify-headers', '/no/such/file'])).toMatchObject({ status: 2 })
    expect(await verify(GENESIS, '--height', '-1')).toMatchObject({ status: 2 })
    expect(await verify(GENESIS, '--height', '1e3')).toMatchObject({ status: 2 })
    expect(await verify(`0,${HASHES[0]},${GENESIS}`, '--height', '1')).toMatchObject({ status: 2 })
    expect(await verify(`0,${HASHES[0]},${GENESIS}`, '--height', '0')).toMatchObject({ status: 0 })
  })

  it('reads a line of so many bytes, and not one more', async () => {
    const remark = (bytes: number) => `#${'x'.repeat(bytes - 1)}\n${GENESIS}\n`
    expect(await verify(remark(MAX_HEADER_LINE_BYTES))).toMatchObject({ status: 0 })
    const { status, err } = await verify(remark(MAX_HEADER_LINE_BYTES + 1))
    expect(status).toBe(2)
    expect(err).toContain(`line 1 has more than ${MAX_HEADER_LINE_BYTES} bytes`)
  })

  it.runIf(process.platform === 'linux')('gives up a line without an end', async () => {
    const { status, err } = await run(['verify-headers', '/dev/zero'])
    expect(status).toBe(2)
    expect(err).toContain('line 1 has more than')
  })

  it('is explained by its help', async () => {
    const { status, out } = await run(['verify-headers', '--help'])
    expect(status).toBe(0)
    for (const word of ['--height', '--json', 'Exit status: 0 valid, 1 invalid, 2 unreadable']) {
      expect(out).toContain(word)
    }
  })
})

describeShared('toychain verify-headers on shared files', () => {
  it('finds them valid, from a file', async () => {
    for (const [name, headers] of [
      ['bitcoin_headers_0_2016.csv', 2_017],
      ['bitcoin_headers_822528_826560.csv', 4_033],
    ] as const) {
      const path = join(temporaryFolder(), name)
      writeFileSync(path, sharedVector(`headers/${name}`))
      const { status, out } = await run(['verify-headers', path, '--json'])
      expect(status).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ valid: true, headers })
    }
  })

  it('says that a check was not made of the last header either', async () => {
    const rows = sharedVector('headers/bitcoin_headers_0_2016.csv').trim().split('\n')
    const { status, out } = await verify(rows.slice(3).join('\n'))
    expect(status).toBe(0)
    expect(out).toContain('valid: 2016 header(s), height 1 to height 2016')
    expect(out).toContain('not checked of 2 header(s): the difficulty; the last is one of them')
    expect(out).toContain('the median time; checked of all from height 12 on')
  })

  it('says from which header on each check was made of all', async () => {
    const rows = sharedVector('headers/bitcoin_headers_822528_826560.csv').trim().split('\n')
    const some = rows.slice(-2_535)
    const expected = (height: (of: number) => number | null) => [
      { code: 'bad-index', headers: 1, complete_from: { number: 2, height: height(824_027) } },
      {
        code: 'bad-previous-hash',
        headers: 1,
        complete_from: { number: 2, height: height(824_027) },
      },
    ]
    const said = await verdict(some.join('\n'))
    expect(said.not_checked.slice(0, 2)).toEqual(expected((of) => of))
    expect(said.not_checked.slice(2)).toEqual([
      { code: 'bad-diffbits', headers: 2, complete_from: { number: 520, height: 824_545 } },
      { code: 'time-too-old', headers: 11, complete_from: { number: 12, height: 824_037 } },
    ])
    const hex = some.map((row) => row.split(',')[2]).join('\n')
    const unsaid = await verdict(hex)
    expect(unsaid).toMatchObject({ status: 0, first: { height: null }, chainwork: said.chainwork })
    expect(unsaid.not_checked).toEqual([
      ...expected(() => null),
      { code: 'time-too-old', headers: 11, complete_from: { number: 12, height: null } },
      { code: 'bad-diffbits', headers: 519, complete_from: { number: 520, height: null } },
    ])
    expect(await verdict(hex, '--height', '824026')).toMatchObject({
      not_checked: said.not_checked,
    })
  })

  it('finds that headers of another network are not of this chain', async () => {
    const name = 'testnet3_fork_headers.csv'
    const { status, out } = await verify(sharedVector(`headers/${name}`))
    expect(status).toBe(1)
    expect(out).toContain('bad-genesis')
  })
})
