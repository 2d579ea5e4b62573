/** The house rules, as tests: rooms, circles, purity, sizes. A breach that nobody sees is a rule gone. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './helpers/folders.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SRC = join(ROOT, 'src')
const BIOME = join(ROOT, 'node_modules/.bin/biome')
const TSC = join(ROOT, 'node_modules/.bin/tsc')

/**
 * What each room may import besides itself; a layer's name stands for all its rooms. A layer's rooms
 * stand from the lowest to the highest.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/crypto': [],
  'src/core': [],
  'src/core/json': ['src/core'],
  'src/core/classic': ['src/core'],
  'src/core/nakamoto': ['src/core'],
  'src/node/store': ['src/core'],
  'src/node/peers': ['src/core', 'src/node/store'],
  'src/node/chain': ['src/core', 'src/node/store', 'src/node/peers'],
  'src/node/pull': ['src/core', 'src/node/store', 'src/node/peers', 'src/node/chain'],
  'src/node': ['src/core'],
  'src/kernels': ['src/core'],
  // Compiled by another compiler, into the modules that src/kernels loads.
  'src/kernels/assembly': [],
  'src/adapters/sqlite': ['src/core', 'src/node/store'],
  'src/adapters/mining': ['src/core', 'src/kernels'],
  'src/adapters/net': ['src/core', 'src/node/peers', 'src/node/pull'],
  'src/adapters/live': ['src/core', 'src/node', 'src/adapters/mining', 'src/adapters/net'],
  'src/api/client': ['src/core'],
  'src/api/http': ['src/core', 'src/node', 'src/adapters/net', 'src/adapters/live'],
  'src/api/schemas': ['src/core', 'src/api/http'],
  'src/api/routes': ['src/core', 'src/node', 'src/adapters', 'src/api/http', 'src/api/schemas'],
  'src/api': ['src/core', 'src/adapters/live'],
  'src/check/report': ['src/core'],
  'src/check/world': ['src/core', 'src/kernels'],
  'src/check/suspects': ['src/core', 'src/check/world'],
  'src/check/stages': ['src/core', 'src/check/report', 'src/check/suspects', 'src/check/world'],
  'src/check': ['src/core'],
  'src/cli': [
    'src/core',
    'src/kernels',
    'src/node',
    'src/adapters',
    'src/api',
    'src/check',
    'src/version.ts',
  ],
  // The package's root, and the program's version.
  src: ['src/core', 'src/node'],
}
const RULE_SETS = ['classic', 'nakamoto']
/** What of the node's own code runs in the page: nothing that needs a machine of its own. */
const IN_THE_PAGE =
  /^src\/(?:core\/(?!classic|nakamoto)|node\/|kernels\/(?!assembly)|api\/client\/)|^src\/adapters\/mining\/miner-inline\.ts$/
const MAX_LINES = 300
const LOOSE_ENDS = /\b(TODO|FIXME|XXX)\b|@ts-|biome-ignore|\bas any\b/
/** V8 takes no more than about 125,000 arguments: a list that data can lengthen is no list of arguments. */
const SPREAD_INTO_CALL =
  /(?:Math\.(?:min|max)|\.(?:push|unshift|splice|concat|apply)|fromCharCode|fromCodePoint)\([^)\n]*\.\.\./
const RAW_HTML = /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/

interface Source {
  /** Its path from the root. */
  readonly path: string
  readonly text: string
  /** The paths of the files of ours that it imports, types included. */
  readonly imports: readonly string[]
}

function sourcesIn(folder: string): readonly Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = join(folder, name)
      const text = readFileSync(join(ROOT, path), 'utf8')
      const imports = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']+)'/g)]
      return { path, text, imports: imports.map(([, to = '']) => join(dirname(path), to)) }
    })
}

const ours = sourcesIn('src')
const page = sourcesIn('web/src')
const everything = [...ours, ...page]

/** A rule over all sources, as what breaks it: `file: what`, for each breach. */
function breaches(sources: readonly Source[], find: (source: Source) => readonly string[]) {
  return sources.flatMap((source) => find(source).map((what) => `${source.path}: ${what}`))
}

