/** Documentation that cannot rot: commands run, tables agree with the code, links lead somewhere. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PROBLEMS } from '../src/api/http/problems.ts'
import { RULES } from '../src/core/errors.ts'
import { CLASSIC } from '../src/core/spec.ts'
import { PEER_FAULTS } from '../src/node/pull/peer-faults.ts'
import { temporaryFolder } from './helpers/folders.ts'
import { codeBlocks } from './helpers/markdown.ts'
import { openapiText } from './helpers/openapi.ts'
import { sharedNode } from './helpers/toychain.ts'
import { describeFull } from './helpers/volume.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const TO_COME = ['src/sim/']
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')

describe('every page', () => {
  it.each(PAGES)('%s tags its code blocks', (page) => {
    for (const { info, text } of codeBlocks(read(page))) {
      const isDrawing = page === 'ARCHITECTURE.md' && info === ''
      expect(
        isDrawing ||
          /^(sh ci( nodes| docker| package)?|sh test( httpie)?|ts test|(json|text) output|powershell parsed)$/.test(
            info,
          ),
        text,
      ).toBe(true)
    }
  })

  it.each(PAGES.filter((page) => page !== 'docs/decisions.md' && page !== 'CHANGELOG.md'))(
    '%s names files and folders that are there',
    (page) => {
      const named = read(page).matchAll(/`((?:src|test|web|tools|bench|docs)\/[\w./-]+)`/g)
      const missing = [...named]
        .map(([, path = '']) => path)
        // A name in capitals stands for any, and some rooms are still to come.
        .filter((path) => !/NAME/.test(path) && !TO_COME.includes(path))
        .filter((path) => !existsSync(join(ROOT, path)))
      expect(missing).toEqual([])
    },
  )

  it.each(PAGES)('%s links to what is there', (page) => {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target)) continue
      expect(existsSync(join(ROOT, dirname(page), target)), target).toBe(true)
    }
  })
})

describe('PROTOCOL.md', () => {
  const rows = [
    ...read('docs/PROTOCOL.md').matchAll(/^\| `([a-z0-9-]+)` \| (\d{3}) \| (\w*) \| (.+) \|$/gm),
  ]

  it('has every error code with its status, kind and meaning, and no other', () => {
    const documented = rows.map(([, code, status, kind, means]) => [
      code,
      Number(status),
      kind,
      means,
    ])
    const kinds = new Map<string, string>(
      Object.entries(RULES).map(([code, { kind }]) => [code, kind]),
    )
    const inCode = [...PROBLEMS].map(([code, { status, means }]) => {
      return [code, status, kinds.get(code) ?? '', means]
    })
    expect(documented.sort()).toEqual(inCode.sort())
  })
})

describe("PROTOCOL.md's list of checks", () => {
  it('is the one that the node runs, in its order', () => {
    const rows = read('docs/PROTOCOL.md').matchAll(
      /^\| (\w+) \| ([a-z ]+) \| `([a-z-]+)` \| (.+) \|$/gm,
    )
    const documented = Array.from(rows, ([, ...columns]) => columns)
    const made = CLASSIC.rules.checks.map(({ step, scope, of, code, source }) => {
      return [step, scope === 'transaction' ? 'each transaction' : CHECKED[of], code, source]
    })
    expect(documented).toEqual(made)
  })
})

const CHECKED = { every: 'every block', genesis: 'a genesis', later: 'all but a genesis' }

describe("PROTOCOL.md's reasons in a report", () => {
  it('are all that a node can give, and no other', () => {
    const rows = read('docs/PROTOCOL.md').matchAll(
      /^\| `([a-z-]+)` \| (unreachable|misbehaved|unfinished) \| (.+) \|$/gm,
    )
    const inCode = Object.entries(PEER_FAULTS).map(([code, { verdict, means }]) => {
      return [code, verdict, means]
    })
    expect([...rows].map((row) => row.slice(1))).toEqual(inCode)
  })
})

describe('openapi.json', () => {
  it('is what a node serves (npm run openapi writes it anew)', async () => {
    expect(read('docs/openapi.json')).toBe(await openapiText())
  })
})

/** Pages whose commands run, each on nodes of its own. */
const WITH_COMMANDS = [
  'README.md',
  'docs/CURL.md',
  'docs/HTTPIE.md',
  'docs/COMMANDS.md',
  'docs/PACKAGE.md',
  'docs/NAKAMOTO.md',
]

