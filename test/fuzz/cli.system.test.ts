/**
 * What the program reads: options, and the files of `verify` and `hash`, in process. A bad option
 * is commander's error or an Exit of status 2; a file gives a verdict (status 0 or 1) or Exit 2.
 * That the real program does the same is test/cli/commands.system.test.ts.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, CommanderError } from 'commander'
import { beforeEach, describe, expect } from 'vitest'
import { clientOf, specOf } from '../../src/cli/config.ts'
import { nodeCommand } from '../../src/cli/node.ts'
import { nodesCommand, resolveCommand } from '../../src/cli/peers.ts'
import { resetCommand } from '../../src/cli/reset.ts'
import { chainCommand, mineCommand, sendCommand } from '../../src/cli/talk.ts'
import { Exit, Terminal } from '../../src/cli/terminal.ts'
import { hashCommand, verifyCommand } from '../../src/cli/verify.ts'
import { jsonText } from '../core/json/json-arbitraries.ts'
import { blockAfter, branch, chainText, EASY, payment } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { run as runCommand } from '../helpers/toychain.ts'
import { anyBytes, anyText, damagedBytes, damagedText, share } from './inputs.ts'
import { fuzz } from './runs.ts'

const COMMANDS: Readonly<Record<string, (terminal: Terminal) => Command>> = {
  node: nodeCommand,
  mine: mineCommand,
  send: sendCommand,
  chain: chainCommand,
  nodes: nodesCommand,
  resolve: resolveCommand,
  verify: verifyCommand,
  hash: hashCommand,
  reset: resetCommand,
}

const FLAGS = [
  '--port',
  '--data',
  '--difficulty',
  '--chain',
  '--peer',
  '--resolve-every',
  '--token',
  '--rate-limit',
  '--log-level',
  '--allowed-host',
  '--host',
  '--memory',
  '--from',
  '--limit',
  '--node',
  '--json',
  '--yes',
  '--',
  '-',
  '--x',
]
const VALUES = [
  '0',
  '1',
  '5000',
  '65535',
  '65536',
  '-1',
  '1.5',
  '0.1',
  '0.05',
  '1e3',
  '',
  ' ',
  'classic',
  'a:1',
  '[::1]:5',
  ':',
  'http://a',
  'warn',
  '9'.repeat(20),
  'é',
  '\u0000',
  '--port',
]
const argument = fc.oneof(
  { arbitrary: fc.constantFrom(...FLAGS), weight: 4 },
  { arbitrary: fc.constantFrom(...VALUES), weight: 4 },
  { arbitrary: anyText, weight: 1 },
)

/** What a command would be run with; its own work is not done. */
function parsed(name: string, args: readonly string[]): Record<string, unknown> {
  const command = COMMANDS[name]?.(new Terminal(process))
  if (command === undefined) throw new Error(`no command ${name}`)
  command.exitOverride().configureOutput({ writeOut() {}, writeErr() {} })
  for (const sub of command.commands) sub.copyInheritedSettings(command).action(() => {})
  command.action(() => {}).parse(args, { from: 'user' })
  return command.opts()
}