describe('the rooms', () => {
  const isIn = (room: string, path: string) => path === room || path.startsWith(`${room}/`)

  it('are those that this test and ARCHITECTURE.md name', () => {
    const folders = new Set(ours.map(({ path }) => dirname(path)))
    expect([...folders].sort()).toEqual(Object.keys(ROOMS).sort())
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
    for (const room of folders) expect(text, room).toContain(`${basename(room)}/`)
  })

  it('import only what stands beneath them', () => {
    const found = breaches(ours, ({ path, imports }) => {
      const room = dirname(path)
      const isOwn = (to: string) => (room === 'src' ? dirname(to) === room : isIn(room, to))
      return imports.filter((to) => !isOwn(to) && !ROOMS[room]?.some((name) => isIn(name, to)))
    })
    expect(found).toEqual([])
  })

  it('know the rule sets in one place only', () => {
    const knowing = ours.filter(({ path, imports }) =>
      RULE_SETS.some((name) => {
        const room = `src/core/${name}`
        return !isIn(room, path) && imports.some((to) => isIn(room, to))
      }),
    )
    expect(knowing.map(({ path }) => path)).toEqual(['src/core/spec.ts'])
  })

  it('have no circles of imports, types included', () => {
    expect(circlesIn(everything)).toEqual([])
    const circle = [
      { path: 'a', text: '', imports: ['b', 'd'] },
      { path: 'b', text: '', imports: ['c'] },
      { path: 'c', text: '', imports: ['b'] },
      { path: 'd', text: '', imports: ['c'] },
    ]
    expect(circlesIn(circle)).toEqual(['b → c → b'])
  })
})

/** Paths that lead from a file through its imports back to it. */
function circlesIn(sources: readonly Source[]): readonly string[] {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]))
  const seen = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const from = trail.indexOf(path)
    if (from >= 0) circles.push([...trail.slice(from), path].join(' → '))
    if (seen.has(path)) return
    seen.add(path)
    for (const to of importsOf.get(path) ?? []) visit(to, [...trail, path])
  }
  for (const { path } of sources) visit(path, [])
  return circles
}

describe('the page', () => {
  it('takes of the node what runs in a browser', () => {
    const found = breaches(page, ({ imports }) =>
      imports.filter((to) => !to.startsWith('web/') && !IN_THE_PAGE.test(to)),
    )
    expect(found).toEqual([])
  })

  it('has views that know no other view', () => {
    const viewOf = (path: string) => /^web\/src\/views\/(\w+)\//.exec(path)?.[1]
    const found = breaches(page, ({ path, imports }) => {
      if (path === 'web/src/frame/views.ts') return []
      return imports.filter((to) => ![undefined, viewOf(path)].includes(viewOf(to)))
    })
    expect(found).toEqual([])
  })

  it('shows texts as texts', () => {
    expect(breaches(page, ({ text }) => text.match(RAW_HTML) ?? [])).toEqual([])
  })
})

describe('every file', () => {
  it('says what it is', () => {
    expect(everything.filter(({ text }) => !text.startsWith('/**'))).toEqual([])
  })

  it(`has at most ${MAX_LINES} lines`, () => {
    const found = breaches(everything, ({ text }) => {
      const lines = text.split('\n').length - 1
      return lines > MAX_LINES ? [`${lines} lines`] : []
    })
    expect(found).toEqual([])
  })

  it('spreads no list into a call that takes any number of arguments', () => {
    expect(breaches(everything, ({ text }) => text.match(SPREAD_INTO_CALL) ?? [])).toEqual([])
  })

  it('has no loose ends', () => {
    expect(breaches(everything, ({ text }) => text.match(LOOSE_ENDS) ?? [])).toEqual([])
  })
})

describe('a test of the tier unit', () => {
  /** What starts a process or a thread, or opens a file or a socket. */
  const WORLD =
    /from '(?:node:(?:child_process|http|https|worker_threads)|playwright-core)'|\b(?:createServer|connect)\b[^\n]*from 'node:net'/
  const HELPERS = ['folders', 'in-process', 'program', 'servers', 'toychain', 'tools']

  it('starts no process or thread, and opens no file or socket', () => {
    const tests = sourcesIn('test')
    const byPath = new Map(tests.map((source) => [source.path, source]))
    const touches = ({ text, imports }: Source, trail: readonly string[]): boolean =>
      WORLD.test(text) ||
      imports.some((to) => {
        const helper = byPath.get(to)
        if (HELPERS.some((name) => to === `test/helpers/${name}.ts`)) return true
        if (to.startsWith('src/adapters/sqlite/')) return true
        return helper !== undefined && !trail.includes(to) && touches(helper, [...trail, to])
      })
    const unit = tests.filter(({ path }) => /^[^.]*(?:\.oracle)?\.test\.ts$/.test(path))
    expect(unit.length).toBeGreaterThan(50)
    expect(unit.filter((source) => touches(source, [])).map(({ path }) => path)).toEqual([])
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
