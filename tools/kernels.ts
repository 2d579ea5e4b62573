/**
 * `npm run build:kernels`: compiles src/kernels/assembly/ and writes the modules as text, so that
 * they load without a file or a network. The compiler is pinned and deterministic: the same sources
 * give the same bytes, which test/kernels/build.test.ts holds the committed files to.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const KERNELS = fileURLToPath(new URL('../src/kernels/', import.meta.url))
const { resolve } = createRequire(import.meta.url)
const COMPILER = join(dirname(resolve('assemblyscript/package.json')), 'bin/asc.js')

/** Each entry of the assembly, and what its compiler is told beside the rest. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  simd: ['--enable', 'simd'],
  scalar: [],
}

export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** What the sources compile to, as the files that are committed. */
export function generatedKernels(): GeneratedFile[] {
  return Object.entries(ENTRIES).map(([name, options]) => {
    const base64 = compiled(`${name}.ts`, options).toString('base64')
    return { path: join(KERNELS, `${name}.generated.ts`), text: moduleText(name, base64) }
  })
}

/** @throws Error with what the compiler says */
function compiled(entry: string, options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'toychain-kernels-'))
  try {
    const outFile = join(folder, 'kernel.wasm')
    const fixed = ['-O3', '--runtime', 'stub', '--noAssert', '--outFile', outFile]
    const args = [COMPILER, entry, ...fixed, ...options]
    execFileSync(process.execPath, args, { cwd: join(KERNELS, 'assembly'), stdio: 'pipe' })
    return readFileSync(outFile)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One line, since nobody reads it. */
function moduleText(name: string, base64: string): string {
  return `/** Made by \`npm run build:kernels\` from assembly/${name}.ts: WebAssembly, in base64. */
export const ${name}Base64 =
  '${base64}'
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, text } of generatedKernels()) {
    writeFileSync(path, text)
    console.log(`${relative(process.cwd(), path)}: ${text.length} characters`)
  }
}
