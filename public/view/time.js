// @ts-check
// Times and days in the reader's locale, kept in <time> nodes that can be said again.
import { dayOf, nearDay } from '../chat/calendar.js'
import { element } from './dom.js'
import { locale, text } from './language.js'

/** @type {Record<'clock' | 'day' | 'moment', (at: Date) => string>} */
const STYLES = {
  clock: (at) => at.toLocaleTimeString(locale(), { timeStyle: 'short' }),
  day: (at) => {
    const near = nearDay(at, new Date())
    return near ? text(near) : at.toLocaleDateString(locale(), { dateStyle: 'full' })
  },
  moment: (at) => {
    const now = new Date()
    if (dayOf(at) === dayOf(now)) return STYLES.clock(at)
    const year =
      at.getFullYear() === now.getFullYear() ? {} : { year: /** @type {const} */ ('numeric') }
    const day = at.toLocaleDateString(locale(), { month: 'short', day: 'numeric', ...year })
    return `${day} ${STYLES.clock(at)}`
  },
}

/** @param {string | undefined} word @returns {word is keyof typeof STYLES} */
const isStyle = (word) => word !== undefined && Object.hasOwn(STYLES, word)

/**
 * @param {string} iso
 * @param {keyof typeof STYLES} style
 */
export function timeNode(iso, style) {
  const node = element('time')
  node.dataset.style = style
  setTime(node, iso)
  return node
}

/**
 * @param {HTMLTimeElement} node
 * @param {string} iso
 */
export function setTime(node, iso) {
  const at = new Date(iso)
  node.dateTime = iso
  const { style } = node.dataset
  node.textContent = STYLES[isStyle(style) ? style : 'clock'](at)
  node.title = at.toLocaleString(locale(), { dateStyle: 'long', timeStyle: 'short' })
}

/** Says every time again: another language, another day. */
export function refreshTimes() {
  for (const node of document.querySelectorAll('time')) setTime(node, node.dateTime)
}
