// The column `watchers` of the room: whose lists of rooms show it. It is nothing in most rooms, and
// the row is read anyway when a room wakes.

/** What the column holds. */
export const watchersText = (people: readonly string[]): string | null =>
  people.length === 0 ? null : JSON.stringify(people)

/** The people in it. */
export const watchersIn = (text: string | null): readonly string[] => JSON.parse(text ?? '[]')