describe('options', () => {
  fuzz('are values of their kinds, or refused by commander', {
    input: fc.tuple(
      fc.constantFrom(...Object.keys(COMMANDS)),
      fc.array(argument, { maxLength: 6 }),
    ),
    reaches: ['taken', 'refused'],
    check: ([name, args]) => {
      try {
        const flags = parsed(name, args)
        for (const key of ['port', 'difficulty', 'rateLimit', 'from', 'limit']) {
          const value = flags[key]
          if (value !== undefined)
            expect(Number.isSafeInteger(value) && Number(value) >= 0, key).toBe(true)
        }
        if (flags.port !== undefined) expect(Number(flags.port)).toBeLessThanOrEqual(65_535)
        if (flags.resolveEvery !== undefined)
          expect(Number(flags.resolveEvery)).toBeGreaterThanOrEqual(0.1)
        if (typeof flags.token === 'string') expect(flags.token).toMatch(/^[!-~]*$/)
        return 'taken'
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error
        return 'refused'
      }
    },
  })

  fuzz('name a node and a chain, or end the program with status 2', {
    input: fc.record({
      node: fc.oneof(
        fc.constantFrom(...VALUES, 'https://a/b', 'ftp://a', 'http://[', 'http://a:99999'),
        anyText,
      ),
      chain: fc.constantFrom(
        'classic',
        'toychain-py',
        '__proto__',
        '',
        '\0',
        '/nowhere/at/all',
        '/',
      ),
      difficulty: fc.option(fc.constantFrom(0, 64, 65, 1e15), { nil: undefined }),
    }),
    reaches: ['taken', 'refused'],
    check: async ({ node, chain, difficulty }) => {
      try {
        clientOf({ node })
        await specOf(difficulty === undefined ? { chain } : { chain, difficulty })
        return 'taken'
      } catch (error) {
        if (!(error instanceof Exit)) throw error
        expect(error.status).toBe(2)
        return 'refused'
      }
    },
  })
})

describe('a file', () => {
  const { genesis } = EASY.rules
  const chain = [genesis, ...branch(genesis, 2)]
  const paid = blockAfter(genesis, { transactions: [payment('a', '\ud800', '1.0')] })
  const served = `${paid.text.slice(0, -1)}, "hash": "${paid.header.hash}", "active": true}`
  const texts = fc.constantFrom(
    chainText(chain),
    `[${chain.map(({ text }) => text).join()}]`,
    chain[1]?.text ?? '',
    served,
  )
  const file = fc.oneof(
    damagedText(texts).map((text) => Buffer.from(text)),
    damagedBytes(texts.map((text) => Buffer.from(text))).map((bytes) => Buffer.from(bytes)),
    anyBytes.map((bytes) => Buffer.from(bytes)),
    jsonText.map((text) => Buffer.from(text)),
  )

  let path = ''
  beforeEach(() => {
    path = join(temporaryFolder(), 'file.json')
  })

  /** Runs a command over a file; its status and what it printed. */
  async function run(command: 'verify' | 'hash', bytes: Uint8Array, ...flags: string[]) {
    writeFileSync(path, bytes)
    const { status, out } = await runCommand([command, path, ...flags])
    return { status, printed: out }
  }

  fuzz('that is verified has a verdict, or is unreadable', {
    input: file,
    reaches: ['valid', 'unreadable', 'bad-block-type'],
    check: async (bytes) => {
      const { status, printed } = await run('verify', bytes, '--difficulty', '1', '--json')
      if (status === 2) return 'unreadable'
      const verdict: { valid: boolean; code?: string } = JSON.parse(printed)
      expect(status).toBe(verdict.valid ? 0 : 1)
      return verdict.code ?? 'valid'
    },
  })

  fuzz('that is hashed has a text and its hash, or is unreadable', {
    input: file,
    reaches: ['hashed', 'unreadable', 'another hash'],
    check: async (bytes) => {
      const { status, printed } = await run('hash', bytes)
      if (status === 2) return 'unreadable'
      expect(printed).toMatch(/^\{[ -~]*\}\n[0-9a-f]{64}\n$/)
      return status === 0 ? 'hashed' : 'another hash'
    },
  })

  fuzz('that is no UTF-8 is unreadable to both commands', {
    input: fc.tuple(
      fc.constantFrom(served, chain[1]?.text ?? ''),
      share,
      fc.integer({ min: 128, max: 255 }),
    ),
    share: 0.2,
    reaches: ['unreadable'],
    check: async ([text, at, byte]) => {
      const block = Buffer.from(text)
      block[Math.floor(at * block.length)] = byte
      expect(
        (await run('verify', Buffer.from(`[${block.toString('latin1')}]`, 'latin1'))).status,
      ).toBe(2)
      expect((await run('hash', block)).status).toBe(2)
      return 'unreadable'
    },
  })
})
