// Times and days in the reader's locale. They follow the language and the date.

import { signal } from '@preact/signals'
import { dayOf, nearDay } from './calendar.ts'
import { locale, text } from './language.ts'

/** The current time, as far as the page has looked: "today" is another day tomorrow. */
const now = signal(new Date())

/** Formats every time again, after a change of the date. */
export function refreshTimes(): void {
  now.value = new Date()
}

type Style = 'clock' | 'day' | 'moment'

const STYLES: Record<Style, (at: Date) => string> = {
  clock: (at) => at.toLocaleTimeString(locale(), { timeStyle: 'short' }),
  day: (at) => {
    const near = nearDay(at, now.value)
    return near ? text(near) : at.toLocaleDateString(locale(), { dateStyle: 'full' })
  },
  moment: (at) => {
    const today = now.value
    if (dayOf(at) === dayOf(today)) return STYLES.clock(at)
    const year = at.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' as const }
    const day = at.toLocaleDateString(locale(), { month: 'short', day: 'numeric', ...year })
    return `${day} ${STYLES.clock(at)}`
  },
}

/** A time of today, or a day with its time. */
export const momentOf = (iso: string) => STYLES.moment(new Date(iso))

/** A time with the full date as its tooltip. */
export function Time({ iso, style }: { iso: string; style: Style }) {
  const at = new Date(iso)
  return (
    <time
      dateTime={iso}
      title={at.toLocaleString(locale(), { dateStyle: 'long', timeStyle: 'short' })}
    >
      {STYLES[style](at)}
    </time>
  )
}
