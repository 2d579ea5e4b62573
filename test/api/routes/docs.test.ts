import { describe, expect, it } from 'vitest'
import { sharedApi } from '../../helpers/api.ts'

const api = sharedApi()

/** What a page or a style sheet has a browser load. */
function assetsIn(text: string): string[] {
  const tags =
    /<(?:script|link|img|iframe|source|object|embed)\b[^>]*?\b(?:src|href|data)\s*=\s*["']?([^"'\s>]+)/gi
  const styles = /url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)/gi
  return [...text.matchAll(tags), ...text.matchAll(styles)].map((m) => m[1] ?? m[2] ?? '')
}

async function load(url: string): Promise<{ status: number; type: string; body: string }> {
  const { statusCode, headers, body } = await api().app.inject({ url })
  return { status: statusCode, type: String(headers['content-type']), body }
}

const TYPES: Record<string, RegExp> = {
  js: /^(text|application)\/javascript/,
  css: /^text\/css/,
  png: /^image\/png/,
}

describe.each(['/docs', '/docs/', '/redoc', '/redoc/'])('%s', (url) => {
  it('is a page whose every asset comes from here and is what it says', async () => {
    const page = await load(url)
    expect([page.status, page.type.split(';')[0]]).toEqual([200, 'text/html'])
    const assets = assetsIn(page.body)
    expect(assets.length).toBeGreaterThan(1)
    for (const asset of assets) {
      const { origin, pathname } = new URL(asset, `http://localhost${url}`)
      expect(origin, asset).toBe('http://localhost')
      const { status, type } = await load(pathname)
      expect(status, pathname).toBe(200)
      expect(type, pathname).toMatch(TYPES[pathname.split('.').at(-1) ?? ''] ?? /^$/)
    }
  })

  it('runs no script and no style of its own text', async () => {
    const { body } = await load(url)
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/i)
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=/i)
  })
})

it.each([
  '/docs/static/swagger-ui.css',
  '/docs/static/index.css',
  '/docs/static/swagger-initializer.js',
  '/redoc/page.css',
  '/redoc/page.js',
])('%s loads nothing from elsewhere', async (url) => {
  const { status, body } = await load(url)
  expect(status).toBe(200)
  const elsewhere = assetsIn(body).filter((asset) => /^(https?:)?\/\//.test(asset))
  expect(elsewhere).toEqual([])
})

it('Swagger UI asks no validator, and reads the description from here', async () => {
  const { body } = await load('/docs/static/swagger-initializer.js')
  expect(body).toMatch(/validatorUrl: null/)
  const own = (await load('/openapi.json')).body
  expect(JSON.parse((await load('/docs/json')).body)).toEqual(JSON.parse(own))
})

it('ReDoc’s script has no address of its maker’s servers for images', async () => {
  const { body } = await load('/redoc/redoc.standalone.js')
  expect(body).not.toContain('cdn.redoc.ly')
  expect(body.length).toBeGreaterThan(100_000)
})
