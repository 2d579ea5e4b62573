/** A line of a report in words: how that chain stands, and why. */
import type { HeardNode } from '../../../src/api/client/client.ts'
import { actText } from '../text/act.ts'
import type { Language } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import { faultText, verdictText } from '../text/peers.ts'
import { refusedText } from '../text/rules.ts'

/** @param ours blocks of our chain, after all were asked */
export function verdictSentence(entry: HeardNode, ours: number, language: Language): string {
  const text = verdictText[language]
  const { length, verdict, reason = '' } = entry
  const why = faultText[language][reason] ?? reason
  switch (verdict) {
    case 'adopted':
      return text.adopted(countText(length ?? ours, language))
    case 'shorter': {
      const said =
        length === undefined ? text.shorterUnknown : text.shorter(blocks(length), blocks(ours))
      return reason === '' ? said : `${said} ${text.besides(why)}`
    }
    case 'tie':
      return text.tie(blocks(length ?? ours))
    case 'invalid': {
      const { rule = '', block = 0 } = entry
      return text.invalid(countText(block, language), refusedText[language][rule] ?? rule)
    }
    case 'unreachable':
    case 'misbehaved':
    case 'unfinished':
      return text[verdict](why)
    case 'same':
    case 'self':
      return text[verdict]
    default:
      return text.unknown
  }

  function blocks(count: number): string {
    return actText[language].blocks(countText(count, language), count === 1)
  }
}
