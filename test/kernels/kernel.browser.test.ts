/**
 * The kernel in a browser, on the page and in a worker, under a policy that allows scripts of the same
 * origin and WebAssembly and nothing else: no request to anywhere but for the scripts themselves.
 */
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'
import { describePage } from '../helpers/page.ts'
import { startServer } from '../helpers/servers.ts'

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"

const SEARCH = `import { openKernel } from '/kernels/kernel.ts'
const kernel = openKernel()
const puzzle = { type: 'decimal', before: '100', after: '', zeros: 4 }
const { found } = kernel.searchDecimal(puzzle, { from: 0, tries: 100000 })
`
const FILES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>kernel</title><script type="module" src="/page.js"></script>',
  '/page.js': `${SEARCH}
const worker = new Worker('/worker.js', { type: 'module' })
const inWorker = await new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data)
  worker.onerror = ({ message }) => reject(new Error(message))
})
console.info(JSON.stringify({ onPage: found, inWorker, kind: kernel.kind }))`,
  '/worker.js': `${SEARCH}\npostMessage(found)`,
}

const asked: string[] = []

function serve({ url = '' }: IncomingMessage, response: ServerResponse): void {
  asked.push(url)
  response.setHeader('content-security-policy', POLICY)
  const [, kernel] = /^\/kernels\/([\w.-]+\.ts)$/.exec(url) ?? []
  if (kernel !== undefined) {
    const source = readFileSync(new URL(`../../src/kernels/${kernel}`, import.meta.url), 'utf8')
    response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source))
    return
  }
  const text = FILES[url]
  response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript')
  response.writeHead(text === undefined ? 404 : 200).end(text)
}

describePage('the kernel in Chromium', (visitor) => {
  it('finds the proof on the page and in a worker, under the strictest policy', async () => {
    const port = await startServer(serve)
    const page = await visitor.window()
    const problems: string[] = []
    // To look into the page would be to evaluate there, which its policy forbids: it speaks itself.
    const answer = new Promise<string>((resolve, reject) => {
      page.on('console', (message) => {
        if (message.type() === 'info') resolve(message.text())
        else problems.push(message.text())
      })
      page.on('pageerror', (error) => reject(error))
    })
    const [said] = await Promise.all([answer, page.goto(`http://127.0.0.1:${port}/`)])
    expect(JSON.parse(said)).toEqual({ onPage: 35_293, inWorker: 35_293, kind: 'simd' })
    expect(problems.filter((text) => !text.includes('favicon'))).toEqual([])
    const scripts = /^\/(page\.js|worker\.js|kernels\/[\w.-]+\.ts|favicon\.ico)?$/
    expect(asked.filter((url) => !scripts.test(url))).toEqual([])
  })
})
