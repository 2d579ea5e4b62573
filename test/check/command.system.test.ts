/** `toychain check` as its users see it: the page, the files, the exit status, and what is refused. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../helpers/folders.ts'
import { startServer } from '../helpers/servers.ts'
import { run, startNode } from '../helpers/toychain.ts'
import { startHostile } from '../hostile/hostile-server.ts'
import { Student, startStudent } from './student.ts'

const QUICK = ['--difficulty', '2', '--stage', 'resolve']

function check(node: string, ...args: string[]) {
  return run(['check', node, '--difficulty', '2', ...args])
}

/** A student's node with one thing otherwise. */
async function student(change: (student: Student) => Partial<Student> = () => ({})) {
  const made = new Student()
  Object.assign(made, change(made))
  return { made, url: await startStudent(made) }
}

const wrong = () => student(() => ({ text: (block) => JSON.stringify(block) }))

describe('toychain check', () => {
  it('shows a right node’s stages, what it leaves behind, and ends with 0', async () => {
    const { url } = await student()
    const { status, out } = await check(url, '--stage', 'resolve')
    expect(status).toBe(0)
    expect(out).toContain(`Judging ${url}, chain classic`)
    for (const stage of ['chain', 'transactions', 'mine', 'register', 'resolve']) {
      expect(out).toMatch(new RegExp(`✓ right ${stage} +\\d+ of \\d+ checks passed`))
    }
    expect(out).toContain('The node is right: 5 of 5 required stage(s) passed.')
    expect(out).toMatch(
      /leaves behind: 5 block\(s\).*4 peer\(s\) that are gone: restart your node\./,
    )
  })

  it('explains the first mistake, both texts beneath each other, and ends with 1', async () => {
    const { url } = await wrong()
    const { status, out } = await check(url)
    expect(status).toBe(1)
    expect(out).toContain('✗ wrong mine')
    const at = out.indexOf('The first mistake: mine, link, block 2, rule bad-previous-hash')
    expect(at).toBeGreaterThan(0)
    const lines = out.slice(at).split('\n')
    expect(lines[1]).toContain('the keys are not sorted')
    expect(lines[2]).toMatch(/^ {2}expected {3}[0-9a-f]{64}$/)
    expect(lines[3]).toMatch(/^ {2}got {8}[0-9a-f]{64}$/)
    expect(lines[4]).toMatch(/\^ they part at byte \d+/)
    const byte = Number(/byte (\d+)/.exec(lines[4] ?? '')?.[1])
    const [expected = '', got = ''] = [lines[2], lines[3]].map((line) => line?.slice(13))
    expect(expected.slice(0, byte - 1)).toBe(got.slice(0, byte - 1))
    expect(expected[byte - 1]).not.toBe(got[byte - 1])
    expect(lines[5]).toMatch(/^ {2}hash this {2}\{"index": 1, "previous_hash"/)
    expect(lines[6]).toMatch(/^ {2}and not {4}\{"index":1,"timestamp"/)
    expect(lines[7]?.indexOf('^')).toBe('  hash this  {"index":'.length)
    expect(out).toMatch(
      /– open {2}resolve .*\n.*not judged, because it rests on mine\/link: all of it/,
    )
  })

  it('gives the whole report as JSON, and nothing else on standard output', async () => {
    const { url } = await wrong()
    const { status, out } = await check(url, '--json', '--stage', 'mine')
    expect(status).toBe(1)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ node: url, chain: 'classic', difficulty: 2, passed: false })
    expect(
      report.stages.map(({ stage, required, passed }: Record<string, unknown>) => [
        stage,
        required,
        passed,
      ]),
    ).toEqual([
      ['chain', true, true],
      ['transactions', true, true],
      ['mine', true, false],
    ])
    const checks = report.stages[2].checks
    const link = checks.find(({ name }: { name: string }) => name === 'link')
    expect(link).toMatchObject({ passed: false, block: 2, rule: 'bad-previous-hash' })
    for (const key of ['why', 'source', 'expected', 'got', 'hint']) expect(link[key]).toMatch(/./)
    const proof = checks.find(({ name }: { name: string }) => name === 'proof')
    expect(proof).toMatchObject({ passed: null, restsOn: 'mine/link' })
    expect(Array.isArray(report.remarks)).toBe(true)
  })

  it('writes JUnit, Markdown and a trace without credentials', async () => {
    const folder = temporaryFolder()
    const { url } = await wrong()
    const [junit, markdown, trace] = ['r.xml', 'r.md', 'r.jsonl'].map((name) => join(folder, name))
    const named = url.replace('http://', 'http://lea:secret@')
    await check(
      named,
      '--junit',
      `${junit}`,
      '--markdown',
      `${markdown}`,
      '--trace',
      `${trace}`,
      '--stage',
      'mine',
    )
    const xml = readFileSync(`${junit}`, 'utf8')
    expect(xml).toContain('<testsuite name="mine" tests="9" failures="1" skipped="1">')
    expect(xml).toContain('<testcase classname="mine" name="link">')
    const text = readFileSync(`${markdown}`, 'utf8')
    expect(text).toContain('| mine | yes | ✗ failed, 7 of 9 checks |')
    expect(text).toContain('## ✗ mine: link')
    const exchanges = readFileSync(`${trace}`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(exchanges[0]).toMatchObject({ method: 'GET', path: '/chain', status: 200 })
    expect(exchanges.some(({ path }) => path === '/mine')).toBe(true)
    for (const written of [xml, text, JSON.stringify(exchanges)])
      expect(written).not.toContain('secret')
  })

  it('takes an address without http://, and judges one stage after those that it needs', async () => {
    const { url } = await student()
    const { status, out } = await check(url.replace('http://', ''), '--stage', 'register')
    expect(status).toBe(0)
    expect(out.match(/^. right (\w+)/gm)?.map((line) => line.slice(8))).toEqual([
      'chain',
      'register',
    ])
  })

  it('shows what a node says as data, and none of its control characters', async () => {
    const evil = '\u001b[2J\u202e\u009b\u007f```\n# Passed\n<script>&"'
    const { url } = await student(() => ({ mine: () => ({ status: 500, body: { evil } }) }))
    const folder = temporaryFolder()
    const [junit, markdown] = ['r.xml', 'r.md'].map((name) => join(folder, name))
    const { out } = await check(url, '--junit', `${junit}`, '--markdown', `${markdown}`)
    expect(/[\p{Cc}\p{Cf}]/u.test(out.replaceAll('\n', ''))).toBe(false)
    const text = readFileSync(`${markdown}`, 'utf8')
    expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''))).toBe(false)
    expect(text).not.toMatch(/^# Passed/m)
    const xml = readFileSync(`${junit}`, 'utf8')
    expect(xml).not.toContain('<script>')
    expect(/[\p{Cc}\p{Cf}]/u.test(xml.replaceAll('\n', ''))).toBe(false)
    const trace = join(folder, 'r.jsonl')
    const { url: another } = await student(() => ({
      mine: () => ({ status: 500, body: { evil } }),
    }))
    const json = (await check(another, '--json', '--trace', trace)).out
    for (const written of [json, readFileSync(trace, 'utf8')]) {
      expect(/[\p{Cc}\p{Cf}]/u.test(written.replaceAll('\n', ''))).toBe(false)
    }
    // Escaped, and the same when it is read.
    const exchanges = readFileSync(trace, 'utf8').trim().split('\n')
    const { received } = exchanges
      .map((line) => JSON.parse(line))
      .find(({ path }) => path === '/mine')
    expect(JSON.parse(received)).toEqual({ evil })
  })
})

