/**
 * The page's languages. Every text of the page is in this folder, one file for each view, both
 * languages side by side, so that none is forgotten: a text that lacks its translation does not compile.
 */
import { useSyncExternalStore } from 'react'
import { Listeners } from '../parts/listeners.ts'

export type Language = 'en' | 'zh'

export interface Bilingual<T> {
  readonly en: T
  readonly zh: T
}

/** Names as their speakers write them. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', zh: '简体中文' }

/** BCP 47. */
const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' }

const REMEMBERED = 'toychain-language'

let chosen: Language | undefined
const listeners = new Listeners()

/** Texts of one meaning in both languages. */
export function bilingual<T>(en: T, zh: NoInfer<T>): Bilingual<T> {
  return { en, zh }
}

export function useLanguage(): Language {
  return useSyncExternalStore(listeners.listen, currentLanguage)
}

/** As the user chose, or as the browser prefers. */
export function currentLanguage(): Language {
  chosen ??= chosenBefore() ?? preferred()
  return chosen
}

/** The texts in the language that is chosen. */
export function useText<T>(texts: Bilingual<T>): T {
  return texts[useLanguage()]
}

/** The texts in the language that is chosen now, for what is said once. */
export function textNow<T>(texts: Bilingual<T>): T {
  return texts[currentLanguage()]
}

export function chooseLanguage(language: Language): void {
  chosen = language
  remember(language)
  listeners.tell()
}

/** What documents and the browser's formats call a language. */
export function tagOf(language: Language): string {
  return TAGS[language]
}

function preferred(): Language {
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage)
  return first ?? 'en'
}

function chosenBefore(): Language | undefined {
  try {
    const language = localStorage.getItem(REMEMBERED) ?? ''
    return isLanguage(language) ? language : undefined
  } catch {
    // Where the browser keeps nothing for this page, it asks the browser's languages each time.
    return undefined
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED, language)
  } catch {
    // The choice then lasts as long as the page.
  }
}

function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text)
}
