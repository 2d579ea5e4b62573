/** What several commands take: which chain, which folder, which node; and how they are found. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { NodeClient } from '../api/client/client.ts'
import { messageOf } from '../core/errors.ts'
import { MAX_SPEC_BYTES } from '../core/limits.ts'
import { CLASSIC, PRESETS, parseSpec, type Spec, withDifficulty } from '../core/spec.ts'
import { readFrom, readWhole } from './input.ts'
import { patientFetch } from './patient-fetch.ts'
import { Exit, type Terminal } from './terminal.ts'

export const DEFAULT_PORT = 5000

/** Options that name a chain spec. */
export interface ChainOptions {
  readonly chain?: string
  readonly difficulty?: number
}

export const chainOption = () =>
  new Option('--chain <name|file>', `chain spec: ${[...PRESETS.keys()].join(', ')}, or a JSON file`)

export const difficultyOption = () =>
  new Option('--difficulty <digits>', 'leading zero hex digits of a proof (0 to 64)').argParser(
    wholeNumber,
  )

export const dataOption = () =>
  new Option(
    '--data <folder>',
    "where the data are (default: the platform's data folder, by chain and port)",
  ).argParser(folderName)

export const portOption = () =>
  new Option('--port <port>', 'the port that the data were kept under')
    .argParser(portNumber)
    .default(DEFAULT_PORT)

export const nodeOption = () =>
  new Option('--node <url>', 'the node to talk to')
    .env('TOYCHAIN_NODE')
    .default(`http://127.0.0.1:${DEFAULT_PORT}`)

export const tokenOption = () =>
  new Option('--token <token>', 'what changing calls need')
    .env('TOYCHAIN_TOKEN')
    .argParser(tokenText)

/** The spec that the options name; classic if they name none. @throws Exit 2 */
export async function specOf({ chain = CLASSIC.name, difficulty }: ChainOptions): Promise<Spec> {
  const spec = PRESETS.get(chain) ?? (await readSpec(chain))
  try {
    return difficulty === undefined ? spec : withDifficulty(spec, difficulty)
  } catch (cause) {
    throw new Exit(2, `--difficulty: ${messageOf(cause)}`, { cause })
  }
}

async function readSpec(path: string): Promise<Spec> {
  try {
    return parseSpec(String(await readWhole(readFrom(path), path, MAX_SPEC_BYTES)))
  } catch (cause) {
    const known = [...PRESETS.keys()].join(', ')
    throw new Exit(
      2,
      `--chain ${path}: neither a preset (${known}) nor a spec file: ${messageOf(cause)}`,
      {
        cause,
      },
    )
  }
}

/** The folder that the options name: itself, or the platform's for a chain and a port. */
export function dataFolder(
  { data, port }: { data?: string; port: number },
  spec: Spec,
  { process }: Terminal,
): string {
  return data ?? defaultDataFolder(spec.name, port, process.env)
}

/** The platform's data folder of a node: XDG on Linux, its like elsewhere. */
export function defaultDataFolder(chain: string, port: number, env: NodeJS.ProcessEnv): string {
  return join(dataHome(process.platform, env), 'toychain', `${chain}-${port}`)
}

export function dataHome(platform: string, env: NodeJS.ProcessEnv): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  return env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
}

export function clientOf({ node, token }: { node: string; token?: string }): NodeClient {
  const url = node.includes('://') ? node : `http://${node}`
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url))
    throw new Exit(2, `--node ${node}: expected an address such as http://127.0.0.1:5000`)
  return new NodeClient(url, { token: token || undefined, fetch: patientFetch })
}

/** Parses a folder's name, which an unset variable in a script leaves empty. */
function folderName(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected the name of a folder.')
  return text
}

/** Parses a token: what an Authorization header can carry (RFC 6750, section 2.1, and a little more). */
export function tokenText(text: string): string {
  if (!/^[!-~]*$/.test(text))
    throw new InvalidArgumentError('Expected printable ASCII without spaces.')
  return text
}

/** Parses an option's whole number from 0 on. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

/** Parses an option's whole number from 1 on. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('Expected a whole number from 1 on.')
  return value
}

/** Parses a time in seconds, a tenth at least. */
export function seconds(text: string): number {
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0
  if (value < 0.1) throw new InvalidArgumentError('Expected seconds, 0.1 at least.')
  return value
}

export function portNumber(text: string): number {
  const value = wholeNumber(text)
  if (value > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return value
}
