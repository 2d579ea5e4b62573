/** `toychain export` and `toychain import`: a node's chain as a file, in the form of a `/chain` answer. */
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { openForReading } from '../adapters/sqlite/data-folder.ts'
import { SqliteStore } from '../adapters/sqlite/sqlite-store.ts'
import { blockPages } from '../api/routes/chain.ts'
import { hintOn } from '../core/hints.ts'
import { parseJson } from '../core/json/json.ts'
import { MAX_BATCH_BLOCKS, MAX_SLICE_BYTES, SYNC_LIMITS } from '../core/limits.ts'
import { printable } from '../core/printable.ts'
import type { Spec } from '../core/spec.ts'
import { ChainVerifier } from '../core/verify.ts'
import { BlockChain } from '../node/chain/blockchain.ts'
import { BadBlock, PeerChain } from '../node/pull/peer-chain.ts'
import { atomically, type StoreReader, type TreeHeader } from '../node/store/store.ts'
import { blocksIn } from './chain-file.ts'
import {
  type ChainOptions,
  chainOption,
  dataFolder,
  dataOption,
  difficultyOption,
  portOption,
  specOf,
} from './config.ts'
import { readFrom } from './input.ts'
import { Exit, Progress, type Terminal } from './terminal.ts'
import { readable } from './verify.ts'

interface TransferFlags extends ChainOptions {
  readonly data?: string
  readonly port: number
  readonly force?: true
  readonly replace?: true
}

export function exportCommand(terminal: Terminal): Command {
  return new Command('export')
    .description("write a node's chain to a file, as /chain serves it")
    .argument('[file]', 'where to; standard output if left out or "-"', '-')
    .addOption(dataOption())
    .addOption(portOption())
    .addOption(chainOption())
    .option('--force', 'write over a file that is there')
    .addHelpText('after', '\nExample:\n  toychain export chain.json')
    .action(async (file: string, flags: TransferFlags) => {
      const folder = dataFolder(flags, await specOf(flags), terminal)
      if (file !== '-' && existsSync(file) && !flags.force) {
        throw new Exit(2, `${file} is there already: name another file, or say --force`)
      }
      const length = await exportChain(folder, file, terminal)
      terminal.say(`${length} block(s) exported from ${folder}.`)
    })
}

export function importCommand(terminal: Terminal): Command {
  return new Command('import')
    .description("take a chain from a file into a stopped node's data")
    .argument('<file>', 'a /chain answer or an array of blocks')
    .addOption(dataOption())
    .addOption(portOption())
    .addOption(chainOption())
    .addOption(difficultyOption())
    .option('--replace', 'also where the file has less work than the data, or another genesis')
    .addHelpText(
      'after',
      `
Every block is checked before anything is changed. What is interrupted goes on where it was when the same
command is given again. The node's id, its list of nodes and its current transactions stay.

Exit status: 0 imported or there already, 1 refused, 2 unreadable.

Example:
  toychain import chain.json --port 5001`,
    )
    .action(async (file: string, flags: TransferFlags) => {
      if (file === '-') throw new Exit(2, 'import reads the file twice, so it takes no pipe')
      const spec = await specOf(flags)
      const found = await readable(() => checkFile(file, spec, terminal))
      const folder = dataFolder(flags, spec, terminal)
      const store = SqliteStore.open(folder, spec)
      try {
        const chain = new BlockChain({ spec, store })
        if (chain.tip.hash === found.tip.hash) {
          terminal.print(`Nothing to import: ${folder} has these ${chain.length} block(s) already.`)
          return
        }
        if (!flags.replace) refuseWorse(file, found, { chain, store })
        await importChain(file, { chain, store }, terminal)
        const { index, hash } = chain.tip
        terminal.print(`Imported into ${folder}: ${index} block(s), the last is ${hash}`)
      } finally {
        store.close()
      }
    })
}

/** Writes a file beside the one that is wanted, and puts it in place when it is whole. */
async function exportChain(folder: string, file: string, terminal: Terminal): Promise<number> {
  const data = openForReading(folder)
  const unfinished = `${file}.unfinished`
  const progress = new Progress(terminal, 'Exporting blocks')
  try {
    const length = data.tip()?.index ?? 0
    const text = chainText(data, length, (fraction) => progress.at(fraction))
    if (file === '-') {
      // The program's own output stays open.
      const { stdout } = terminal.process
      await pipeline(
        text,
        new Writable({ write: (chunk, _encoding, done) => void stdout.write(chunk, done) }),
      )
      return length
    }
    await pipeline(text, createWriteStream(unfinished, { flush: true }))
    renameSync(unfinished, file)
    return length
  } catch (cause) {
    if (file !== '-' && existsSync(unfinished)) rmSync(unfinished)
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new Exit(1, `${file} cannot be written: ${cause.message}`, { cause })
  } finally {
    progress.end()
    data.close()
  }
}

