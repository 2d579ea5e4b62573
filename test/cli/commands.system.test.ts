import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { dataHome } from '../../src/cli/config.ts'
import { printable } from '../../src/core/printable.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { runProcess } from '../helpers/program.ts'
import { run, startNode } from '../helpers/toychain.ts'
import { ownVector } from '../helpers/vectors.ts'

const VERSION: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'input.json')
  writeFileSync(path, text)
  return path
}

describe('toychain verify', () => {
  const tutorial = ownVector('tutorial-chain.json')
  const older = ownVector('toychain-0.1-chain.json')

  it('accepts chains of real Python nodes, from a file and from standard input', async () => {
    expect(await run(['verify', fileWith(tutorial)])).toMatchObject({ status: 0 })
    const { status, out } = await run(['verify', '-', '--chain', 'toychain-py'], { input: older })
    expect(status).toBe(0)
    expect(out).toContain('valid: 4 block(s)')
  })

  it('accepts an array of blocks', async () => {
    const blocks = /\[.*\]/s.exec(tutorial)?.[0] ?? ''
    const { out, status } = await run(['verify', '-', '--json'], { input: blocks })
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ valid: true, length: 6 })
  })

  it('names block, rule, what was expected and what came', async () => {
    const forged = tutorial.replace('"amount":10,', '"amount":10.0,')
    const { status, out } = await run(['verify', '-', '--json'], { input: forged })
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      block: 3,
      code: 'bad-previous-hash',
      got: '7c975bea006fefed3356c53c034045dfc17cbb8746cde1b18bfdbfe95262bbd9',
      expected: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const said = await run(['verify', '-'], { input: forged })
    expect(said.out).toContain('invalid: block 3, bad-previous-hash')
  })

  it('refuses a chain of the other dialect', async () => {
    expect(await run(['verify', fileWith(older)])).toMatchObject({ status: 1 })
  })

  it.each([
    ['half a chain', tutorial.slice(0, -20)],
    ['no JSON', 'hello'],
    ['no chain', '{"length": 3}'],
    ['no UTF-8', Buffer.from([0x5b, 0xff, 0x5d]).toString('latin1')],
    ['nothing', ''],
  ])('says that it cannot read %s', async (_what, text) => {
    const path = fileWith('')
    writeFileSync(path, text, 'latin1')
    const { status, err } = await run(['verify', path])
    expect(status).toBe(2)
    expect(err).toContain('unreadable')
  })

  it('says that a file is not there', async () => {
    expect(await run(['verify', '/no/such/file'])).toMatchObject({ status: 2 })
    expect(await run(['verify', '--data', temporaryFolder()])).toMatchObject({ status: 2 })
    expect(await run(['verify'])).toMatchObject({ status: 2 })
  })

  it('checks the data of a node while it runs, and finds a block that was changed', async () => {
    const folder = temporaryFolder()
    const node = await startNode(['--difficulty', '1', '--data', folder])
    for (let i = 0; i < 3; i++) await fetch(`${node.url}/mine`)
    expect(await run(['verify', '--data', folder])).toMatchObject({ status: 0 })
    await node.stop()
    const { Database } = await import('../../src/adapters/sqlite/database.ts')
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec(
      `UPDATE bodies SET text = replace(text, '"amount": 1,', '"amount": 9,') WHERE arrival = 4`,
    )
    db.close()
    const { status, out } = await run(['verify', '--data', folder, '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ valid: false, block: 4, code: 'bad-stored-header' })
    const again = new Database(join(folder, DATABASE_FILE))
    again.exec(`UPDATE bodies SET text = replace(text, '"amount": 9,', '"amount": 1,')`)
    again.exec(`UPDATE headers SET timestamp = '7' WHERE height = 3`)
    again.close()
    const index = await run(['verify', '--data', folder, '--json'])
    expect(JSON.parse(index.out)).toMatchObject({ block: 3, code: 'bad-stored-header', got: '7' })
  })
})

describe('toychain hash', () => {
  it('prints the canonical text and the hash that Python computes', async () => {
    const { blocks } = JSON.parse(ownVector('dvf_chain_plain.json'))
    const { wire, canonical, hash } = blocks[3]
    const { status, out } = await run(['hash', '-'], { input: wire })
    expect(status).toBe(0)
    expect(out).toBe(`${canonical}\n${hash}\n`)
  })

  it('refuses what is no block, with the rule', async () => {
    const { status, err } = await run(['hash', '-'], { input: '{}' })
    expect(status).toBe(2)
    expect(err).toContain('unreadable')
  })
})

