/** The page's texts, all of them: no meaning without words, no Chinese in English punctuation. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '../../src/api/http/problems.ts'
import { RULES } from '../../src/core/errors.ts'
import { PRESETS } from '../../src/core/spec.ts'
import { problemText } from '../../web/src/text/problems.ts'
import { passedText, refusedText } from '../../web/src/text/rules.ts'

const FOLDER = new URL('../../web/src/text/', import.meta.url)
const files = readdirSync(FOLDER).filter((name) => !['language.ts', 'numbers.ts'].includes(name))

/** Codes that only programs meet: what a page sends is always well-formed and to the right address. */
const NOT_FOR_PAGES = [
  'bad-request',
  'method-not-allowed',
  'uri-too-long',
  'unsupported-media-type',
  'headers-too-large',
]

describe.each(files)('the texts of %s', async (name) => {
  const texts: Record<string, unknown> = await import(new URL(name, FOLDER).href)
  const all = Object.entries(texts).filter(([, value]) => isBilingual(value))

  it('are in both languages', () => {
    expect(all.length).toBeGreaterThan(0)
    for (const [key, value] of all) {
      if (!isBilingual(value)) continue
      expect(keysOf(value.zh), key).toEqual(keysOf(value.en))
      const [english, chinese] = [textsOf(value.en), textsOf(value.zh)]
      for (const text of english) expect(text).not.toBe('')
      // What stands between two sentences is a space in one, and nothing in the other.
      for (const [i, text] of chinese.entries()) if (english[i] !== ' ') expect(text).not.toBe('')
    }
  })

  it('are Chinese with Chinese punctuation', () => {
    for (const [, value] of all) {
      if (!isBilingual(value)) continue
      for (const text of textsOf(value.zh)) {
        expect(text).not.toMatch(/[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/)
      }
    }
  })
})

describe('the rules in words', () => {
  it('are all there, in both languages', () => {
    for (const language of ['en', 'zh'] as const) {
      expect(Object.keys(refusedText[language]).sort()).toEqual(Object.keys(RULES).sort())
    }
  })

  it('say what a block has shown by each check of every chain spec, and of no other', () => {
    const checks = [...PRESETS.values()].flatMap(({ rules }) => rules.checks)
    const names = new Set(checks.map(({ step, code }) => `${step}:${code}`))
    for (const language of ['en', 'zh'] as const) {
      expect(Object.keys(passedText[language]).sort()).toEqual([...names].sort())
    }
  })

  it('say what each refusal of the node means that a page can meet', () => {
    const expected = [...PROBLEMS.keys()].filter((code) => !NOT_FOR_PAGES.includes(code))
    for (const language of ['en', 'zh'] as const) {
      expect(Object.keys(problemText[language]).sort()).toEqual(expected.sort())
    }
  })
})

interface Languages {
  readonly en: object
  readonly zh: object
}

function isBilingual(value: unknown): value is Languages {
  return typeof value === 'object' && value !== null && 'en' in value && 'zh' in value
}

/** Every key, with those within. */
function keysOf(texts: object): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value).map((inner) => `${key}.${inner}`) : [key],
  )
}

/** Every text; of one that is made of values, its source, which holds its words. */
function textsOf(texts: object): string[] {
  return Object.values(texts).flatMap((value) => {
    if (typeof value === 'string') return [value]
    if (typeof value === 'function') return [String(value)]
    return typeof value === 'object' ? textsOf(value) : []
  })
}
