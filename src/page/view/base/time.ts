// Times and days in the reader's locale, in <time> elements that can be formatted again.

import { dayOf, nearDay } from './calendar.ts'
import { element } from './dom.ts'
import { locale, text } from './language.ts'

const STYLES: Record<'clock' | 'day' | 'moment', (at: Date) => string> = {
  clock: (at) => at.toLocaleTimeString(locale(), { timeStyle: 'short' }),
  day: (at) => {
    const near = nearDay(at, new Date())
    return near ? text(near) : at.toLocaleDateString(locale(), { dateStyle: 'full' })
  },
  moment: (at) => {
    const now = new Date()
    if (dayOf(at) === dayOf(now)) return STYLES.clock(at)
    const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const }
    const day = at.toLocaleDateString(locale(), { month: 'short', day: 'numeric', ...year })
    return `${day} ${STYLES.clock(at)}`
  },
}

const isStyle = (word: string | undefined): word is keyof typeof STYLES =>
  word !== undefined && Object.hasOwn(STYLES, word)

export function timeNode(iso: string, style: keyof typeof STYLES) {
  const node = element('time')
  node.dataset.style = style
  setTime(node, iso)
  return node
}

export function setTime(node: HTMLTimeElement, iso: string) {
  const at = new Date(iso)
  node.dateTime = iso
  const { style } = node.dataset
  node.textContent = STYLES[isStyle(style) ? style : 'clock'](at)
  node.title = at.toLocaleString(locale(), { dateStyle: 'long', timeStyle: 'short' })
}

/** Formats every time again, after a change of the language or the day. */
export function refreshTimes() {
  for (const node of document.querySelectorAll('time')) setTime(node, node.dateTime)
}
