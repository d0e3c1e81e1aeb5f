// What a glance shows, and how often a room tells accounts what is new.

/** Characters of a message that a glance shows. */
export const PREVIEW = 100
/** R4: the newest events among which a glance looks for a message. */
export const GLANCED_EVENTS = 1000

/** R5: members whose accounts a room tells what is new. */
export const MAX_WATCHERS = 5000
/** People for whom a room keeps a row: up to so many, each message is told to their accounts. */
export const PUSHED_MEMBERS = 200
/** R4: milliseconds between two notices of a room to one account. */
export const WATCHER_PERIOD = 5000
/** R4: notices of a room in a second. */
export const NOTICES_PER_SECOND = 20
/** R4: accounts that a room tells at once. */
export const NOTICES_AT_ONCE = 20