describe('toychain send, mine, chain', () => {
  it('talk to a running node', async () => {
    const node = await startNode(['--difficulty', '1', '--memory'])
    const to = ['--node', node.url]
    const sent = await run(['send', 'Zoë\u001b[31m', 'Mark', '10.0', ...to])
    expect(sent).toMatchObject({ status: 0, err: '' })
    expect(sent.out.trim()).toMatch(/block at index 2$/)
    const mined = await run(['mine', ...to])
    expect(mined.out).toContain('Block 2 forged')
    const chain = await run(['chain', ...to])
    expect(chain.out).toContain('Zoë\\u001b[31m → Mark  10.0')
    expect(chain.out).toContain('Block 1')
    const one = await run(['chain', '--from', '2', '--limit', '1', '--json', ...to])
    const direct = await (await fetch(`${node.url}/chain?from=2&limit=1`)).text()
    expect(one.out.trim()).toBe(direct)
    const few = await run(['chain', '--limit', '1', ...to])
    expect(few.out).not.toContain('Block 1 ')
    expect(few.err).toContain('1 of 2')
    await node.stop()
  })

  it('say what is wrong with an amount before they ask a node', async () => {
    const { status, err } = await run(['send', 'a', 'b', 'ten'])
    expect(status).toBe(2)
    expect(err).toContain('ten')
  })

  it('say that no node is there, and how to start one', async () => {
    const { status, err } = await run(['mine', '--node', 'http://127.0.0.1:9'])
    expect(status).toBe(1)
    expect(err).toContain('http://127.0.0.1:9')
    expect(err).toContain('npm start')
  })
})

describe('toychain reset', () => {
  it('deletes with --yes, and asks nothing of a terminal that is not there', async () => {
    const folder = temporaryFolder()
    await (await startNode(['--data', folder])).stop()
    const asked = await run(['reset', '--data', folder])
    expect(asked.status).toBe(2)
    expect(asked.err).toContain('--yes')
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(true)
    expect(await run(['reset', '--data', folder, '--yes'])).toMatchObject({ status: 0 })
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(false)
    expect((await run(['reset', '--data', folder, '--yes'])).out).toContain('Nothing to delete')
  })

  it('does not delete under a running node', async () => {
    const folder = temporaryFolder()
    const node = await startNode(['--data', folder])
    expect(await run(['reset', '--data', folder, '--yes'])).toMatchObject({ status: 1 })
    expect((await fetch(`${node.url}/health`)).status).toBe(200)
    await node.stop()
  })
})

describe('the program', () => {
  it('says and ends in a process of its own as it does in that of a test', async () => {
    const chain = ownVector('tutorial-chain.json')
    const invalid = chain.replace('"amount":10,', '"amount":10.0,')
    for (const [status, input] of [chain, invalid, 'hello'].entries()) {
      const finished = await runProcess(['verify', '-'], { input })
      expect(finished.status).toBe(status)
      expect(await run(['verify', '-'], { input })).toEqual(finished)
    }
  })

  it('prints its version and its help, each command its own, within 80 columns', async () => {
    expect((await run(['--version'])).out.trim()).toBe(VERSION)
    const help = await run(['--help'])
    expect(help.status).toBe(0)
    const commands = ['node', 'mine', 'send', 'chain', 'verify', 'verify-headers', 'hash', 'reset']
    for (const command of commands) expect(help.out).toContain(`  ${command}`)
    const all = await Promise.all(commands.map((command) => run([command, '--help'])))
    for (const { status, out } of [help, ...all]) {
      expect(status).toBe(0)
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    }
  })

  it('suggests the command that was meant', async () => {
    const { status, err } = await run(['mien'])
    expect(status).toBe(2)
    expect(err).toContain('mine')
  })

  it('shows its help when it is asked for nothing', async () => {
    const { status, err } = await run([])
    expect(status).toBe(2)
    expect(err).toContain('Usage: toychain')
  })

  it('writes no colours where NO_COLOR is set or no terminal is there', async () => {
    for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: undefined }]) {
      const { out } = await runProcess(['--help'], { env })
      expect(out).not.toContain('\u001b[')
    }
  })

  const old = spawnSync('/usr/bin/env', [
    '-S',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'node',
    '--version',
  ])
  const oldMajor = Number(/v(\d+)/.exec(String(old.stdout))?.[1] ?? 99)
  it.skipIf(oldMajor >= 24)(
    'says in one line which Node.js it needs (run where the system has an older one)',
    () => {
      const program = fileURLToPath(new URL('../../bin/toychain.js', import.meta.url))
      const result = spawnSync('/usr/bin/env', [
        '-S',
        'PATH=/usr/local/bin:/usr/bin:/bin',
        'node',
        program,
      ])
      expect(result.status).toBe(1)
      expect(String(result.stderr).trim().split('\n')).toHaveLength(1)
      expect(String(result.stderr)).toContain('24')
    },
  )

  it('knows the data folder of each platform', () => {
    expect(dataHome('linux', { XDG_DATA_HOME: '/x' })).toBe('/x')
    expect(dataHome('linux', {})).toMatch(/\.local.share$/)
    expect(dataHome('darwin', {})).toMatch(/Application Support$/)
    expect(dataHome('win32', { LOCALAPPDATA: 'C:\\x' })).toBe('C:\\x')
  })

  it('shows texts from elsewhere without what could drive the terminal', () => {
    expect(printable('李雷 Zoë 😀')).toBe('李雷 Zoë 😀')
    expect(printable('a\u001b[2Jb\u202ec\u2028\u0000')).toBe('a\\u001b[2Jb\\u202ec\\u2028\\u0000')
  })
})
