import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPage } from '../../src/api/http/page-files.ts'
import { makeFolder } from '../helpers/folders.ts'
import { runTool } from '../helpers/tools.ts'
import { startNode } from '../helpers/toychain.ts'

const HTML = { headers: { accept: 'text/html' } }

/** What a node says at its start, and what it gives a browser. */
async function started(...args: string[]) {
  const node = await startNode(['--memory', ...args])
  const answer = await fetch(node.url, HTML)
  return { said: node.said(), type: answer.headers.get('content-type') ?? '' }
}

describe('the page of toychain node', () => {
  it('is built where it has to be, served and named in the greeting', async () => {
    const { said, type } = await started('--build-page')
    expect(type).toMatch(/^text\/html/)
    expect(said).toMatch(/http:\S+ +the page/)
  })

  it('is left out with --no-page', async () => {
    const { said, type } = await started('--no-page', '--build-page')
    expect(type).toMatch(/^application\/json/)
    expect(said).not.toContain('the page')
  })
})

describe('tools/page.ts', () => {
  const above = makeFolder()
  const folder = join(above, 'page')
  let first = ''
  beforeAll(() => {
    first = runTool('page.ts', folder).stderr
  })
  afterAll(() => rmSync(above, { recursive: true }))

  it('builds a page that is missing, and says so', () => {
    expect(first).toMatch(/^Building the page, because it is not there yet … done in [\d.]+ s\.\n$/)
    expect(readPage(folder)?.html.bytes.toString()).toContain('<div id="page">')
  })

  it('builds the page that is for users, whoever builds it', () => {
    expect(process.env.NODE_ENV).toBe('test')
    const sizes = [...(readPage(folder)?.assets ?? [])].map(([name, { gzipped }]) => {
      return name.startsWith('assets/index-') && name.endsWith('.js') ? (gzipped?.length ?? 0) : 0
    })
    const firstLoad = Math.max(...sizes)
    expect(firstLoad).toBeGreaterThan(20_000)
    expect(firstLoad).toBeLessThan(120_000)
  })

  it('leaves a fresh page alone, and builds a stale one, which it says', () => {
    expect(runTool('page.ts', folder).stderr).toBe('')
    rmSync(join(folder, 'assets'), { recursive: true })
    writeFileSync(join(folder, 'sources.txt'), 'of another day')
    expect(runTool('page.ts', folder).stderr).toContain('its sources have changed')
    expect(readPage(folder)?.assets.size).toBeGreaterThan(5)
  })
})
