/** Nodes as their users run them: registering, resolving, agreeing by themselves, parting and rejoining. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { runProcess, startProcess } from '../helpers/program.ts'
import { run, startNode } from '../helpers/toychain.ts'

/** A node with what others know it by, and what asks it. */
function reached<T extends { readonly url: string }>(node: T) {
  return { ...node, at: new URL(node.url).host, client: new NodeClient(node.url) }
}

const node = async (...args: string[]) => reached(await startNode(args))

/** Waits until all nodes have one tip; says which if they do not agree in time. */
async function agreement(clients: readonly NodeClient[], withinMs: number): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const infos = await Promise.all(clients.map((client) => client.info()))
    const [first] = infos
    if (first !== undefined && infos.every(({ tip }) => tip.hash === first.tip.hash)) {
      return first.height
    }
    const tips = infos.map(({ height, tip }) => `${height} ${tip.hash.slice(0, 8)}`)
    if (performance.now() - begun > withinMs) throw new Error(`no agreement: ${tips.join(', ')}`)
  }
}

const QUICK = ['--memory', '--difficulty', '2', '--threads', '1']

describe('toychain nodes and resolve', () => {
  it('add, list, resolve and remove', async () => {
    const [one, other] = [await node(...QUICK), await node(...QUICK)]
    vi.stubEnv('TOYCHAIN_NODE', one.url)
    onTestFinished(() => void vi.unstubAllEnvs())
    const cli = async (...args: string[]) => {
      const { out, err, status } = await run(args)
      return { out, err, status, lines: out.trim().split('\n') }
    }
    expect((await cli('nodes')).out).toContain('No nodes are registered')
    expect((await cli('resolve')).out).toContain('No nodes are registered')
    expect((await cli('nodes', 'add', other.at, `http://${other.at}/`)).out).toContain('1 new node')
    expect((await cli('nodes')).lines[1]).toMatch(/^127\.0\.0\.1:\d+ +\? +never +0 +not asked yet$/)

    await other.client.mine()
    const resolved = await cli('resolve')
    expect(resolved.lines[0]).toBe('Our chain was replaced: 2 block(s)')
    expect(resolved.lines[2]).toMatch(/^127\.0\.0\.1:\d+ +2 +adopted$/)
    expect((await cli('nodes')).lines[1]).toMatch(/ 2 +\d+ s ago +0 +adopted$/)

    await other.stop()
    expect((await cli('resolve')).lines.slice(2)).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ +\? +unreachable \(connection-failed\)$/),
      expect.stringMatching(/^ {2}connect ECONNREFUSED/),
    ])
    expect((await cli('nodes', 'remove', other.at)).out).toContain('has been removed')
    expect(await cli('nodes', 'remove', other.at)).toMatchObject({
      status: 1,
      err: expect.stringContaining('node-not-found'),
    })
    expect(await cli('nodes', 'add', 'a b')).toMatchObject({
      status: 1,
      err: expect.stringContaining('bad-address'),
    })
  })

  it('take --node behind each of their words', async () => {
    const [one, other] = [await node(...QUICK), await node(...QUICK)]
    const to = ['--node', one.url]
    expect(await run(['nodes', 'add', other.at, ...to])).toMatchObject({ status: 0 })
    expect((await run(['nodes', ...to])).out).toContain(other.at)
    expect(await run(['nodes', 'remove', other.at, ...to])).toMatchObject({ status: 0 })
    expect((await run(['nodes', ...to])).out).toContain('No nodes are registered')
  })

  it('ask the node that TOYCHAIN_NODE names', async () => {
    const one = await node(...QUICK)
    await one.client.register(['127.0.0.1:717'])
    const { out } = await runProcess(['nodes'], { env: { TOYCHAIN_NODE: one.url } })
    expect(out).toContain('127.0.0.1:717')
  })

  it('keeps lines within 80 columns', async () => {
    for (const command of [
      ['nodes'],
      ['nodes', 'add'],
      ['nodes', 'remove'],
      ['resolve'],
      ['node'],
    ]) {
      const { out, status } = await run([...command, '--help'])
      expect(status).toBe(0)
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    }
  })
})

