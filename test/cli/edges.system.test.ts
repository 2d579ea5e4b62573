/** What goes wrong around a program: pipes that close, rights that lack, files that are not ours. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { runProcess, startProcess } from '../helpers/program.ts'
import { startServer } from '../helpers/servers.ts'
import { run, startNode } from '../helpers/toychain.ts'
import { ownVector } from '../helpers/vectors.ts'

const EASY = ['--difficulty', '1', '--threads', '1']
const PROGRAM = fileURLToPath(new URL('../../bin/toychain.js', import.meta.url))

/** Runs a shell line in which $TOYCHAIN is the program. */
async function shell(line: string, env: NodeJS.ProcessEnv = {}) {
  const TOYCHAIN = `${process.execPath} ${PROGRAM}`
  const child = spawn('bash', ['-c', line], { env: { ...process.env, ...env, TOYCHAIN } })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk
    })
  }
  const [status] = await once(child, 'close')
  return { status, out }
}

describe('a pipe that closes', () => {
  it('ends a command without a word', async () => {
    const node = await startNode([...EASY, '--memory'])
    for (let i = 0; i < 3; i++) await fetch(`${node.url}/mine`)
    const big = 'x'.repeat(1_000)
    const body = JSON.stringify({ sender: big, recipient: big, amount: 1 })
    const headers = { 'content-type': 'application/json' }
    for (let i = 0; i < 200; i++) {
      await fetch(`${node.url}/transactions/new`, { method: 'POST', headers, body })
    }
    await fetch(`${node.url}/mine`)
    const line = `$TOYCHAIN chain --json --node ${node.url} | head -c 5; echo " \${PIPESTATUS[0]}"`
    const { out } = await shell(line)
    expect(out).toBe('{"cha 141\n')
    await node.stop()
  })

  it('does not end a node', async () => {
    const { child, url } = await startProcess(['--memory', '--log-level', 'info', ...EASY])
    child.stdout?.destroy()
    child.stderr?.destroy()
    for (let i = 0; i < 3; i++) expect((await fetch(`${url}/mine`)).status).toBe(200)
    child.kill('SIGTERM')
    expect((await once(child, 'close'))[0]).toBe(0)
  })
})

describe('an output that nobody reads', () => {
  /** Answered while the log of it all goes nowhere: more than a pipe, a terminal and the node hold. */
  async function askMuch(url: string): Promise<void> {
    const path = `/payments?party=${'x'.repeat(1_000)}`
    for (let i = 0; i < 40; i++) {
      const answers = Array.from({ length: 50 }, () => fetch(`${url}${path}`))
      for (const answer of await Promise.all(answers)) {
        expect(answer.status).toBe(200)
        await answer.arrayBuffer()
      }
    }
  }

  it('is a pipe: lines are dropped, counted, and the count is said when it is read', async () => {
    const args = ['--memory', '--log-level', 'info', ...EASY]
    const { child, url, said, stop } = await startProcess(args)
    child.stderr?.pause()
    await askMuch(url)
    child.stderr?.resume()
    await expect.poll(said).toMatch(/toychain: \d{2,} lines were dropped here/)
    expect(await stop()).toBe(0)
  }, 60_000)

  it.skipIf(process.platform === 'win32')(
    'is a stopped terminal: the node goes on',
    async () => {
      const node = [process.execPath, PROGRAM, 'node', '--port', '0', '--memory', ...EASY]
      const child = spawn('python3', ['-c', STOPPED_TERMINAL, ...node, '--log-level', 'info'])
      const ended = once(child, 'close')
      let out = ''
      child.stdout.on('data', (chunk) => {
        out += chunk
      })
      await expect.poll(() => out, { timeout: 10_000 }).toMatch(/Ctrl\+C/)
      await askMuch(/http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '')
      child.stdin.end()
      expect((await ended)[0]).toBe(0)
    },
    60_000,
  )
})

/** A terminal that shows the greeting and then stands still; when its input ends, so does the program in it. */
const STOPPED_TERMINAL = `
import os, pty, signal, sys
program, terminal = pty.fork()
if program == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
while b"Ctrl+C" not in shown:
    shown += os.read(terminal, 4096)
os.write(1, shown)
sys.stdin.read()
os.kill(program, signal.SIGTERM)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]))
`

describe('a signal', () => {
  it('while a client waits for a block answers it before the connection closes', async () => {
    const { child, url } = await startProcess(['--memory', '--difficulty', '64'])
    const mined = fetch(`${url}/mine`)
    await fetch(`${url}/health`)
    child.kill('SIGTERM')
    const answer = await mined
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'shutting-down' })
  })
})

