// What a room may be set to: the schema that requests and stored settings fit. A new setting is a
// new field here, with its default.

import * as v from 'valibot'
import { LinkRule, WordRules } from './content-rules.ts'
import { HookSetting } from './hook-setting.ts'

/**
 * What kind of room it is. `public` is listed, `unlisted` is not. Both, and `broadcast`, make a
 * member of everybody who enters. `private` and `direct` exist for their members alone.
 */
export const ROOM_KINDS = ['public', 'unlisted', 'private', 'direct', 'broadcast'] as const

/** What kind of room it is. It never changes. */
export type RoomKind = (typeof ROOM_KINDS)[number]

/** Characters of the name of a room. */
export const MAX_ROOM_NAME = 80
/** Characters of the description of a room. */
export const MAX_DESCRIPTION = 500

const AtLeast = v.picklist(['writer', 'moderator', 'owner'])

/** A change of settings: every field may be left out, and no other is known. */
export const SettingsChange = v.strictObject({
  /** The least role that may write. */
  write: v.exactOptional(AtLeast),
  /** The least role that may invite. */
  invite: v.exactOptional(v.picklist(['member', 'writer', 'moderator', 'owner'])),
  /** Who may come in: anyone, accounts and no guests, or nobody who is not a member. */
  entry: v.exactOptional(v.picklist(['anyone', 'accounts', 'members'])),
  /** What a newcomer may read: all, or what was said since they joined. */
  history: v.exactOptional(v.picklist(['all', 'joined'])),
  /** Nobody below a moderator may write for now. */
  frozen: v.exactOptional(v.boolean()),
  /** Seconds that somebody below a moderator waits between two messages; 0: none. */
  slowMode: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(21_600))),
  /** What becomes of messages with some words. */
  words: v.exactOptional(WordRules),
  /** What becomes of messages with links; null: nothing. */
  links: v.exactOptional(v.nullable(LinkRule)),
  /** An application that is asked before a message is published. */
  hook: v.exactOptional(v.nullable(HookSetting)),
})

/** The settings that a request changes; those that it leaves out stay. */
export type SettingsChange = v.InferOutput<typeof SettingsChange>

/** Everything that is set in a room. */
export type RoomSettings = Readonly<Required<SettingsChange>>

const OPEN: RoomSettings = {
  write: 'writer',
  invite: 'moderator',
  entry: 'anyone',
  history: 'all',
  frozen: false,
  slowMode: 0,
  words: [],
  links: null,
  hook: null,
}

const MEMBERS_ONLY: RoomSettings = { ...OPEN, invite: 'writer', entry: 'members' }

const DEFAULTS: { readonly [K in RoomKind]: RoomSettings } = {
  public: OPEN,
  unlisted: OPEN,
  broadcast: { ...OPEN, write: 'moderator' },
  private: MEMBERS_ONLY,
  direct: MEMBERS_ONLY,
}

/** All settings of a room of a kind: those that were set, and defaults for the rest. */
export const roomSettingsOf = (kind: RoomKind, set: SettingsChange): RoomSettings => ({
  ...DEFAULTS[kind],
  ...set,
})

/** Whether a room exists for its members alone. */
export const isMembersOnly = (kind: RoomKind): boolean => kind === 'private' || kind === 'direct'

/** Whether a room of that kind may have such settings: members-only rooms let nobody else in. */
export const mayHave = (kind: RoomKind, { entry }: SettingsChange): boolean =>
  !isMembersOnly(kind) || entry === undefined || entry === 'members'

/** The alias of a kind, for clients of older versions. */
export const visibilityOf = (kind: RoomKind): 'public' | 'private' =>
  kind === 'public' || kind === 'broadcast' ? 'public' : 'private'
