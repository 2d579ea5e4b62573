/** The page and a node that goes away: what it shows is marked as old, and it comes back by itself. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, overflowOf, PHONE } from '../helpers/page.ts'
import { startProcess } from '../helpers/program.ts'

/** A node behind something that can cut its event stream, and nothing else. */
class Cutter {
  readonly #streams = new Set<ServerResponse>()
  readonly #target: string
  #isCut = false
  url = ''

  constructor(target: string) {
    this.#target = target
  }

  async start(): Promise<void> {
    const server = createServer((incoming, response) => this.#pass(incoming, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    this.url = `http://127.0.0.1:${address.port}`
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
  }

  cut(): void {
    this.#isCut = true
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
  }

  restore(): void {
    this.#isCut = false
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const isStream = incoming.url === '/events'
    if (isStream && this.#isCut) {
      response.writeHead(503).end()
      return
    }
    if (isStream) this.#streams.add(response)
    const { method, headers, url = '' } = incoming
    const passed = request(this.#target + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    response.once('close', () => passed.destroy())
    passed.on('error', () => response.destroy())
    incoming.pipe(passed)
  }
}

const status = (page: Page, name: string) => page.locator(`.connection[data-status=${name}]`)
const height = (page: Page, text: string) =>
  page
    .locator('.figure-cell', { hasText: 'Height' })
    .locator('dd > a')
    .getByText(text, { exact: true })

async function quickNode(...args: string[]): Promise<RunningNode> {
  const node = await openNode(['--difficulty', '1', ...args])
  onTestFinished(async () => void (await node.stop()))
  return node
}

/** A process that can be killed. */
async function nodeToKill(...args: string[]) {
  const node = await startProcess(['--difficulty', '1', ...args])
  onTestFinished(async () => void (await node.stop()))
  return node
}

describePage('the page without its stream', (visitor) => {
  it('says that it is cut, still follows by looking, and is live again when it is back', async () => {
    const node = await quickNode('--memory')
    const cutter = new Cutter(node.url)
    await cutter.start()
    const { page } = await visitor.open(cutter.url)
    await status(page, 'live').waitFor()
    cutter.cut()
    await status(page, 'stale')
      .getByText(/not live, last heard .* ago/)
      .waitFor()
    await page.locator('.figures[data-stale=true]').waitFor()
    await new NodeClient(node.url).mine()
    await height(page, '2').waitFor()
    cutter.restore()
    await status(page, 'live').waitFor()
    await page.locator('.figures[data-stale=false]').waitFor()
    await new NodeClient(node.url).mine()
    await height(page, '3').waitFor()
  })

  it('says that nobody answers when the node is killed, and goes on with the one that comes', async () => {
    const folder = temporaryFolder()
    const first = await nodeToKill('--data', folder)
    const port = new URL(first.url).port
    const { page } = await visitor.open(first.url)
    await status(page, 'live').waitFor()
    await first.stop('SIGKILL')
    await status(page, 'unreachable')
      .getByText(/no answer, last heard .* ago/)
      .waitFor()
    await page.setViewportSize(PHONE)
    expect(await overflowOf(page)).toBe(0)

    const second = await quickNode('--data', folder, '--port', port)
    await status(page, 'live').waitFor()
    await new NodeClient(second.url).mine()
    await height(page, '2').waitFor()
    await page.locator('.picture-block').nth(1).waitFor()
  })

  it('shows another node that takes the place of the first, under the rules of that one', async () => {
    const first = await quickNode('--memory')
    const port = new URL(first.url).port
    await new NodeClient(first.url).mine()
    const { page } = await visitor.open(`${first.url}/#/block/2`)
    await page.getByText('1 wanted').waitFor()
    await first.stop()
    await status(page, 'unreachable').waitFor()

    const second = await quickNode('--memory', '--difficulty', '2', '--port', port)
    const { hash } = await new NodeClient(second.url).mine()
    await status(page, 'live').waitFor()
    await page.goto(`${second.url}/#/block/${hash}`)
    await page.getByText('2 wanted').waitFor()
    expect(await page.locator('.rule[data-outcome=failed]').count()).toBe(0)
  })

  it('opened while nobody answers, says that and waits', async () => {
    const node = await quickNode('--memory')
    const { page } = await visitor.open(node.url)
    await page.route('**/info', (route) => route.abort())
    await page.reload()
    await page.getByRole('alert').getByText('The node does not answer.').waitFor()
    await page.unroute('**/info')
    await height(page, '1').waitFor()
  })
})
