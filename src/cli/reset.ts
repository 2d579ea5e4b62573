/** `toychain reset`: deletes a node's data, after asking. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { confirm } from '@clack/prompts'
import { Command } from 'commander'
import { DATABASE_FILE, takeLock } from '../adapters/sqlite/data-folder.ts'
import { inspectFile } from '../adapters/sqlite/schema.ts'
import { StoreError } from '../node/store/store.ts'
import { chainOption, dataFolder, dataOption, portOption, specOf } from './config.ts'
import { Exit, type Terminal } from './terminal.ts'

interface ResetFlags {
  readonly data?: string
  readonly chain?: string
  readonly port: number
  readonly yes?: true
}

export function resetCommand(terminal: Terminal): Command {
  return new Command('reset')
    .description("delete a node's data: chain, current transactions, nodes, id")
    .addOption(dataOption())
    .addOption(chainOption())
    .addOption(portOption())
    .option('--yes', 'do not ask')
    .action(async (flags: ResetFlags) => {
      const folder = dataFolder(flags, await specOf(flags), terminal)
      const database = join(folder, DATABASE_FILE)
      const files = ['', '-wal', '-shm'].map((suffix) => database + suffix)
      if (!files.some((file) => existsSync(file))) {
        terminal.print(`Nothing to delete: there are no toychain data in ${folder}.`)
        return
      }
      refuseForeign(database)
      const lock = takeLock(folder)
      try {
        if (!flags.yes) await ask(folder, terminal)
        // The lock file stays: a node that starts meanwhile must find the one that is held here.
        for (const file of files) rmSync(file, { force: true })
      } finally {
        lock.close()
      }
      terminal.print(`Deleted the data in ${folder}.`)
    })
}

/** A damaged file may be deleted, another program's may not. */
function refuseForeign(database: string): void {
  try {
    if (existsSync(database)) inspectFile(database)
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'store-foreign') return
    throw error
  }
}

async function ask(folder: string, { process }: Terminal): Promise<void> {
  if (process.stdin.isTTY !== true)
    throw new Exit(2, 'reset asks before it deletes; without a terminal, say --yes')
  const message = `Delete the chain and everything else in ${folder}?`
  const answer = await confirm({
    message,
    initialValue: false,
    input: process.stdin,
    output: process.stdout,
  })
  if (answer !== true) throw new Exit(1, 'nothing was deleted')
}
