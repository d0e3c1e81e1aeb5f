// Calendar days in the reader's time zone. A day may have 23 or 25 hours.

/** A key of the day of a date. */
export const dayOf = (at: Date) => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`

/** Whether a date is today or yesterday. */
export function nearDay(at: Date, now: Date): 'today' | 'yesterday' | undefined {
  const day = dayOf(at)
  if (day === dayOf(now)) return 'today'
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12)
  return day === dayOf(before) ? 'yesterday' : undefined
}
