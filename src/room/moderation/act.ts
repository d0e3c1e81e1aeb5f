// What moderators do to people, and what is kept of it. All of it is plain data.

import type { BanNote, Introduction, Member, Named } from '../membership/member.ts'

/** What a moderator asks for. Times in milliseconds since 1970. */
export type ModerationAct = { readonly personId: string; readonly reason?: string | undefined } & (
  | {
      readonly type: 'ban'
      /** When it ends by itself. */
      readonly until?: number | undefined
      /** Their messages since then go. */
      readonly deleteSince?: number | undefined
      /** Who they are, if the room has never met them. */
      readonly introduced?: Introduction | undefined
    }
  /** Their last messages go. */
  | { readonly type: 'clear'; readonly last: number }
  | { readonly type: 'unban' }
  /** `until`: when it ends; null: now. */
  | { readonly type: 'mute'; readonly until: number | null }
)

/** What came of it. */
export interface ModerationOutcome {
  readonly ban?: Ban
  readonly member?: Member
}

/** A ban as moderators see it. */
export interface Ban extends Named, Partial<BanNote> {
  readonly guest: boolean
  /** Undefined: it has no end. */
  readonly until?: number | undefined
}

/** Messages of a person that are being deleted. */
export interface Clearing {
  readonly personId: string
  /** Rows written by older versions do not say that it was a guest. */
  readonly by: Named & { readonly guest?: true }
  /** Those with a lower seq, so many at most, and not older than `since`. */
  readonly before: number
  readonly left: number
  readonly since?: number | undefined
}

/** What the moderation log knows. */
export type ModerationAction =
  | 'kick'
  | 'ban'
  | 'unban'
  | 'mute'
  | 'unmute'
  | 'role'
  | 'delete'
  | 'clear'
  /** A report was settled or dismissed. */
  | 'report'
  | 'settings'

/** What was done, without its number. Times in milliseconds since 1970. */
export interface NewModerationEntry {
  readonly at: number
  readonly action: ModerationAction
  /** Null: a rule of the room. */
  readonly by: Named | null
  /** Whom it concerns. */
  readonly user?: Named | undefined
  readonly reason?: string | undefined
  readonly until?: number | undefined
  /** The head of the log at that moment. */
  readonly seq: number
  /** What else is to be known: a role, settings, the number and the state of a report. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
}

/** An entry of the moderation log. */
export interface ModerationEntry extends NewModerationEntry {
  /** 1, 2, 3 … */
  readonly number: number
}

/** Which page is asked for. `cursor` is the `next` of the page before. */
export interface ModerationQuery {
  readonly list: 'log' | 'bans'
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/**
 * A page of what was asked for: `entries` or `bans`. `next` is the `cursor` of the next page, or
 * null.
 */
export interface ModerationPage {
  /** The newest first. */
  readonly entries?: readonly ModerationEntry[]
  /** By person id. */
  readonly bans?: readonly Ban[]
  readonly next: string | null
}
