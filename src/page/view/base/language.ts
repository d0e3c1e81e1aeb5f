// Which language the page speaks, and how a node remembers what it says: a change of language
// walks over the page and says everything again.

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

/** @param value what the text is about, where it needs that */
export function text(key: TextKey, value?: Value): string {
  const entry = TEXTS[current][key]
  if (typeof entry === 'string') return entry
  return (entry as (value: Value | undefined) => string)(value)
}

/** The node says this, now and in any language chosen later. */
export function say<T extends HTMLElement>(node: T, key: TextKey, value?: Value) {
  node.dataset.text = key
  if (value === undefined) delete node.dataset.value
  else node.dataset.value = JSON.stringify(value)
  const next = text(key, value)
  // A live region would read the same text out again.
  if (node.textContent !== next) node.textContent = next
  return node
}

/** The node says nothing, in any language. */
export function hush(node: HTMLElement) {
  node.textContent = ''
  delete node.dataset.text
}

/**
 * Says why something was refused. Only codes that are known here are shown: others may be anybody's
 * words.
 * @param seconds to wait, where that is known
 */
export function sayRefusal<T extends HTMLElement>(node: T, code: string, seconds?: number) {
  const key = `refusal:${code}`
  return isTextKey(key) ? say(node, key, seconds) : say(node, 'refusal:other')
}

/** The node's accessible name; a tooltip, too, where an icon is all there is to see. */
export function name<T extends HTMLElement>(node: T, key: TextKey) {
  node.dataset.name = key
  node.setAttribute('aria-label', text(key))
  if (node.matches('button, [role="img"]')) node.title = text(key)
  return node
}

/** What an empty field asks for. */
export function placeholder(field: HTMLTextAreaElement, key: TextKey) {
  field.dataset.placeholder = key
  field.placeholder = text(key)
}

/** The reader's own regional format where it belongs to the language of the page. */
export function locale() {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(current)) ?? current
}

/** Says everything under `root` again. */
function translate(root: ParentNode) {
  for (const node of root.querySelectorAll('[data-text], [data-name], [data-placeholder]')) {
    if (!(node instanceof HTMLElement)) continue
    const { text: key, name: label, placeholder, value } = node.dataset
    if (key && isTextKey(key)) say(node, key, value && JSON.parse(value))
    if (label && isTextKey(label)) name(node, label)
    if (placeholder && isTextKey(placeholder)) {
      node.setAttribute('placeholder', text(placeholder))
    }
  }
}

/**
 * Starts in the reader's language and follows the switches (`[data-language]` buttons).
 * `onChange` runs after every change, for what is not a plain text: times, the title.
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
