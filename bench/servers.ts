/** The processes that are measured: a node as its users run it, and the plain server beside it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type NodeProcess, startProcess } from '../test/helpers/program.ts'

export interface Server {
  readonly url: string
  stop(): Promise<void>
}

/** A node with durable data in a folder. */
export function nodeOn(folder: string, args: readonly string[] = []): Promise<NodeProcess> {
  return startProcess(['--data', folder, ...args])
}

/** @param file what it serves as its chain */
export async function plainServer(file?: string): Promise<Server> {
  const program = fileURLToPath(new URL('plain-server.ts', import.meta.url))
  const child = spawn(process.execPath, [program, ...(file === undefined ? [] : [file])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const [url] = await once(createInterface(child.stdout), 'line')
  return {
    url,
    stop: async () => {
      child.kill()
      await closed
    },
  }
}

/** Gives work a folder of its own, and takes it away afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'toychain-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Milliseconds until a fresh connection has its response; one that is cut off tries again, as clients do. */
export async function timeOf(url: string): Promise<number> {
  const begun = performance.now()
  for (;;) {
    try {
      await visit(url)
      return performance.now() - begun
    } catch (cause) {
      const isCutOff = cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET'
      if (!isCutOff) throw cause
    }
  }
}

function visit(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: new Agent() }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
    request.once('error', reject)
  })
}

/** The memory of a process that is in use (Linux). */
export function residentMiB(pid: number | undefined): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1_024
}
