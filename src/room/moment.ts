// Moments as text. A Date costs as much as all the rest of a MESSAGE, and most moments are of one day.

const DAY = 86_400_000

let latest = { day: 0, date: '1970-01-01' }

/** A moment as of RFC 3339, in UTC, with milliseconds. `at`: a whole number of milliseconds since 1970. */
export function moment(at: number): string {
  const day = Math.floor(at / DAY)
  if (latest.day !== day) latest = { day, date: new Date(at).toISOString().slice(0, -14) }
  const rest = at - day * DAY
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`
  return `${latest.date}T${time}.${String(rest % 1000).padStart(3, '0')}Z`
}

const two = (count: number) => (count < 10 ? `0${count}` : `${count}`)
