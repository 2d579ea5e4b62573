/** What came of a resolve, in one sentence. */
import { actText } from '../text/act.ts'
import type { Language } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import type { Resolved } from './resolve-node.ts'
import { isNobodyRead } from './resolve-rows.ts'

export function resolvedSentence(resolved: Resolved, language: Language): string {
  const { replaced, before, length, report } = resolved
  const text = actText[language]
  const blocks = (count: number) => text.blocks(countText(count, language), count === 1)
  if (replaced) return text.replaced(blocks(before.height), blocks(length))
  return isNobodyRead(report) ? text.nobodyRead : text.authoritative
}
