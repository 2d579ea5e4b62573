/** `toychain verify` and `toychain hash`: the rules, over a file or a node's data. */
import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { Utf8Reader } from '../adapters/net/utf8.ts'
import { openForReading } from '../adapters/sqlite/data-folder.ts'
import type { SqliteSnapshot } from '../adapters/sqlite/snapshot.ts'
import { verifyData } from '../adapters/sqlite/verify.ts'
import { DecodeError, messageOf, RuleError } from '../core/errors.ts'
import { hintOn } from '../core/hints.ts'
import { type Json, JsonObject, parseJson } from '../core/json/json.ts'
import { MAX_WRITTEN_BLOCK_CHARS } from '../core/limits.ts'
import { printable } from '../core/printable.ts'
import { parseSpec, type Spec } from '../core/spec.ts'
import { ChainVerifier, type Verdict } from '../core/verify.ts'
import { StoreError } from '../node/store/store.ts'
import { blocksIn } from './chain-file.ts'
import { type ChainOptions, chainOption, difficultyOption, specOf } from './config.ts'
import { type Chunks, readFrom, readWhole } from './input.ts'
import { Exit, Progress, type Terminal } from './terminal.ts'

interface VerifyFlags extends ChainOptions {
  readonly data?: string
  readonly json?: true
}

export function verifyCommand(terminal: Terminal): Command {
  return new Command('verify')
    .description('check a chain by every rule')
    .argument('[file]', 'a /chain answer or an array of blocks; "-" for standard input')
    .option('--data <folder>', "a node's data folder, also while the node runs")
    .addOption(chainOption())
    .addOption(difficultyOption())
    .option('--json', 'print the verdict as JSON')
    .addHelpText(
      'after',
      `
Exit status: 0 valid, 1 invalid, 2 unreadable.

Examples:
  curl -s http://127.0.0.1:5000/chain | toychain verify -
  toychain verify chain.json --chain toychain-py`,
    )
    .action(async (file: string | undefined, flags: VerifyFlags) => {
      if ((file === undefined) === (flags.data === undefined)) {
        throw new Exit(2, 'name either a file or --data FOLDER')
      }
      const { verdict, spec } = await readable(async () => {
        if (file === undefined) return verifyFolder(String(flags.data), flags, terminal)
        const spec = await specOf(flags)
        return { verdict: await verifyFile(file, spec, terminal), spec }
      })
      terminal.print(
        flags.json ? verdictJson(verdict, spec) : verdictText(verdict, { spec, terminal }),
      )
      if (!verdict.valid) throw new Exit(1)
    })
}

export function hashCommand(terminal: Terminal): Command {
  return new Command('hash')
    .description("print a block's canonical text and its hash")
    .argument('<file>', 'one block as JSON, as a node serves it or plain; "-" for standard input')
    .addOption(chainOption())
    .addHelpText('after', '\nExample:\n  curl -s http://127.0.0.1:5000/blocks/2 | toychain hash -')
    .action(async (file: string, flags: ChainOptions) => {
      const { rules } = await specOf(flags)
      const { block, said } = await readable(async () => {
        const bytes = await readWhole(
          inputOf(file, terminal),
          file === '-' ? 'standard input' : file,
          MAX_WRITTEN_BLOCK_CHARS,
        )
        const json = parseJson(new Utf8Reader().read(bytes))
        const said = json instanceof JsonObject ? json.get('hash') : undefined
        return { block: rules.decodeBlock(withoutExtras(json)), said }
      })
      terminal.print(rules.hashedText(block))
      terminal.print(block.header.hash)
      if (said !== undefined && said !== block.header.hash) {
        throw new Exit(1, `the block says that its hash is ${JSON.stringify(said)}`)
      }
    })
}

function inputOf(file: string, { process }: Terminal): Chunks {
  return file === '-' ? process.stdin : readFrom(file)
}

/** What a node adds to a block when it serves one by itself. */
const SERVED_EXTRAS = ['message', 'hash', 'active', 'tries', 'blocks']

function withoutExtras(json: Json): Json {
  if (!(json instanceof JsonObject)) return json
  return new JsonObject(json.entries.filter(([key]) => !SERVED_EXTRAS.includes(key)))
}

/** Runs a reading; whatever cannot be read ends the program with status 2. */
export async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    const known =
      cause instanceof DecodeError || cause instanceof RuleError || cause instanceof StoreError
    const isSystem = cause instanceof Error && 'syscall' in cause
    if (!known && !isSystem) throw cause
    throw new Exit(2, `unreadable: ${messageOf(cause)}`, { cause })
  }
}

async function verifyFile(file: string, spec: Spec, terminal: Terminal): Promise<Verdict> {
  const totalBytes = file === '-' ? undefined : (await stat(file)).size
  const verifier = new ChainVerifier(spec.rules)
  const progress = new Progress(terminal, 'Checking blocks')
  for await (const text of blocksIn(inputOf(file, terminal), { progress, totalBytes })) {
    // What follows a block that breaks a rule cannot mend it.
    if (verifier.push(parseJson(text)) === undefined) break
  }
  return verifier.verdict()
}

/** Checks all that a folder holds; what is wrong beside its blocks makes it unreadable. */
async function verifyFolder(
  folder: string,
  flags: ChainOptions,
  terminal: Terminal,
): Promise<{ verdict: Verdict; spec: Spec }> {
  const data = openForReading(folder)
  const progress = new Progress(terminal, 'Checking blocks')
  try {
    const spec = await specOfData(folder, data, flags)
    return { verdict: verifyData(data, spec.rules, (fraction) => progress.at(fraction)), spec }
  } finally {
    progress.end()
    data.close()
  }
}

async function specOfData(
  folder: string,
  data: SqliteSnapshot,
  flags: ChainOptions,
): Promise<Spec> {
  const stored = data.specText()
  if (stored === undefined) {
    throw new StoreError('store-damaged', `${folder}: the chain spec is missing`)
  }
  return flags.chain === undefined && flags.difficulty === undefined
    ? parseSpec(stored)
    : specOf(flags)
}

function verdictText(
  verdict: Verdict,
  { spec, terminal }: { spec: Spec; terminal: Terminal },
): string {
  if (verdict.valid) {
    const { length, tip } = verdict
    return `${terminal.style('green', 'valid')}: ${length} block(s), the last is ${tip.hash}`
  }
  const { block, error } = verdict
  const detail = printable(error.message) + hintOn(error, spec)
  return `${terminal.style('red', 'invalid')}: block ${block}, ${error.code}: ${detail}`
}

function verdictJson(verdict: Verdict, spec: Spec): string {
  if (verdict.valid) {
    return JSON.stringify({ valid: true, length: verdict.length, tip: verdict.tip.hash })
  }
  const { block, error } = verdict
  return JSON.stringify({
    valid: false,
    block,
    code: error.code,
    ...error.data,
    detail: error.message + hintOn(error, spec),
  })
}