describe('toychain node', () => {
  it.each([
    [['--peer', 'a b'], '--peer'],
    [['--peer', 'https://host:1'], '--peer'],
    [['--resolve-every', '0'], '--resolve-every'],
    [['--resolve-every', '0.05'], '--resolve-every'],
    [['--resolve-every', 'x'], '--resolve-every'],
  ])('refuses %j before it touches any data', async (args, said) => {
    const { status, err } = await run(['node', '--data', '/nowhere/at/all', ...args])
    expect({ status, names: err.includes(said) }).toEqual({ status: 2, names: true })
  })

  it('says that a --peer is itself, and keeps the others across a restart', async () => {
    const data = temporaryFolder()
    const other = await node(...QUICK)
    const first = await node('--data', data, '--difficulty', '2', '--peer', other.at)
    expect(first.greeting).toMatch(/Nodes +1 other node\n/)
    const port = new URL(first.url).port
    await first.stop()
    const own = ['--peer', `localhost:${port}`, '--port', port, '--resolve-every', '1']
    const again = await node('--data', data, '--difficulty', '2', ...own)
    expect(again.said()).toContain(`--peer localhost:${port} is this node itself`)
    expect(again.greeting).toMatch(/Nodes +1 other node, asked every 1 s\n/)
    expect((await again.client.nodes()).map((known) => known.node)).toEqual([other.at])
  })
})

describe('nodes that resolve by themselves', () => {
  it('come to one tip when mining stops, however many forks they made', async () => {
    const nodes: Awaited<ReturnType<typeof node>>[] = []
    for (let i = 0; i < 5; i++) {
      const peers = nodes.flatMap(({ at }) => ['--peer', at])
      nodes.push(await node(...QUICK, '--resolve-every', '0.1', ...peers))
    }
    const clients = nodes.map(({ client }) => client)
    const all = nodes.map(({ at }) => at)
    for (const client of clients) await client.register(all)
    const mined = clients.map(async (client) => {
      for (let i = 0; i < 20; i++) await client.mine()
    })
    await Promise.all(mined)
    const height = await agreement(clients, 10_000)
    expect(height).toBeGreaterThan(20)
  })

  it('agree again after one was away, and no payment is lost or doubled', async () => {
    const data = temporaryFolder()
    const [a, b] = [await node(...QUICK), await node(...QUICK)]
    const kept = ['--data', data, '--difficulty', '2']
    const c = reached(await startProcess(kept))
    const port = new URL(c.url).port
    await c.client.send({ sender: 'Lea', recipient: 'Mark', amount: '1' })
    await c.client.mine()
    for (const { client } of [a, b]) await client.register([c.at])
    for (const { client } of [a, b]) await client.resolve()
    await agreement([a.client, b.client, c.client], 1_000)

    // c is away: it goes on alone, and so do the two others.
    for (const { client } of [a, b]) await client.removeNode(c.at)
    await a.client.register([b.at])
    await c.client.send({ sender: 'Zoe', recipient: 'Mark', amount: '2.0' })
    await c.client.mine()
    await c.stop('SIGKILL')
    await a.client.send({ sender: 'Ann', recipient: 'Mark', amount: '3' })
    for (let i = 0; i < 3; i++) await a.client.mine()
    await b.client.register([a.at])
    expect((await b.client.resolve()).replaced).toBe(true)

    const back = await node(...kept, '--port', port, '--peer', a.at, '--peer', b.at)
    expect((await back.client.chain()).length).toBe(3)
    expect(await back.client.resolve()).toMatchObject({ replaced: true, length: 5 })
    await agreement([a.client, b.client, back.client], 1_000)
    const { blocks } = await back.client.chain()
    const paid = blocks.flatMap(({ transactions }) => transactions.map(({ sender }) => sender))
    expect(paid.filter((sender) => sender !== '0')).toEqual(['Lea', 'Ann'])
    // What only the block of c held waits again, written as it was.
    const waiting = await (await fetch(`${back.url}/transactions`)).text()
    expect(waiting).toBe(
      '{"transactions": [{"amount": 2.0, "recipient": "Mark", "sender": "Zoe"}], "length": 1}',
    )
  })
})
