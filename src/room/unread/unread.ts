// What a member is told of what they have not read yet (U1).

/** What a member has not read yet, as of the head of the log. */
export interface Unread {
  /** The last seq of the log. */
  readonly head: number
  /** How many messages there are up to it. */
  readonly messages: number
  /** How many of them come after the read marker. Deleted ones are among them. */
  readonly unread: number
  /** How many of these mention the member, as they are now. */
  readonly mentions: number
  /** There may be more mentions: only the newest were looked at. */
  readonly moreMentions?: true
  /** The read marker. */
  readonly readSeq: number
}
