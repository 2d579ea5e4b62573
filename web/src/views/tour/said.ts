/** What came of a step, in sentences: only of real values, so that they stay true in any order of steps. */

import { resolvedSentence } from '../../jobs/resolve-sentence.ts'
import { verdictSentence } from '../../jobs/verdict.ts'
import { actText } from '../../text/act.ts'
import type { Language } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { faultText } from '../../text/peers.ts'
import { tourText } from '../../text/tour.ts'
import type { StepResult } from './steps.ts'
import { type Chains, compareEnds, type StepId, stepOf } from './story.ts'

interface Telling {
  readonly step: StepId
  /** The other node's address. */
  readonly other: string
  readonly language: Language
}

export function sentencesOf(result: StepResult, telling: Telling): string[] {
  const { other, language } = telling
  const text = tourText[language]
  const number = (count: number) => countText(count, language)
  switch (result.type) {
    case 'given-up':
      return [givenUpSentence(telling)]
    case 'introduced': {
      if (result.isSelf) return [text.self(other)]
      const { here, there } = result.chains
      const known = result.wasKnown ? text.wasRegistered(other) : text.registered(other)
      const isStrange = there?.chain !== undefined && there.chain !== here.chain
      return [
        known,
        reachability(result.chains, language),
        ...(isStrange ? [text.otherChain(there.chain, here.chain)] : []),
      ]
    }
    case 'paid':
      return [text.paid(number(result.index)), waitingSentence(result.waiting, language)]
    case 'mined': {
      const { index, tries, leas, chains } = result
      const comparison = compareEnds(chains).type
      return [
        text.mined(number(index), number(tries)),
        ...leasSentence(leas, telling),
        compared(chains, language),
        ...(telling.step === 'fork' && comparison !== 'fork' ? [text.notFork] : []),
        ...(telling.step === 'longer' && comparison !== 'longer' ? [text.notLonger] : []),
      ]
    }
    case 'resolved': {
      const { resolved, entry, waiting, chains } = result
      return [
        resolvedSentence(resolved, language),
        ...(entry === undefined
          ? []
          : [text.said(other, verdictSentence(entry, resolved.length, language))]),
        compared(chains, language),
        ...(entry?.verdict === 'tie' ? [text.tie] : []),
        waitingSentence(waiting, language),
      ]
    }
  }
}

/** A search ends with who wanted it; a node that has begun to ask others goes on. */
function givenUpSentence({ step, language }: Telling): string {
  const { mineGivenUp, resolveGivenUp } = actText[language]
  return stepOf(step, 'first').does === 'mine' ? mineGivenUp : resolveGivenUp
}

/** The story's second block on top of the first holds no payment, and is not expected to. */
function leasSentence(leas: number, { step, language }: Telling): string[] {
  const text = tourText[language]
  if (leas > 0) return [text.holdsLeas(countText(leas, language), leas === 1)]
  return step === 'longer' ? [] : [text.holdsNone]
}

/** Sentences as one text: Chinese puts nothing between them. */
export function joined(sentences: readonly string[], language: Language): string {
  return sentences.join(language === 'zh' ? '' : ' ')
}

/** Whether the other node answers, and where its chain ends. */
export function reachability({ there }: Chains, language: Language): string {
  const text = tourText[language]
  if (there === undefined) return text.notSeen
  const { isReachable, height, reason = '' } = there
  if (!isReachable) return text.silent(faultText[language][reason] ?? reason)
  return height === undefined ? text.answersOnly : text.answers(countText(height, language))
}

export function compared(chains: Chains, language: Language): string {
  const { type } = compareEnds(chains)
  const there = chains.there?.height ?? 0
  const [here, other] = [chains.here.height, there].map((height) => countText(height, language))
  return tourText[language].compared(type, here ?? '', other ?? '')
}

function waitingSentence(count: number, language: Language): string {
  const text = tourText[language]
  return count === 0 ? text.noneWaits : text.waiting(countText(count, language), count === 1)
}
