/**
 * The readers of bytes and JSON: Utf8Reader, parseJson, jsonNumber, ElementScanner, ChainResponse.
 * Each gives what prints and reads back as the same, or a DecodeError; pieces change nothing. That
 * parseJson agrees with JSON.parse is test/core/json/json.oracle.test.ts; the scanner beside it, over
 * texts of JSON, test/core/json/scan.test.ts. Here: from bytes, and whatever was damaged.
 */

import { isUtf8 } from 'node:buffer'
import { describe, expect } from 'vitest'
import { Answers } from '../../src/adapters/net/answers.ts'
import { Utf8Reader } from '../../src/adapters/net/utf8.ts'
import {
  countOf,
  formatJson,
  type Json,
  jsonNumber,
  parseJson,
  plainJson,
} from '../../src/core/json/json.ts'
import { MAX_JSON_DEPTH } from '../../src/core/limits.ts'
import { WHOLE_CHAIN } from '../../src/node/pull/asking.ts'
import { damaged, jsonText } from '../core/json/json-arbitraries.ts'
import { readWhole, scanned } from '../core/json/scanned.ts'
import { branch, chainText, EASY } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import {
  anyBytes,
  anyText,
  cuts,
  damagedBytes,
  damagedText,
  inPieces,
  ODD_TOKENS,
} from './inputs.ts'
import { fuzz, outcomeOf, way } from './runs.ts'

const BOM = Buffer.from('\ufeff')
const texts = fc.oneof(anyText, jsonText)
const bytesOfTexts = texts.map((text) => Buffer.from(text))
const bytes = fc.oneof(anyBytes, bytesOfTexts, damagedBytes(bytesOfTexts))

describe('Utf8Reader', () => {
  const kept = new Utf8Reader()

  fuzz('takes exactly UTF-8, and a refusal leaves nothing behind for the next', {
    input: bytes,
    reaches: ['accepted', 'json-syntax'],
    check: (input) => {
      const outcome = outcomeOf(() => kept.read(input))
      expect('value' in outcome).toBe(isUtf8(input))
      return way(outcome, (text) => {
        const withoutMark = BOM.equals(input.subarray(0, 3)) ? input.subarray(3) : input
        expect(Buffer.from(text).equals(withoutMark)).toBe(true)
      })
    },
  })

  fuzz('reads pieces as the whole', {
    input: fc.tuple(bytes, cuts),
    reaches: ['accepted', 'json-syntax'],
    check: ([input, places]) => {
      const whole = outcomeOf(() => new Utf8Reader().read(input))
      const pieces = outcomeOf(() => {
        const reader = new Utf8Reader()
        const read = inPieces(input, places).map((piece) => reader.read(piece, { stream: true }))
        return read.join('') + reader.read()
      })
      expect(pieces).toEqual(whole)
      return way(whole, () => {})
    },
  })
})

