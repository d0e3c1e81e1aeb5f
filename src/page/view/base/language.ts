// The language of the page, as a signal: a component that reads a text renders again when the
// language changes.

import { effect, signal } from '@preact/signals'
import type { en } from '../../text/en.ts'
import type { dialogs } from '../../text/en-dialogs.ts'
import { TEXTS } from '../../text/texts.ts'

/** The name of a text. Those of the dialogs are known once `learn` was told them. */
export type TextKey = keyof typeof en | keyof typeof dialogs
/** The languages that the page speaks, by their BCP 47 tags. */
export type Language = 'en' | 'ko'
type Value = string | number | readonly string[]

type Texts = Record<string, string | ((value: never) => string)>

const STORAGE_KEY = 'stompbox.language'

/** The language of now: the one chosen last, or else the browser's. */
export const language = signal<Language>(preferred())

function preferred(): Language {
  const kept = localStorage.getItem(STORAGE_KEY)
  if (kept === 'en' || kept === 'ko') return kept
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

effect(() => {
  document.documentElement.lang = language.value
})

/** Changes the language, here and at the next visit. */
export function choose(next: Language): void {
  localStorage.setItem(STORAGE_KEY, next)
  language.value = next
}

const known: Record<Language, Texts> = { ...TEXTS }

/** Adds the texts of the second bundle. */
export function learn(more: Record<Language, Texts>): void {
  known.en = { ...known.en, ...more.en }
  known.ko = { ...known.ko, ...more.ko }
}

const isTextKey = (key: string): key is TextKey => Object.hasOwn(known.en, key)

/**
 * A text in the language of the page.
 *
 * @param value for a text with a placeholder
 */
export function text(key: TextKey, value?: Value): string {
  const entry = known[language.value][key]
  return typeof entry === 'function' ? (entry as (value?: Value) => string)(value) : (entry ?? '')
}

/**
 * Why something was refused. Only known codes have a text of their own, because others may be
 * anybody's words.
 * @param seconds to wait, if known
 */
export function refusalText(code: string, seconds?: number): string {
  const key = `refusal:${code}`
  return isTextKey(key) ? text(key, seconds) : text('refusal:other')
}

/** Isolates a name from the text direction around it, and the other way round. */
export const isolated = (name: string): string => `\u2068${name}\u2069`

/** The accessible name and the tooltip of an icon. */
export const labels = (key: TextKey) => ({ 'aria-label': text(key), title: text(key) })

/** The reader's regional format, if it is of the page's language. */
export function locale(): string {
  const current = language.value
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(current)) ?? current
}
