/**
 * What `npm pack` packs. A clone runs its sources, so its package.json points at `src/*.ts`; the
 * package has JavaScript and types in `dist/`, and a package.json that points there. npm packs the
 * file that lies in the root, so `prepack` puts the package's in its place and `postpack` the clone's
 * back. Invariant: the clone's is kept beside it until it is back.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MANIFEST = join(ROOT, 'package.json')
const KEPT = join(ROOT, '.cache', 'package.json')
const DIST = join(ROOT, 'dist')

const COMMANDS: Readonly<Record<string, () => void>> = { build, prepack, postpack }

const command = COMMANDS[process.argv[2] ?? '']
if (command === undefined) {
  console.error(`usage: node tools/package.ts ${Object.keys(COMMANDS).join('|')}`)
  process.exit(2)
}
command()

/** Compiles `src/` into `dist/`, and puts there what the program would find in node_modules. */
function build(): void {
  rmSync(DIST, { recursive: true, force: true })
  const { resolve } = createRequire(import.meta.url)
  const typescript = dirname(resolve('typescript/package.json'))
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  execFileSync(process.execPath, [join(ROOT, 'tools/page.ts'), join(DIST, 'page')], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  // The one file of redoc that is served; the package itself brings React and 30 MB more.
  const redoc = dirname(resolve('redoc/package.json'))
  mkdirSync(join(DIST, 'redoc'))
  copyFileSync(join(redoc, 'bundles/redoc.standalone.js'), join(DIST, 'redoc/redoc.standalone.js'))
  copyFileSync(join(redoc, 'LICENSE'), join(DIST, 'redoc/LICENSE'))
}

function prepack(): void {
  postpack()
  build()
  mkdirSync(dirname(KEPT), { recursive: true })
  copyFileSync(MANIFEST, KEPT)
  writeFileSync(MANIFEST, `${JSON.stringify(packaged(readFileSync(KEPT, 'utf8')), undefined, 2)}\n`)
}

function postpack(): void {
  if (!existsSync(KEPT)) return
  copyFileSync(KEPT, MANIFEST)
  rmSync(KEPT)
}

/** The package's manifest: compiled files for sources, and nothing that only a clone needs. */
function packaged(text: string): object {
  const { scripts, devDependencies, overrides, exports, imports, ...kept } = JSON.parse(text)
  return {
    ...kept,
    exports: mapPaths(exports, (path) => ({
      types: compiled(path, 'd.ts'),
      default: compiled(path),
    })),
    imports: {
      ...mapPaths(imports, (path) => compiled(path)),
      '#page': './dist/page/index.html',
      '#redoc': './dist/redoc/redoc.standalone.js',
    },
  }
}

function compiled(path: string, extension = 'js'): string {
  return path.replace('./src/', './dist/').replace(/\.ts$/, `.${extension}`)
}

/** A map of paths as package.json has them: by name, and below a name by condition. */
interface Paths {
  readonly [name: string]: string | Paths
}

function mapPaths(paths: Paths, map: (path: string) => string | Paths): Paths {
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => {
      return [name, typeof path === 'string' ? map(path) : mapPaths(path, map)]
    }),
  )
}
