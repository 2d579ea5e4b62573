/** `toychain reset`: deletes a node's data, after asking. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { confirm } from '@clack/prompts'
import { Command } from 'commander'
import { DATABASE_FILE, LOCK_FILE, takeLock } from '../adapters/store-sqlite.ts'
import {
  chainOption,
  DEFAULT_PORT,
  dataOption,
  defaultDataFolder,
  portNumber,
  specOf,
} from './config.ts'
import { Exit, print } from './terminal.ts'

interface ResetFlags {
  readonly data?: string
  readonly chain?: string
  readonly port: number
  readonly yes?: true
}

export function resetCommand(): Command {
  return new Command('reset')
    .description("delete a node's data: chain, current transactions, nodes, id")
    .addOption(dataOption())
    .addOption(chainOption())
    .option('--port <port>', 'the port that the data were kept under', portNumber, DEFAULT_PORT)
    .option('--yes', 'do not ask')
    .action(async (flags: ResetFlags) => {
      const folder = flags.data ?? defaultDataFolder(specOf(flags).name, flags.port)
      const database = join(folder, DATABASE_FILE)
      if (!existsSync(database)) {
        print(`Nothing to delete: there are no toychain data in ${folder}.`)
        return
      }
      const lock = takeLock(folder)
      try {
        if (!flags.yes) await ask(folder)
        for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true })
      } finally {
        lock.close()
      }
      rmSync(join(folder, LOCK_FILE), { force: true })
      print(`Deleted the data in ${folder}.`)
    })
}

async function ask(folder: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Exit(2, 'reset asks before it deletes; without a terminal, say --yes')
  const message = `Delete the chain and everything else in ${folder}?`
  const answer = await confirm({ message, initialValue: false })
  if (answer !== true) throw new Exit(1, 'nothing was deleted')
}