describe('parseJson', () => {
  const odd = fc
    .array(fc.constantFrom(...ODD_TOKENS), { maxLength: 8 })
    .chain((tokens) => fc.constantFrom(`[${tokens.join(',')}]`, `{"a":${tokens.join(',"a":')}}`))

  fuzz('gives a value that prints and reads back as itself, or says why not', {
    input: fc.oneof(
      bytes.map((input) => Buffer.from(input).toString('utf8')),
      texts,
      damaged(jsonText),
      damagedText(jsonText),
      odd,
    ),
    reaches: ['accepted', 'json-syntax', 'json-depth'],
    check: (text) => {
      return way(
        outcomeOf(() => parseJson(text)),
        (value) => {
          const printed = formatJson(value)
          expect(parseJson(printed)).toEqual(value)
          expect(formatJson(parseJson(printed))).toBe(printed)
          plainJson(value)
        },
      )
    },
  })

  const opening = fc.constantFrom('[', '{"a":', '[[],', '{"b":1,"a":')

  fuzz('refuses what is nested deeper than the limit, closed or not', {
    input: fc.tuple(
      fc.array(opening, { minLength: 1, maxLength: 2 * MAX_JSON_DEPTH, size: 'max' }),
      fc.boolean(),
    ),
    reaches: ['accepted', 'json-depth', 'json-syntax'],
    check: ([open, isClosed]) => {
      const close = open.toReversed().map((text) => (text.startsWith('[') ? ']' : '}'))
      const text = `${open.join('')}1${isClosed ? close.join('') : ''}`
      const outcome = outcomeOf(() => parseJson(text))
      if (open.length > MAX_JSON_DEPTH) expect(outcome).toEqual({ code: 'json-depth' })
      return way(outcome, () => {})
    },
  })

  fuzz('and jsonNumber agree on what a number is', {
    input: fc.oneof(
      anyText,
      fc.stringMatching(/^[-+0-9.eE]{1,12}$/),
      fc.constantFrom(...ODD_TOKENS),
    ),
    reaches: ['accepted', 'no number'],
    check: (text) => {
      const number = jsonNumber(text)
      const read = outcomeOf(() => parseJson(text))
      // parseJson allows space around it.
      if (number === undefined) return text.trim() === text ? noNumber(read) : 'no number'
      expect(read).toEqual({ value: number })
      const count = countOf(number)
      if (count !== undefined) expect(count).toBe(Number(text))
      return 'accepted'
    },
  })
})

function noNumber(read: { value: Json } | { code: string }): string {
  const printed = 'value' in read ? formatJson(read.value) : ''
  expect(printed).not.toMatch(/^-?\d/)
  return 'no number'
}

describe('a long answer', () => {
  const chain = [EASY.rules.genesis, ...branch(EASY.rules.genesis, 2)]
  const answers = fc.constantFrom(
    chainText(chain),
    '{"length": 2, "chain": [{"a": [1, "]"]}, "x,"], "more": {"chain": [1]}}',
    '[1, [2, [3]], {"chain": []}]',
    '{"ch\\u0061in": [], "length": 0}',
  )
  const input = fc.tuple(fc.oneof(damagedText(answers), anyText, damagedText(jsonText)), cuts)

  fuzz('comes out of ElementScanner as out of parseJson, however it is cut', {
    input,
    share: 2,
    reaches: ['accepted', 'json-syntax'],
    check: ([text, places]) => {
      const whole = readWhole(text)
      const pieces = scanned(inPieces(text, places))
      expect(scanned([...text])).toEqual(pieces)
      if (whole === 'json-depth' || pieces === 'json-depth') return 'json-depth'
      expect(pieces).toEqual(whole)
      return typeof whole === 'string' ? whole : 'accepted'
    },
  })

  fuzz('comes out of an answer as blocks and a length, or is a fault', {
    input,
    reaches: ['accepted', 'not-a-chain'],
    check: ([text, places]) => {
      const read = (pieces: readonly string[]) => {
        const answers = new Answers()
        answers.begin(1, WHOLE_CHAIN)
        const blocks: string[] = []
        for (const piece of pieces) {
          for (const input of answers.hear(1, piece, piece.length)) {
            if (input.type === 'ask-failed') return { blocks, fault: input.fault.code }
            if (input.type === 'heard') blocks.push(...input.blocks.map(formatJson))
          }
        }
        const end = answers.end(1)
        if (end.type === 'ask-failed') return { blocks, fault: end.fault.code }
        return { blocks, end }
      }
      const outcome = read(inPieces(text, places))
      expect(outcome).toEqual(read([text]))
      if (outcome.fault !== undefined) return outcome.fault
      const { end } = outcome
      const answer = end?.type === 'ended' && end.answer.type === 'blocks' ? end.answer : undefined
      const { length = 0 } = answer ?? { length: -1 }
      expect(Number.isSafeInteger(length) && length >= 0).toBe(true)
      return 'accepted'
    },
  })
})
