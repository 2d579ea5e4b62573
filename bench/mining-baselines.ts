/**
 * What the kernel is measured against: the loop that one writes in C over OpenSSL (compiled here, if
 * there is a compiler and the headers), over node:crypto, and in Python.
 */
import { execFile, spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CLASSIC, HEADER, type MiningRate, rateOf, type Work } from './mining-work.ts'

type Say = (line: string) => void
export type Baseline = (work: Work) => MiningRate

const SOURCE = fileURLToPath(new URL('mining-native.c', import.meta.url))
const SCRIPT = fileURLToPath(new URL('mining-cpython.py', import.meta.url))
/** Few enough that looking at the clock between them costs nothing. */
const NODE_SLICE_TRIES = 10_000
const NONCE_AT = 76

/** Undefined where it cannot be compiled, which is said. */
export function native(folder: string, say: Say): Baseline | undefined {
  const program = join(folder, 'mining-native')
  const options = ['-O3', '-o', program, SOURCE, '-lcrypto']
  const { status, stderr, error } = spawnSync('cc', options, { encoding: 'utf8' })
  if (status !== 0) {
    const [why] = (error?.message ?? stderr).split('\n')
    say(`mining: no figures against native: no C compiler, or no OpenSSL to compile with (${why})`)
    return undefined
  }
  return (work) => programRate(program, [], work)
}

/** Undefined where there is no python3, which is said. */
export function cpython(say: Say): Baseline | undefined {
  const { stdout, error } = spawnSync('python3', ['--version'], { encoding: 'utf8' })
  if (error !== undefined) {
    say('mining: no figures against cpython: no python3')
    return undefined
  }
  say(`mining: cpython is ${stdout.trim()}`)
  return (work) => programRate('python3', [SCRIPT], work)
}

export function nodeCrypto(work: Work): MiningRate {
  return rateOf(NODE_SLICE_TRIES, work === 'header' ? searchHeader : searchClassic)
}

/** A program that takes the work, the milliseconds and what to hash, and prints hashes per second. */
function programRate(program: string, args: readonly string[], work: Work): MiningRate {
  const subject =
    work === 'header'
      ? [Buffer.from(HEADER.header).toString('hex')]
      : [CLASSIC.before, CLASSIC.after]
  return async (milliseconds) => {
    const all = [...args, work, String(milliseconds), ...subject]
    return Number((await promisify(execFile)(program, all)).stdout)
  }
}

function searchHeader(from: number, tries: number): number | undefined {
  const header = Buffer.from(HEADER.header)
  for (let nonce = from; nonce < from + tries; nonce++) {
    header.writeUInt32LE(nonce, NONCE_AT)
    const digest = hash('sha256', hash('sha256', header, 'buffer'), 'buffer')
    if (digest.readUInt32LE(28) === 0 && digest.readUInt32LE(24) === 0) return nonce
  }
  return undefined
}

function searchClassic(from: number, tries: number): number | undefined {
  const { before, after, zeros } = CLASSIC
  const wanted = '0'.repeat(zeros)
  for (let proof = from; proof < from + tries; proof++) {
    if (hash('sha256', before + proof + after).startsWith(wanted)) return proof
  }
  return undefined
}
