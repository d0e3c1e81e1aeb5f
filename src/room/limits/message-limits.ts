// What one message may have: reactions and mentions.

/** Characters of a reaction, as people count them and as they are stored. */
export const MAX_REACTION_LENGTH = 32

/** Reactions on one message: in all, and distinct ones. */
export const MAX_REACTIONS = 1000
export const MAX_REACTIONS_DISTINCT = 64

/**
 * R4: what is looked at for mentions: `@` places of a text, and characters and words after each;
 * rows of members read. And the people that one message mentions.
 */
export const MENTION_PLACES = 20
export const MENTION_LENGTH = 80
export const MENTION_WORDS = 5
export const MENTIONED_ROWS = 200
export const MENTIONS = 50
