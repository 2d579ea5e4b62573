/** The program's entry: `toychain` in a process of its own. */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Terminal } from './terminal.ts'
import { toychain } from './toychain.ts'

goWhereTheUserIs()
const terminal = new Terminal(process)
terminal.surviveOutputErrors({ goOn: false })
process.exitCode = await toychain(process.argv.slice(2), terminal)

/** npm runs a script in the clone's root, but files are named from where npm was called. */
function goWhereTheUserIs(): void {
  const { npm_lifecycle_event: script, INIT_CWD: startedIn } = process.env
  const root = fileURLToPath(new URL('../../', import.meta.url))
  if (script === undefined || startedIn === undefined || !existsSync(startedIn)) return
  if (realpathSync(process.cwd()) === realpathSync(root)) process.chdir(startedIn)
}