describe('data', () => {
  it.skipIf(process.platform === 'win32')(
    'that are deleted under a node end it, and the answer says no',
    async () => {
      const data = join(temporaryFolder(), 'data')
      const node = await startProcess(['--data', data, ...EASY])
      const ended = once(node.child, 'close')
      expect((await fetch(`${node.url}/mine`)).status).toBe(200)
      rmSync(data, { recursive: true })
      const answer = await fetch(`${node.url}/mine`)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ code: 'store-failed' })
      expect((await ended)[0]).toBe(1)
      expect(node.said()).toContain(`${join(data, DATABASE_FILE)} was deleted or replaced`)
    },
  )

  it('of another program are neither opened nor deleted', async () => {
    const folder = temporaryFolder()
    const other = new Database(join(folder, DATABASE_FILE))
    other.exec('CREATE TABLE shopping (item)')
    other.close()
    for (const args of [
      ['node', '--port', '0'],
      ['reset', '--yes'],
    ]) {
      expect(await run([...args, '--data', folder])).toMatchObject({ status: 1 })
    }
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(true)
  })

  it('are read by verify without a trace, stopped or running', async () => {
    const folder = temporaryFolder()
    const node = await startNode([...EASY, '--data', folder])
    await fetch(`${node.url}/mine`)
    expect(await run(['verify', '--data', folder])).toMatchObject({ status: 0 })
    await node.stop()
    const before = readdirSync(folder)
    expect(await run(['verify', '--data', folder])).toMatchObject({ status: 0 })
    expect(readdirSync(folder)).toEqual(before)
  })

  it('that a node cannot begin with are free again once it has said so', async () => {
    const folder = temporaryFolder()
    const node = await startNode([...EASY, '--data', folder])
    await node.stop()
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec("UPDATE headers SET chainwork = 'zz'")
    db.close()
    expect(await run(['node', '--port', '0', ...EASY, '--data', folder])).toMatchObject({
      status: 1,
    })
    expect(await run(['reset', '--yes', '--data', folder])).toMatchObject({ status: 0 })
  })

  it('that are damaged may be reset', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, DATABASE_FILE), 'garbage')
    expect(await run(['node', '--port', '0', '--data', folder])).toMatchObject({ status: 1 })
    expect(await run(['reset', '--yes', '--data', folder])).toMatchObject({ status: 0 })
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(false)
  })

  it.each([
    ["UPDATE current_transactions SET text = 'xx'", 'transaction'],
    ['UPDATE headers SET active = 0', 'chain'],
    ["UPDATE headers SET chainwork = 'zz'", 'work'],
  ])('with a damaged row give one line and no stack: %s', async (sql, said) => {
    const folder = temporaryFolder()
    const node = await startNode([...EASY, '--data', folder])
    const body = '{"sender": "a", "recipient": "b", "amount": 1}'
    const headers = { 'content-type': 'application/json' }
    await fetch(`${node.url}/transactions/new`, { method: 'POST', headers, body })
    await node.stop()
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec(sql)
    db.close()
    const { status, err } = await run(['node', '--port', '0', ...EASY, '--data', folder])
    expect(status).toBe(1)
    expect(err).toContain(said)
    expect(err).not.toMatch(/^\s+at /m)
  })

  it('without a block say which one, when the chain is read and when it is verified', async () => {
    const folder = temporaryFolder()
    const first = await startNode([...EASY, '--data', folder])
    for (let i = 0; i < 3; i++) await fetch(`${first.url}/mine`)
    await first.stop()
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec('DELETE FROM bodies WHERE arrival = 3')
    db.close()
    const second = await startNode([...EASY, '--data', folder])
    for (const path of ['/chain', '/chain?from=3&limit=1', '/blocks/3']) {
      const answer = await fetch(second.url + path)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ code: 'store-damaged' })
    }
    expect((await fetch(`${second.url}/blocks/4`)).status).toBe(200)
    await second.stop()
    const { status, err } = await run(['verify', '--data', folder])
    expect(status).toBe(2)
    expect(err).toContain('index 3')
  })
})

describe('input', () => {
  it('that is empty is said to be empty', async () => {
    const { status, err } = await run(['verify', '-'])
    expect(status).toBe(2)
    expect(err).toContain('empty')
  })

  it('never drives the terminal', async () => {
    const input = '[{"\u001b[2J": 1, "a\nb": "\u0007"}]'.replace('\n', '\\n')
    const { out, err } = await run(['verify', '-'], { input })
    expect(out + err).not.toMatch(/[^\n\P{Cc}]/u)
    const broken = await run(['hash', '-'], { input: '\u001b[31m\u0007' })
    expect(broken.err).not.toMatch(/[^\n\P{Cc}]/u)
  })

  it('may be a block as a node serves it, whose hash is then compared', async () => {
    const { blocks } = JSON.parse(ownVector('dvf_chain_plain.json'))
    const { wire, hash } = blocks[1]
    const served = (said: string) => `${wire.slice(0, -1)}, "hash": "${said}", "active": true}`
    const right = await run(['hash', '-'], { input: served(hash) })
    expect([right.status, right.out.split('\n')[1]]).toEqual([0, hash])
    expect(await run(['hash', '-'], { input: served('0'.repeat(64)) })).toMatchObject({ status: 1 })
  })

  it('is found from where the user is, also through npm', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'chain.json'), ownVector('tutorial-chain.json'))
    const through = (folder: string) => ({ INIT_CWD: folder, npm_lifecycle_event: 'toychain' })
    const verify = (env: NodeJS.ProcessEnv) => runProcess(['verify', 'chain.json'], { env })
    expect(await verify(through(folder))).toMatchObject({ status: 0 })
    expect(await verify(through(join(folder, 'gone')))).toMatchObject({ status: 2 })
    // A script of somebody else's that went elsewhere on purpose stays there.
    const line = `cd ${folder} && $TOYCHAIN verify chain.json`
    expect(await shell(line, through('/'))).toMatchObject({ status: 0 })
  })

  it('is no node where a server answers what no node does', async () => {
    for (const status of [204, 205, 304, 302, 799]) {
      const port = await startServer((_request, response) => response.writeHead(status).end())
      const { status: exit, err } = await run(['mine', '--node', `http://127.0.0.1:${port}`])
      expect(exit, err).toBe(1)
      expect(err).not.toMatch(/^\s+at /m)
    }
  })

  it('refuses an empty token where one was asked for', async () => {
    const args = ['node', '--port', '0', '--memory', '--token', '']
    expect(await run(args)).toMatchObject({ status: 2 })
  })

  it('refuses a token that no header can carry', async () => {
    expect(await run(['mine', '--token', 'a\nb'])).toMatchObject({ status: 2 })
  })
})
