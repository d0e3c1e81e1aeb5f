// @ts-check
// Which language the page speaks, and how a node remembers what it says: a change of language
// walks over the page and says everything again.
import { en } from '../text/en.js'
import { ko } from '../text/ko.js'

/** @typedef {keyof typeof en} TextKey */
/** @typedef {'en' | 'ko'} Language */
/** @typedef {string | number | readonly string[]} Value */

const STORAGE_KEY = 'stompbox.language'
const TEXTS = { en, ko }

/** @type {Language} */
let current = chosen()

/** @returns {Language} */
function chosen() {
  const kept = localStorage.getItem(STORAGE_KEY)
  if (kept === 'en' || kept === 'ko') return kept
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

/**
 * @param {string} key
 * @returns {key is TextKey}
 */
const isTextKey = (key) => Object.hasOwn(en, key)

/**
 * @param {TextKey} key
 * @param {Value} [value] what the text is about, where it needs that
 * @returns {string}
 */
export function text(key, value) {
  const entry = TEXTS[current][key]
  if (typeof entry === 'string') return entry
  return /** @type {(value: Value | undefined) => string} */ (entry)(value)
}

/**
 * The node says this, now and in any language chosen later.
 * @template {HTMLElement} T
 * @param {T} node
 * @param {TextKey} key
 * @param {Value} [value]
 */
export function say(node, key, value) {
  node.dataset.text = key
  if (value === undefined) delete node.dataset.value
  else node.dataset.value = JSON.stringify(value)
  const next = text(key, value)
  // A live region would read the same text out again.
  if (node.textContent !== next) node.textContent = next
  return node
}

/** The node says nothing, in any language. @param {HTMLElement} node */
export function hush(node) {
  node.textContent = ''
  delete node.dataset.text
}

/**
 * Says why something was refused. Only codes that are known here are shown: others may be anybody's words.
 * @template {HTMLElement} T
 * @param {T} node
 * @param {string} code
 * @param {number} [seconds] to wait, where that is known
 */
export function sayRefusal(node, code, seconds) {
  const key = `refusal:${code}`
  return isTextKey(key) ? say(node, key, seconds) : say(node, 'refusal:other')
}

/**
 * The node's accessible name; a tooltip, too, where an icon is all there is to see.
 * @template {HTMLElement} T
 * @param {T} node
 * @param {TextKey} key
 */
export function name(node, key) {
  node.dataset.name = key
  node.setAttribute('aria-label', text(key))
  if (node.matches('button, [role="img"]')) node.title = text(key)
  return node
}

/**
 * What an empty field asks for.
 * @param {HTMLTextAreaElement} field
 * @param {TextKey} key
 */
export function placeholder(field, key) {
  field.dataset.placeholder = key
  field.placeholder = text(key)
}

/** The reader's own regional format where it belongs to the language of the page. */
export function locale() {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(current)) ?? current
}

/** Says everything under `root` again. @param {ParentNode} root */
function translate(root) {
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
 * @param {() => void} onChange
 */
export function startLanguage(onChange) {
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
