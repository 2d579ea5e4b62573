/**
 * Makes what all tests in Chromium share, once for the run: the page built from its sources, and the
 * process of browser-world.ts. Without Chromium those tests are skipped.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ProvidedContext } from 'vitest'
import type { TestProject } from 'vitest/node'
import { isChromiumThere } from './chromium.ts'
import { runTool } from './tools.ts'

const WORLD = fileURLToPath(new URL('browser-world.ts', import.meta.url))

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  runTool('page.ts')
  if (!isChromiumThere()) return async () => {}
  const world = spawn(process.execPath, [WORLD], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(world, 'close')
  const failed = closed.then(([status]) => {
    throw new Error(`browser-world.ts ended with ${status}`)
  })
  const [line] = await Promise.race([once(createInterface(world.stdout), 'line'), failed])
  const { chromium, story }: ProvidedContext = JSON.parse(line)
  project.provide('chromium', chromium)
  project.provide('story', story)
  return async () => {
    world.stdin.end()
    await closed
  }
}