describe.each(WITH_COMMANDS)('the commands of %s', (page) => {
  const blocks = codeBlocks(read(page))
  /** The ports that the pages name → the nodes that stand for them here. */
  const nodes = new Map(
    ['5000', '5001', '5002'].map((port) => [port, sharedNode(['--memory'])] as const),
  )

  function withRealPorts(text: string): string {
    return text.replace(/:(500\d)\b/g, (whole, port) => {
      const node = nodes.get(port)
      return node === undefined ? whole : `:${new URL(node().url).port}`
    })
  }

  const commands = blocks.flatMap((block, i) => {
    const next = blocks[i + 1]
    return block.info === 'sh test' ? [{ text: block.text, output: outputOf(next) }] : []
  })

  /** What a shell prints for the commands of a block, which have to work. */
  async function run(text: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...process.env, NO_COLOR: '1', TOYCHAIN_NODE: nodes.get('5000')?.().url, ...more }
    const script = ['-euo', 'pipefail', '-c', withRealPorts(text)]
    const child = spawn('bash', script, { cwd: ROOT, env })
    const [out, err, [status]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'close'),
    ])
    expect(status, err).toBe(0)
    expect(out.trim()).not.toBe('')
    return out
  }

  const expectToRun = async ({ text, output }: (typeof commands)[number]) => {
    const out = await run(text)
    if (output !== undefined) expectLines(out, withRealPorts(output))
    if (output === undefined) expect(out).not.toContain('urn:toychain:problem')
  }

  const httpie = blocks.flatMap(({ info, text }) => (info === 'sh test httpie' ? [{ text }] : []))
  const isThere = spawnSync('http', ['--version']).status === 0
  const examples = blocks.flatMap((block, i) => {
    return block.info === 'ts test'
      ? [{ text: block.text, output: outputOf(blocks[i + 1]) ?? '' }]
      : []
  })

  // One after the other: each finds what those before it have left.
  const quick = page === 'README.md' ? 1 : 0
  it.each(commands.slice(0, quick))('runs: $text', expectToRun)
  describeFull('all of them', () => {
    it.each(commands.slice(quick))('runs: $text', expectToRun)

    it.skipIf(!isThere).each(httpie)('runs with HTTPie: $text', async ({ text }) => {
      const config = temporaryFolder()
      // It would take what is not a terminal on its standard input for the body.
      writeFileSync(
        join(config, 'config.json'),
        '{"default_options": ["--ignore-stdin", "--check-status"]}',
      )
      const out = await run(text, { HTTPIE_CONFIG_DIR: config })
      expect(out).not.toContain('urn:toychain:problem')
    })

    it.each(examples)('runs its example of the class', async ({ text, output }) => {
      const file = join(ROOT, `readme-example-${process.pid}.ts`)
      onTestFinished(() => rmSync(file, { force: true }))
      writeFileSync(file, text)
      const child = spawn(process.execPath, [file], { cwd: ROOT })
      const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
      expect(err).toBe('')
      expectLines(out, output)
    })
  })

  it('are there', () => {
    expect(commands.length + examples.length + httpie.length).toBeGreaterThan(0)
  })
})

describe('README.md', () => {
  it('has at most 900 words outside of code', () => {
    const words = read('README.md')
      .replace(/^```.*?^```$/gms, '')
      .split(/\s+/)
    expect(words.length).toBeLessThanOrEqual(900)
  })
})

describe('commands for PowerShell', () => {
  const blocks = PAGES.flatMap((page) => codeBlocks(read(page)))
    .filter(({ info }) => info === 'powershell parsed')
    .map(({ text }) => text)
  /** Calls that Windows PowerShell has, and whose options these are. */
  const CALLS = new Set(['Invoke-RestMethod', 'Invoke-WebRequest'])
  const OPTIONS = new Set(['Uri', 'Method', 'ContentType', 'Body', 'UseBasicParsing'])

  it('are there, quoted and nested to their ends', () => {
    expect(blocks.length).toBeGreaterThan(0)
    for (const line of blocks.join('').trim().split('\n')) {
      const bare = line.replace(/'[^']*'/g, "''").replace(/"[^"']*"/g, '""')
      expect(bare.replace(/''|""/g, ''), line).not.toMatch(/['"`]/)
      expect(bare.split('(').length, line).toBe(bare.split(')').length)
    }
  })

  it('call what there is, and send JSON', () => {
    for (const text of blocks) {
      for (const [, call = ''] of text.matchAll(/\b([A-Z]\w+-[A-Z]\w+)\b/g)) {
        expect([...CALLS], call).toContain(call)
      }
      for (const [, option = ''] of text.replace(/'[^']*'/g, '').matchAll(/ -(\w+)/g)) {
        expect([...OPTIONS], option).toContain(option)
      }
      for (const [, json = ''] of text.matchAll(/'(\{[^']*)'/g)) {
        expect(() => JSON.parse(json), json).not.toThrow()
      }
    }
  })
})

/** An ellipsis in what is expected stands for what differs from run to run. */
function expectLines(out: string, expected: string): void {
  const lines = expected.trim().split('\n')
  expect(out.trim().split('\n')).toHaveLength(lines.length)
  for (const [i, line] of out.trim().split('\n').entries()) {
    const wanted = lines[i] ?? ''
    const [before = '', after] = wanted.split('…')
    if (after === undefined) expect(line).toBe(wanted)
    else expect(line.startsWith(before) && line.endsWith(after), line).toBe(true)
  }
}

function outputOf(block: { info: string; text: string } | undefined): string | undefined {
  return block?.info.endsWith(' output') === true ? block.text : undefined
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}
