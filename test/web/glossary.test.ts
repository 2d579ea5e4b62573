/** The glossary: one source for the page and the document, and no marked word without an entry. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { glossaryDocument } from '../../tools/glossary.ts'
import { glossary, TERMS } from '../../web/src/text/glossary.ts'

const FOLDER = new URL('../../web/src/text/', import.meta.url)

describe('the glossary', () => {
  it('is what docs/GLOSSARY.md says: `node tools/glossary.ts` writes it', () => {
    const document = readFileSync(new URL('../../docs/GLOSSARY.md', import.meta.url), 'utf8')
    expect(document).toBe(glossaryDocument())
  })

  it('has an entry for each word that a text marks', () => {
    const marked = readdirSync(FOLDER).flatMap((name) => {
      const text = readFileSync(new URL(name, FOLDER), 'utf8')
      return [...text.matchAll(/\[\[([^\]|]*)(?:\|[^\]]+)?\]\]/g)].map(([, word = '']) => word)
    })
    expect(marked.length).toBeGreaterThan(30)
    const known: readonly string[] = TERMS
    expect(marked.filter((word) => !known.includes(word))).toEqual([])
  })

  it('says each term once in each language', () => {
    for (const language of ['en', 'zh'] as const) {
      const terms = TERMS.map((name) => glossary[language][name].term)
      expect(new Set(terms).size).toBe(TERMS.length)
    }
  })
})
