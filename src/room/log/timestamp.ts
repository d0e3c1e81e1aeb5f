// Timestamps as text. A Date costs as much as the rest of a MESSAGE, so the last day and second are
// remembered.

const DAY = 86_400

let latestDay = { day: 0, text: '1970-01-01' }
let latestSecond = { second: 0, text: '1970-01-01T00:00:00' }

/**
 * An RFC 3339 timestamp in UTC, with milliseconds. `at`: a whole number of milliseconds since 1970.
 */
export function timestamp(at: number): string {
  const second = Math.floor(at / 1000)
  if (latestSecond.second !== second) latestSecond = { second, text: secondText(second) }
  return `${latestSecond.text}.${String(at - second * 1000).padStart(3, '0')}Z`
}

function secondText(second: number): string {
  const day = Math.floor(second / DAY)
  if (latestDay.day !== day) {
    latestDay = { day, text: new Date(day * DAY * 1000).toISOString().slice(0, -14) }
  }
  const minute = Math.floor((second - day * DAY) / 60)
  const time = [Math.floor(minute / 60), minute % 60, second - 60 * Math.floor(second / 60)]
  return `${latestDay.text}T${time.map(two).join(':')}`
}

const two = (count: number) => (count < 10 ? `0${count}` : `${count}`)
