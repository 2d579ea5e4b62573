import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Page } from '../../../src/api/http/page-files.ts'
import { sharedApi } from '../../helpers/api.ts'
import { builtPage } from '../../helpers/built-page.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const POLICY =
  "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';" +
  "script-src 'self' 'wasm-unsafe-eval';style-src 'self';img-src 'self';connect-src 'self';worker-src 'self'"

const page: Page = builtPage()

describe('the page', () => {
  const api = sharedApi({ page })
  const ask = (url: string, headers: Record<string, string>) => api().app.inject({ url, headers })

  it('is what a browser gets at /, and JSON what everybody else gets', async () => {
    const answer = await ask('/', { accept: BROWSER })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers.vary).toContain('accept')
    expect(answer.body).toContain('<div id="page">')
    for (const accept of ['*/*', 'application/json', 'application/json, text/html', '']) {
      const other = await ask('/', { accept })
      expect(other.headers['content-type'], accept).toMatch(/^application\/json/)
      expect(other.headers.vary).toBe('accept')
    }
  })

  it('may load its own files, compile the kernel and ask its node, and nothing else', async () => {
    const addresses = ['/', ...[...page.assets.keys()].map((name) => `/page/${name}`)]
    for (const url of addresses) {
      const answer = await ask(url, { accept: BROWSER })
      expect(answer.headers['content-security-policy'], url).toBe(POLICY)
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('names no other place, and has no script or style in it', () => {
    const html = page.html.bytes.toString()
    expect(html).not.toMatch(/https?:|<style|<script(?![^>]* src="\/page\/)|\son\w+=/)
  })

  it('has all files that it names', async () => {
    const named = [...page.html.bytes.toString().matchAll(/(?:src|href)="(\/[^"]+)"/g)]
    expect(named.length).toBeGreaterThan(2)
    for (const [, url = ''] of named) expect((await ask(url, {})).statusCode, url).toBe(200)
  })

  it('comes compressed to who takes that, and as it is to others', async () => {
    for (const [name, file] of page.assets) {
      const url = `/page/${name}`
      const packed = await ask(url, { 'accept-encoding': 'br, gzip;q=0.8' })
      expect(packed.headers['content-encoding']).toBe('gzip')
      expect(gunzipSync(packed.rawPayload).equals(file.bytes)).toBe(true)
      for (const encoding of ['identity', 'gzip;q=0', 'gzip; q=0.0, br']) {
        const plain = await ask(url, { 'accept-encoding': encoding })
        expect(plain.headers['content-encoding'], encoding).toBeUndefined()
        expect(plain.rawPayload.equals(file.bytes)).toBe(true)
      }
    }
  })

  it('is asked for anew each time, its files only when their names change', async () => {
    expect((await ask('/', { accept: BROWSER })).headers['cache-control']).toBe('no-cache')
    expect((await ask('/page/icon.svg', {})).headers['cache-control']).toBe('no-cache')
    const [script] = [...page.assets.keys()].filter((name) => name.endsWith('.js'))
    const { headers } = await ask(`/page/${script}`, {})
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })
})

describe('a node without a page', () => {
  const api = sharedApi()

  it('answers browsers in JSON too', async () => {
    const answer = await api().app.inject({ url: '/', headers: { accept: BROWSER } })
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
  })
})