describe('no judgement, and 2, of', () => {
  it('a node that does not answer', async () => {
    const { status, err, out } = await check('http://127.0.0.1:1')
    expect([status, out]).toEqual([2, expect.not.stringContaining('right')])
    expect(err).toContain('http://127.0.0.1:1 does not answer: connect ECONNREFUSED')
  })

  it('a node with more than 20 blocks, unless it is told to', async () => {
    const { made, url } = await student()
    for (let i = 0; i < 19; i++) made.mine()
    expect((await check(url, '--stage', 'chain')).status).toBe(0)
    expect(made.chain).toHaveLength(21)
    const { status, err } = await check(url, '--stage', 'chain')
    expect([status, err]).toEqual([2, expect.stringContaining('its chain has 21 blocks')])
    expect(made.chain).toHaveLength(21)
    expect((await check(url, '--stage', 'chain', '--overwrite')).status).toBe(0)
  })

  it('a node of ours that keeps its data, unless it is told to', async () => {
    const { url } = await startNode([
      '--data',
      temporaryFolder(),
      '--difficulty',
      '2',
      '--threads',
      '1',
      '--no-page',
    ])
    const { status, err } = await check(url, ...QUICK)
    expect([status, err]).toEqual([2, expect.stringContaining('keeps its data')])
    expect((await check(url, '--stage', 'chain', '--overwrite')).status).toBe(0)
  })

  it('a node whose chain moves by itself', async () => {
    const { url } = await student((s) => ({
      shown: () => {
        Student.prototype.mine.call(s)
        return Student.prototype.shown.call(s)
      },
    }))
    const { status, err } = await check(url)
    expect([status, err]).toEqual([2, expect.stringContaining('changed by itself')])
  })

  it.each([
    [
      'switches protocols',
      'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'another protocol',
    ],
    ['speaks no HTTP', 'hello\r\n\r\n', 'Parse Error'],
    [
      'redirects without end',
      'HTTP/1.1 302 F\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n',
      'redirected more than 3 times',
    ],
  ])('a node that %s', async (_what, bytes, says) => {
    const { address } = await startHostile(async ({ asked, send }) => {
      await asked()
      await send(bytes)
    })
    const { status, err } = await check(address)
    expect([status, err]).toEqual([2, expect.stringContaining(says)])
  })

  it.each(['https', 'ftp'])(
    'is none of a redirect to %s: the node is told what came',
    async (scheme) => {
      const server = await startHostile(async ({ asked, send, address }) => {
        await asked()
        const to = `${scheme}://${address}/chain`
        await send(`HTTP/1.1 302 F\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`)
      })
      const { status, out } = await check(server.address)
      expect([status, out]).toEqual([1, expect.stringContaining('status 302')])
    },
  )

  it('what is not finished in time', async () => {
    const port = await startServer(() => {})
    const { status, err } = await check(`http://127.0.0.1:${port}`, '--deadline', '0.2')
    expect([status, err]).toEqual([2, expect.stringContaining('not finished within 0.2 s')])
  })

  it.each([
    [['https://localhost:5000'], 'expected an address'],
    [['http://localhost:5000', '--stage', 'mining'], 'Allowed choices are chain, transactions'],
    [['http://localhost:5000', '--timeout', '0'], 'seconds above 0'],
    [['http://localhost:5000', '--chain', 'no-such'], 'neither a preset'],
    [[], "missing required argument 'node'"],
  ])('%j', async (args, says) => {
    const { status, err } = await run(['check', ...args])
    expect([status, err]).toEqual([2, expect.stringContaining(says)])
  })
})

it('reaches a node in a container by another name of this machine', async () => {
  const { made, url } = await student()
  const registered = vi.spyOn(made, 'register')
  expect((await check(url, ...QUICK, '--peer-host', 'localhost')).status).toBe(0)
  expect(registered.mock.calls[0]?.[0][0]).toMatch(/^http:\/\/localhost:\d+$/)
})

it('is patient with an answer that takes long, and not for ever', async () => {
  const { made, url } = await student()
  const answer = made.answer.bind(made)
  const held = Promise.withResolvers<void>()
  onTestFinished(() => held.resolve())
  made.answer = async (method, path, text) => {
    if (path === '/mine') await held.promise
    return answer(method, path, text)
  }
  const { status, out } = await check(url, '--timeout', '0.3')
  expect(status).toBe(1)
  expect(out).toContain('The first mistake: mine, answers')
  expect(out).toContain('no answer within')
})
