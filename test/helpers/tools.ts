/** The repository's own tools (tools/), as one runs them. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a tool to its end, which must be a good one. */
export function runTool(name: string, ...args: string[]): { stdout: string; stderr: string } {
  const path = fileURLToPath(new URL(`../../tools/${name}`, import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
  return { stdout, stderr }
}
