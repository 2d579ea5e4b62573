/**
 * Tests by what they need: `unit` runs in the process of the test alone, `system` starts processes and
 * threads, opens files and sockets (`*.system.test.ts`), `browser` opens Chromium (`*.browser.test.ts`).
 * `portable` runs the pure layers once more with the portable crypto, which is what browsers and the
 * simulator run on.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SkipsReporter } from './test/helpers/skips-reporter.ts'

const portable = fileURLToPath(new URL('./src/crypto/portable.ts', import.meta.url))

const SYSTEM = 'test/**/*.system.test.ts'
const BROWSER = 'test/**/*.browser.test.ts'

/** Per cent, of each pure layer by itself. */
const COVERED = { branches: 95, lines: 95, functions: 95 }

export default defineConfig({
  test: {
    // Files share two workers: the tests keep no state in modules, and a worker each would cost more.
    isolate: false,
    maxWorkers: 2,
    // Not a measure of speed: only what hangs is to be ended.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', new SkipsReporter(), ['json', { outputFile: '.cache/tests.json' }]],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [SYSTEM, BROWSER] },
      },
      {
        extends: true,
        test: { name: 'portable', include: ['test/{core,node}/**/*.test.ts'] },
        resolve: { alias: { '#crypto': portable } },
      },
      { extends: true, test: { name: 'system', include: [SYSTEM] } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER],
          globalSetup: './test/helpers/browser-setup.ts',
        },
      },
    ],
    coverage: {
      // In CI, where all of the long suites run too.
      enabled: process.env.TOYCHAIN_TESTS === 'full',
      include: ['src/core/**', 'src/node/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { 'src/core/**': COVERED, 'src/node/**': COVERED },
    },
  },
})