function* chainText(
  data: StoreReader,
  length: number,
  onProgress: (fraction: number) => void,
): Generator<string> {
  yield '{"chain": ['
  let count = 0
  for (const page of blockPages(data, 1, length)) {
    yield (count === 0 ? '' : ', ') + page.map((text) => Buffer.from(text).toString()).join(', ')
    count += page.length
    onProgress(count / length)
  }
  yield `], "length": ${length}}\n`
}

interface Found {
  readonly genesis: string
  readonly tip: { readonly index: number; readonly hash: string }
  readonly chainwork: bigint
}

/** Checks a file by every rule, before anything is changed. @throws Exit 1 where it breaks one */
async function checkFile(file: string, spec: Spec, terminal: Terminal): Promise<Found> {
  const verifier = new ChainVerifier(spec.rules)
  let genesis = ''
  for await (const text of blocksOf(file, new Progress(terminal, 'Checking blocks'))) {
    const header = verifier.push(parseJson(text))
    if (header === undefined) break
    if (header.index === 1) genesis = header.hash
  }
  const verdict = verifier.verdict()
  if (!verdict.valid) {
    const { block, error } = verdict
    const said = `${error.code}: ${printable(error.message)}${hintOn(error, spec)}`
    throw new Exit(1, `nothing was changed: block ${block} of ${file}, ${said}`)
  }
  return { genesis, tip: verdict.tip, chainwork: verdict.chainwork }
}

/** @throws Exit 1 where the data have as much work, or begin elsewhere */
function refuseWorse(
  file: string,
  { genesis, tip, chainwork }: Found,
  { chain, store }: { chain: BlockChain; store: SqliteStore },
): void {
  const ours = `the data have ${chain.length} block(s), the last is ${chain.tip.hash}`
  const stays = 'Nothing was changed; --replace puts it in their place all the same.'
  if (chainwork <= chain.tip.chainwork) {
    throw new Exit(
      1,
      `${file} has ${tip.index} block(s) and no more work than the data: ${ours}.\n${stays}`,
    )
  }
  const hasOnlyGenesis = chain.length === 1
  if (genesis !== store.hashAt(1) && !hasOnlyGenesis) {
    throw new Exit(1, `${file} begins with another genesis, ${genesis}: ${ours}.\n${stays}`)
  }
}

/** Keeps the blocks beside the active chain, batch by batch, and then moves to the last in one transaction. */
async function importChain(
  file: string,
  { chain, store }: { chain: BlockChain; store: SqliteStore },
  terminal: Terminal,
): Promise<void> {
  const theirs = new PeerChain(chain, SYNC_LIMITS)
  let batch: string[] = []
  let batchBytes = 0
  const write = () => {
    atomically(store, () => {
      for (const text of batch) take(theirs, text)
    })
    theirs.takeMilestone()
    batch = []
    batchBytes = 0
  }
  for await (const text of blocksOf(file, new Progress(terminal, 'Importing blocks'))) {
    batch.push(text)
    batchBytes += text.length
    if (batch.length >= MAX_BATCH_BLOCKS || batchBytes >= MAX_SLICE_BYTES) write()
  }
  write()
  const { last } = theirs
  if (last === undefined) throw new Exit(1, 'the file was emptied meanwhile; nothing was changed')
  moveTo(last, { chain, store }, terminal)
}

function take(theirs: PeerChain, text: string): void {
  try {
    const block = theirs.decode(parseJson(text))
    const misfit = theirs.misfit(block)
    if (misfit !== undefined) throw new BadBlock(theirs.position, misfit)
    theirs.add(block)
  } catch (cause) {
    if (!(cause instanceof BadBlock)) throw cause
    throw new Exit(
      1,
      `the file was changed meanwhile: block ${cause.position}, ${cause.rule.code}: ${printable(cause.message)}`,
      { cause },
    )
  }
}

function moveTo(
  to: TreeHeader,
  { chain, store }: { chain: BlockChain; store: SqliteStore },
  terminal: Terminal,
): void {
  const progress = new Progress(terminal, 'Moving to the chain')
  const blocks = to.index + chain.length
  let slices = 0
  atomically(store, () => {
    const move = chain.activate(to)
    // A slice takes so many blocks at most.
    while (move.next().done !== true) progress.at(Math.min(1, (++slices * 256) / blocks))
  })
  progress.end()
  while (chain.prune());
}

/** The texts of a file's blocks, one after another. */
async function* blocksOf(file: string, progress: Progress): AsyncGenerator<string> {
  yield* blocksIn(readFrom(file), { progress, totalBytes: (await stat(file)).size })
}
