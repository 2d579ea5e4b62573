/** `node tools/glossary.ts` writes docs/GLOSSARY.md from the page's glossary, `web/src/text/glossary.ts`. */
import { writeFileSync } from 'node:fs'
import { glossary, TERMS } from '../web/src/text/glossary.ts'

const HEAD = `# Glossary

The words of this project, in English and Chinese. The page shows the same entries wherever a word has a dotted line.
`

/** The whole document. */
export function glossaryDocument(): string {
  const entries = TERMS.map((name) => {
    const [en, zh] = [glossary.en[name], glossary.zh[name]]
    return `**${en.term}** (${zh.term}): ${en.means}\n`
  })
  return `${[HEAD, ...entries].join('\n')}`
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/GLOSSARY.md', import.meta.url), glossaryDocument())
}
