/** The picture's nodes in words. */

import { AGREEMENTS, countsOf, type Picture, type Pictured } from '../../jobs/surveyed.ts'
import type { Language } from '../../text/language.ts'
import type { networkText } from '../../text/network.ts'
import { countText } from '../../text/numbers.ts'

type Text = (typeof networkText)['en']

/** Digits of a tip where there is no room for more. */
const TIP_SHOWN = 8

/** How a node's chain agrees with this node's. */
export function agreementWords(
  { agreement, difference, chain = '' }: Pictured,
  text: Text,
  language: Language,
): string {
  const count = countText(difference, language)
  switch (agreement) {
    case 'shorter':
      return text.blocksShorter(count, difference === 1)
    case 'longer':
      return text.blocksLonger(count, difference === 1)
    case 'other-chain':
      return text.otherChain(chain)
    default:
      return text.meaning[agreement]
  }
}

/** The same where there is little room; nothing of what agrees. */
export function labelWords(node: Pictured, text: Text, language: Language): string {
  const { agreement } = node
  if (agreement === 'same') return ''
  const isCounted = agreement === 'shorter' || agreement === 'longer'
  return isCounted ? agreementWords(node, text, language) : text.inLabel[agreement]
}

/** The whole picture in one sentence. */
export function summaryOf(picture: Picture, text: Text, language: Language): string {
  const counts = countsOf(picture)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const parts = AGREEMENTS.flatMap((agreement) => {
    const count = counts.get(agreement)
    return count === undefined ? [] : [text.counted[agreement](countText(count, language))]
  })
  return text.summary(
    text.others(countText(total, language), total === 1),
    parts.join(text.between),
  )
}

/** Where a chain ends, as short as it can be told. */
export function endWords(
  { height, tip = '' }: { height: number | undefined; tip: string | undefined },
  text: Text,
  language: Language,
): string {
  if (height === undefined) return ''
  return text.heightAndTip(countText(height, language), tip.slice(0, TIP_SHOWN))
}

/** An address that fits beside others: strangers may have chosen a long one. */
export function shortAddress(address: string, chars: number): string {
  if (address.length <= chars) return address
  const tail = Math.floor(chars / 2) - 1
  return `${address.slice(0, chars - tail - 1)}…${address.slice(-tail)}`
}
