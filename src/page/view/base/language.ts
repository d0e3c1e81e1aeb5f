// The language of the page. Each node remembers its text key, so a change of the language sets all
// texts again.

import { en } from '../../text/en.ts'
import { ko } from '../../text/ko.ts'

export type TextKey = keyof typeof en
export type Language = 'en' | 'ko'
export type Value = string | number | readonly string[]

const STORAGE_KEY = 'stompbox.language'
const TEXTS = { en, ko }

let current: Language = chosen()

function chosen(): Language {
  const kept = localStorage.getItem(STORAGE_KEY)
  if (kept === 'en' || kept === 'ko') return kept
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key)

/** @param value for a text with a placeholder */
export function text(key: TextKey, value?: Value): string {
  const entry = TEXTS[current][key]
  if (typeof entry === 'string') return entry
  return (entry as (value: Value | undefined) => string)(value)
}

/** Sets the text of a node, now and after each change of the language. */
export function setText<T extends HTMLElement>(node: T, key: TextKey, value?: Value) {
  node.dataset.text = key
  if (value === undefined) delete node.dataset.value
  else node.dataset.value = JSON.stringify(value)
  const next = text(key, value)
  // A live region would read the same text aloud again.
  if (node.textContent !== next) node.textContent = next
  return node
}

/** Empties a node. */
export function clearText(node: HTMLElement) {
  node.textContent = ''
  delete node.dataset.text
}

/**
 * Shows why something was refused. Only known codes are shown, because others may be anybody's
 * words.
 * @param seconds to wait, if known
 */
export function setRefusal<T extends HTMLElement>(node: T, code: string, seconds?: number) {
  const key = `refusal:${code}`
  return isTextKey(key) ? setText(node, key, seconds) : setText(node, 'refusal:other')
}

/** Sets the accessible name of a node, and for an icon the tooltip. */
export function setLabel<T extends HTMLElement>(node: T, key: TextKey) {
  node.dataset.name = key
  node.setAttribute('aria-label', text(key))
  if (node.matches('button, [role="img"]')) node.title = text(key)
  return node
}

/** Sets the placeholder of a field. */
export function setPlaceholder(field: HTMLTextAreaElement, key: TextKey) {
  field.dataset.placeholder = key
  field.placeholder = text(key)
}

/** The reader's regional format, if it is of the page's language. */
export function locale() {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(current)) ?? current
}

/** Sets all texts under `root` again. */
function translate(root: ParentNode) {
  for (const node of root.querySelectorAll('[data-text], [data-name], [data-placeholder]')) {
    if (!(node instanceof HTMLElement)) continue
    const { text: key, name: label, placeholder, value } = node.dataset
    if (key && isTextKey(key)) setText(node, key, value && JSON.parse(value))
    if (label && isTextKey(label)) setLabel(node, label)
    if (placeholder && isTextKey(placeholder)) {
      node.setAttribute('placeholder', text(placeholder))
    }
  }
}

/**
 * Starts in the reader's language and follows the `[data-language]` buttons. `onChange` runs after
 * every change, for times and the title.
 */
export function startLanguage(onChange: () => void) {
  const switches = [...document.querySelectorAll('button[data-language]')]
  const speak = () => {
    document.documentElement.lang = current
    translate(document)
    for (const node of switches) {
      const own = node instanceof HTMLElement && node.dataset.language === current
      node.setAttribute('aria-pressed', String(own))
    }
    onChange()
  }
  for (const node of switches) {
    node.addEventListener('click', () => {
      current = node instanceof HTMLElement && node.dataset.language === 'ko' ? 'ko' : 'en'
      localStorage.setItem(STORAGE_KEY, current)
      speak()
    })
  }
  speak()
}
