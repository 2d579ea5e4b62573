/** The house rules, as tests: layers, purity, sizes. A breach that nobody sees is a rule gone. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './helpers/folders.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SRC = join(ROOT, 'src')
const BIOME = join(ROOT, 'node_modules/.bin/biome')
const TSC = join(ROOT, 'node_modules/.bin/tsc')

/** What each layer may import; itself always. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  crypto: [],
  core: [],
  node: ['core'],
  kernels: ['core'],
  adapters: ['core', 'node', 'kernels'],
  api: ['core', 'node', 'adapters'],
  cli: ['core', 'kernels', 'node', 'adapters', 'api', '.'],
  '.': ['core', 'node'],
}
const MAX_LINES = 300
const LOOSE_ENDS = /\b(TODO|FIXME|XXX)\b|@ts-|biome-ignore|\bas any\b/

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))

function layerOf(path: string): string {
  const [first = '', ...rest] = path.split('/')
  return rest.length === 0 ? '.' : first
}

function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}

describe('the layers', () => {
  it('are those that ARCHITECTURE.md names', () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
    for (const { name } of folders) {
      expect(LAYERS).toHaveProperty(name)
      expect(text).toContain(`src/${name}/`)
    }
  })

  it.each(files)('imports point downwards in $name', ({ name, text }) => {
    const layer = layerOf(name)
    const allowed = [layer, ...(LAYERS[layer] ?? [])]
    for (const target of importsOf(text).filter((path) => path.startsWith('.'))) {
      const path = relative(SRC, join(SRC, dirname(name), target))
      expect(allowed, `${name} imports ${target}`).toContain(layerOf(path))
    }
  })

  it('know the rule sets in one place only', () => {
    const knowing = files.filter(({ name, text }) => {
      return (
        !name.includes('/classic/') && importsOf(text).some((path) => path.includes('classic/'))
      )
    })
    expect(knowing.map(({ name }) => name)).toEqual(['core/spec.ts'])
  })
})

/** What of the node's own code runs in the page: nothing that needs a machine of its own. */
const IN_THE_PAGE =
  /^src\/(?:core|node|kernels)\/(?:json\/|chain\/|store\/|peers\/|pull\/)?[\w-]+\.ts$|^src\/api\/client\/[\w-]+\.ts$|^src\/adapters\/mining\/miner-inline\.ts$/

describe('the page', () => {
  const folder = join(ROOT, 'web/src')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  const targets = ({ name, text }: { name: string; text: string }) =>
    importsOf(text)
      .filter((path) => path.startsWith('.'))
      .map((path) => relative(ROOT, join(folder, dirname(name), path)))

  it.each(sources)('$name takes of the node what runs in a browser', (source) => {
    for (const path of targets(source)) {
      if (!path.startsWith('web/')) expect(path).toMatch(IN_THE_PAGE)
    }
  })

  it.each(sources)('$name knows no view but its own', (source) => {
    const viewOf = (path: string) => /^(?:web\/src\/)?views\/(\w+)\//.exec(path)?.[1]
    if (source.name === 'frame/views.ts') return
    for (const path of targets(source)) {
      expect([undefined, viewOf(source.name)], path).toContain(viewOf(path))
    }
  })

  it.each(sources)('$name says what it is, has at most 300 lines and no loose ends', ({ text }) => {
    expect(text.startsWith('/**')).toBe(true)
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(MAX_LINES)
    expect(text).not.toMatch(LOOSE_ENDS)
  })

  it.each(sources)('$name shows texts as texts', ({ text }) => {
    expect(text).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/)
  })
})

describe('every file', () => {
  it.each(files)('$name says what it is and has at most 300 lines', ({ text }) => {
    expect(text.startsWith('/**')).toBe(true)
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(MAX_LINES)
  })

  it.each(files)('$name has no loose ends', ({ text }) => {
    expect(text).not.toMatch(LOOSE_ENDS)
  })
})

describe('the pure layers', () => {
  const forbidden: [text: string, rule: string][] = [
    ['export const x = Date.now()', 'noRestrictedGlobals'],
    ['export const x = new Intl.Collator()', 'noRestrictedGlobals'],
    ['export const x = globalThis', 'noRestrictedGlobals'],
    ['export const x = Promise.resolve()', 'noRestrictedGlobals'],
    ['export const x = Math.random()', 'noJsRestrictedProperties'],
    ['export const x = Math.exp(1)', 'noJsRestrictedProperties'],
    ["import 'fastify'", 'noRestrictedImports'],
    ["import 'node:fs'", 'noRestrictedImports'],
  ]

  /** Lints texts with our configuration, as files of a layer; `file: rule` for each breach. */
  function lint(layer: string, texts: readonly string[]): string[] {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'src', layer), { recursive: true })
    const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
    writeFileSync(
      join(folder, 'biome.json'),
      JSON.stringify({ ...config, $schema: undefined, vcs: {} }),
    )
    for (const [i, text] of texts.entries()) {
      writeFileSync(join(folder, 'src', layer, `${i}.ts`), text)
    }
    const { stdout } = spawnSync(BIOME, ['lint', '--reporter=json', 'src'], { cwd: folder })
    const found: { category: string; location: { path: string } }[] = JSON.parse(
      String(stdout),
    ).diagnostics
    return found.map(({ category, location }) => {
      return `${basename(location.path)}: ${category.split('/').at(-1)}`
    })
  }

  it.each(['core', 'node'])(
    'may not ask for time, chance or the world, nor import packages: %s',
    (layer) => {
      const found = lint(
        layer,
        forbidden.map(([text]) => text),
      )
      for (const [i, [text, rule]] of forbidden.entries())
        expect(found, text).toContain(`${i}.ts: ${rule}`)
    },
  )

  it.each(['core', 'node'])('may say what is theirs: %s', (layer) => {
    const text =
      "import { sha256Hex } from '#crypto'\n\nexport const x = Math.max(1, sha256Hex('').length)\n"
    expect(lint(layer, [text])).toEqual([])
  })

  it.each([
    'process.pid',
    'setTimeout',
    'fetch',
    'new TextEncoder()',
    'console.log',
    'crypto.subtle',
    "await import('node:fs')",
  ])('do not compile with %s', (expression) => {
    for (const layer of ['core', 'node']) {
      const folder = temporaryFolder()
      writeFileSync(join(folder, 'probe.ts'), `export const x = ${expression}\n`)
      const options = {
        rootDir: folder,
        outDir: join(folder, 'out'),
        tsBuildInfoFile: join(folder, 'x'),
      }
      const config = {
        extends: join(SRC, layer, 'tsconfig.json'),
        compilerOptions: options,
        include: [join(folder, 'probe.ts')],
        references: [],
      }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const { stdout } = spawnSync(TSC, ['-p', join(folder, 'tsconfig.json')])
      expect(String(stdout)).toMatch(/probe\.ts\(1,\d+\): error TS/)
    }
  })
})
