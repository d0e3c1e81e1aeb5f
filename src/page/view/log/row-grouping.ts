// Groups rows: a separator before each new day, and no repeated name and picture for messages of
// one person in a row.

import { dayOf } from '../base/calendar.ts'
import { element } from '../base/dom.ts'
import { timeNode } from '../base/time.ts'

const GROUP_MS = 5 * 60_000

export function arrange(row: HTMLLIElement) {
  let previous = row.previousElementSibling
  if (previous?.classList.contains('day')) {
    const separator = previous
    previous = separator.previousElementSibling
    separator.remove()
  }
  if (!row.classList.contains('message')) return
  const at = new Date(row.dataset.at ?? 0)
  const earlier = previous instanceof HTMLElement ? previous : null
  const earlierAt = new Date(earlier?.dataset.at ?? 0)
  const sameDay = earlier !== null && dayOf(earlierAt) === dayOf(at)
  const goesOn =
    sameDay &&
    earlier.dataset.author === row.dataset.author &&
    at.getTime() - earlierAt.getTime() < GROUP_MS
  row.classList.toggle('goes-on', goesOn)
  earlier?.classList.toggle('followed', goesOn && minuteOf(earlierAt) === minuteOf(at))
  if (sameDay) return
  const separator = element('li', 'day', timeNode(at.toISOString(), 'day'))
  row.before(separator)
}

export function firstMessage(list: HTMLElement) {
  const first = list.querySelector('.message')
  return first instanceof HTMLLIElement ? first : null
}

const minuteOf = (at: Date) => Math.floor(at.getTime() / 60_000)
