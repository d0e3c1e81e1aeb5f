// Days as a calendar has them, where the reader is. A day may have 23 or 25 hours.

/** The same for all moments of one day. */
export const dayOf = (at: Date) => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`

/** Whether a moment is of today or of the day before. */
export function nearDay(at: Date, now: Date): 'today' | 'yesterday' | undefined {
  const day = dayOf(at)
  if (day === dayOf(now)) return 'today'
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 12)
  return day === dayOf(before) ? 'yesterday' : undefined
}
