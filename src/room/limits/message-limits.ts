// What one message may have: reactions and mentions.

/** Characters of a reaction, as people count them and as they are stored. */
export const MAX_REACTION_LENGTH = 32

/** Reactions on one message. */
export const MAX_REACTIONS = 1000
/** Distinct reactions on one message. */
export const MAX_REACTIONS_DISTINCT = 64

/** R4: `@` places of a text that may be mentions. */
export const MENTION_PLACES = 20
/** R4: characters after an `@` that may belong to a name. */
export const MENTION_LENGTH = 80
/** R4: words after an `@` that may belong to a name. */
export const MENTION_WORDS = 5
/** R4: rows of members that are read for the mentions of one text. */
export const MENTIONED_ROWS = 200
/** People that one message mentions. */
export const MENTIONS = 50
