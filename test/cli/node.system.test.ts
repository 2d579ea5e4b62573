import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { exchange, statusOf as statusIn } from '../api/raw-http.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { hasIpv6 } from '../helpers/ipv6.ts'
import { runProcess, startProcess } from '../helpers/program.ts'
import { run, startNode } from '../helpers/toychain.ts'

const EASY = ['--difficulty', '1', '--threads', '1']
const lea = { sender: 'Lea', recipient: 'Mark', amount: '10.0' }

describe('toychain node', () => {
  it('says where it listens, where its data lie, and what to try next', async () => {
    const folder = temporaryFolder()
    const node = await startNode([...EASY, '--data', folder])
    expect(node.greeting).toContain(node.url)
    expect(node.greeting).toContain(folder)
    expect(node.greeting).toContain(`${node.url}/docs`)
    for (const line of node.greeting.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    expect(await node.stop()).toBe(0)
  })

  it('keeps its data in the platform folder, by chain and port', async () => {
    const home = temporaryFolder()
    const node = await startProcess(EASY, { XDG_DATA_HOME: home, HOME: home, LOCALAPPDATA: home })
    const port = new URL(node.url).port
    expect(node.greeting).toContain(`classic-${port}`)
    expect(await node.stop()).toBe(0)
  })

  it('finds everything again after a restart', async () => {
    const folder = temporaryFolder()
    const first = await startNode([...EASY, '--data', folder])
    const client = new NodeClient(first.url)
    await client.send(lea)
    const block = await client.mine()
    await client.send({ ...lea, amount: '1e-7' })
    const { id } = await client.info()
    expect(await first.stop()).toBe(0)

    const second = await startNode([...EASY, '--data', folder])
    const again = new NodeClient(second.url)
    expect(await again.info()).toMatchObject({ id, height: 2, tip: { hash: block.hash } })
    expect((await again.chain()).blocks[1]?.transactions[0]).toEqual(lea)
    const waiting = await (await fetch(`${second.url}/transactions`)).text()
    expect(waiting).toContain('"amount": 1e-7')
    await second.stop()
  })

  it('stops with a clear word where another node has come into its data', async () => {
    const data = temporaryFolder()
    const first = await startProcess([...EASY, '--data', data])
    await new NodeClient(first.url).send(lea)
    rmSync(join(data, 'lock.sqlite'))
    const second = await startProcess([...EASY, '--data', data])
    const block = await new NodeClient(second.url).mine()
    let said = ''
    first.child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    const ended = once(first.child, 'close')
    const refused = new NodeClient(first.url).send(lea)
    await expect(refused).rejects.toMatchObject({ status: 503, code: 'store-failed' })
    expect(await ended).toEqual([1, null])
    expect(said).toContain('another node has begun to write these data')
    expect(await new NodeClient(second.url).info()).toMatchObject({ tip: { hash: block.hash } })
    expect(block.transactions).toContainEqual(lea)
    expect(await second.stop()).toBe(0)
  })

  it('mines from the start with --mine, and says so', async () => {
    const node = await startNode([...EASY, '--memory', '--mine'])
    expect(node.greeting).toContain('one block after another')
    const client = new NodeClient(node.url)
    expect(await client.mining()).toMatchObject({ on: true, threads: 1 })
    const stream = await fetch(`${node.url}/events`)
    for await (const chunk of stream.body ?? []) {
      if (Buffer.from(chunk).includes('event: block')) break
    }
    expect((await client.mining()).found).toBeGreaterThan(0)
    expect(await node.stop()).toBe(0)
  })

  it('keeps nothing with --memory', async () => {
    const home = temporaryFolder()
    const node = await startNode([...EASY, '--memory'], { XDG_DATA_HOME: home, HOME: home })
    expect(node.greeting).toContain('in memory only')
    await new NodeClient(node.url).mine()
    await node.stop()
    expect(readdirSync(home)).toEqual([])
  })

  it.each([
    [{ npm_config_memory: 'true' }, [], '--memory', 'npm start -- --memory'],
    [{ npm_config_port: '6115' }, [], '--port', 'npm start -- --port 6115'],
    [{ npm_config_port: 'true' }, ['6115'], '--port', 'npm start -- --port 6115'],
    [{ npm_config_page: '' }, [], '--no-page', 'npm start -- --no-page'],
    [{ npm_config_resolve_every: '5' }, [], '--resolve-every', 'npm start -- --resolve-every 5'],
    [{ npm_config_parseable: 'true' }, ['6115'], 'an option', 'npm start -- -p 6115'],
  ] as [NodeJS.ProcessEnv, string[], string, string][])(
    'refuses to start where npm has kept an option: %j %j',
    async (variables, args, kept, right) => {
      const env = { npm_lifecycle_event: 'start', ...variables }
      const refused = await run(['node', ...args], { env })
      expect(refused.status).toBe(2)
      expect(refused.err).toContain(`npm has kept ${kept} for itself`)
      expect(refused.err).toContain(`\n  ${right}\n`)
    },
  )

  it('starts under npm with what npm sets by itself', async () => {
    const env = {
      npm_lifecycle_event: 'start',
      npm_config_user_agent: 'npm/11',
      npm_config_cache: '/tmp',
      npm_config_json: 'true',
      npm_config_loglevel: 'silent',
      npm_config_page: 'true',
    }
    await (await startNode([...EASY, '--memory'], env)).stop()
  })

  it('takes -p for its port, and no arguments', async () => {
    const node = await startNode([...EASY, '--memory', '-p', '0'])
    await node.stop()
    const refused = await run(['node', '6115'])
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('got "6115"')])
  })

  it('refuses data that another node has open', async () => {
    const folder = temporaryFolder()
    await startNode([...EASY, '--data', folder])
    const second = await runProcess(['node', '--port', '0', ...EASY, '--data', folder])
    expect(second.status).toBe(1)
    expect(second.err).toContain(folder)
    expect(second.err).toContain('--data')
  })

  it('refuses data made under another difficulty and names both specs', async () => {
    const folder = temporaryFolder()
    await (await startNode([...EASY, '--data', folder])).stop()
    const other = await run(['node', '--port', '0', '--difficulty', '2', '--data', folder])
    expect(other.status).toBe(1)
    expect(other.err).toContain('"difficulty": 1')
    expect(other.err).toContain('"difficulty": 2')
  })

  it('says that a port is taken, before it makes any data, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => {
      server.close()
    })
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const folder = join(temporaryFolder(), 'data')
    const node = await run(['node', '--port', port, '--data', folder])
    expect(node.status).toBe(1)
    expect(node.err).toContain(`port ${port}`)
    expect(node.err).toContain('--port 0')
    expect(existsSync(folder)).toBe(false)
  })

  it.skipIf(!hasIpv6)(
    'listens on both loopbacks, and on no port that is taken on one',
    async () => {
      const node = await startNode([...EASY, '--memory'])
      const { port } = new URL(node.url)
      for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
        const client = new NodeClient(`http://${host}:${port}`)
        expect((await client.info()).height).toBe(1)
        // A stream is ended with the node, wherever it came in.
        expect((await fetch(`http://${host}:${port}/events`)).status).toBe(200)
      }
      expect(await node.stop()).toBe(0)
      await expect(fetch(`http://[::1]:${port}/info`)).rejects.toThrow()
      const server = createServer().listen(0, '::1')
      onTestFinished(() => {
        server.close()
      })
      await once(server, 'listening')
      const address = server.address()
      const taken = typeof address === 'object' ? String(address?.port) : ''
      const other = await run(['node', '--port', taken, '--memory'])
      expect([other.status, other.err]).toEqual([
        1,
        expect.stringContaining(`port ${taken} on ::1`),
      ])
    },
  )

  it('says where others reach it, and takes requests by the machine’s own name', async () => {
    const node = await startNode([...EASY, '--memory', '--host', '0.0.0.0'])
    const { port } = new URL(node.url)
    const name = hostname().toLowerCase()
    const outside = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const host of [...outside.map(({ address }) => address), name]) {
      expect(node.greeting).toContain(`http://${host}:${port}`)
    }
    expect(node.greeting).toContain(`--host 0.0.0.0 --peer ${outside[0]?.address ?? name}:${port}`)
    const statusOf = async (host: string) => {
      const text = await exchange(
        node.url,
        `GET /info HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      return statusIn(text)
    }
    expect(await statusOf(`${name}:${port}`)).toBe(200)
    expect(await statusOf(`other-${name}`)).toBe(403)
    expect(node.said()).toContain(`--allowed-host other-${name}`)
    await node.stop()
  })

  it('ends cleanly at a signal, even while it mines', async () => {
    const node = await startProcess(['--memory', '--difficulty', '64'])
    const mined = fetch(`${node.url}/mine`).catch((error: Error) => error)
    await fetch(`${node.url}/health`)
    expect(await node.stop('SIGINT')).toBe(0)
    await mined
  })

  it('ends at once at a second signal', async () => {
    const node = await startProcess(['--memory', '--difficulty', '64'])
    const mined = fetch(`${node.url}/mine`).catch((error: Error) => error)
    await fetch(`${node.url}/health`)
    // Both are there before the node has closed anything: it has a search to end first.
    node.child.kill('SIGINT')
    expect([130, 143]).toContain(await node.stop('SIGTERM'))
    await mined
  })

  it('warns once when it listens beyond this machine without a token', async () => {
    const { said } = await startNode(['--host', '0.0.0.0', '--memory'])
    expect(said()).toContain('--token')
    expect(said().match(/Warning/g)).toHaveLength(1)
  })

  it.each([
    [['--port', '65536'], 'port'],
    [['--port', 'x'], 'port'],
    [['--difficulty', '65'], 'difficulty'],
    [['--chain', 'bitcoin-gold'], 'classic, toychain-py'],
    [['--log-level', 'loud'], 'log-level'],
    [['--memory', '--data', 'x'], 'cannot be used with'],
    [['--prot', '1'], 'Did you mean --port?'],
    [['--rate-limit', '0'], 'rate-limit'],
  ])('refuses %j as misuse', async (args, said) => {
    const { status, err } = await run(['node', ...args])
    expect(status).toBe(2)
    expect(err).toContain(said)
  })

  it('runs a chain from a spec file', async () => {
    const folder = temporaryFolder()
    const spec = join(folder, 'my.json')
    writeFileSync(spec, '{"name": "my-class", "rules": "classic", "difficulty": 1}')
    const node = await startNode(['--chain', spec, '--memory'])
    expect((await new NodeClient(node.url).info()).chain).toBe('my-class')
    await node.stop()
  })
})

describe('a node with a token', () => {
  it('has none where the variable is empty', async () => {
    vi.stubEnv('TOYCHAIN_TOKEN', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const node = await startNode(['--memory', ...EASY])
    expect((await new NodeClient(node.url).mine()).index).toBe(2)
    await node.stop()
  })

  it('lets nobody change it without, and keeps the token out of its log', async () => {
    const { url, said } = await startProcess(['--memory', '--log-level', 'trace', ...EASY], {
      TOYCHAIN_TOKEN: 'open-sesame',
    })
    await expect(new NodeClient(url, { token: 'open-sesam' }).mine()).rejects.toMatchObject({
      code: 'token-required',
    })
    await expect(new NodeClient(url).mine()).rejects.toMatchObject({ code: 'token-required' })
    expect((await new NodeClient(url, { token: 'open-sesame' }).mine()).index).toBe(2)
    expect(said()).toContain('/mine')
    expect(said()).not.toContain('open-sesame')
  })
})
