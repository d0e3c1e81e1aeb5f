// What the HTTP API answers, as schemas. Strict: a test asks the routes and finds nothing else.

import * as v from 'valibot'
import { ROOM_KINDS, SettingsChange } from '../../src/room-settings.ts'

const text = v.string()
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const time = v.pipe(v.string(), v.isoTimestamp())
const list = <Item extends v.GenericSchema>(item: Item) => v.array(item)

export const User = v.strictObject({
  id: text,
  name: text,
  roles: list(text),
  guest: v.exactOptional(v.literal(true)),
})

/** Without `refreshToken` where the cookie has it. */
export const Grant = v.strictObject({
  accessToken: text,
  expiresIn: count,
  refreshToken: v.exactOptional(text),
  refreshExpiresIn: count,
  user: User,
})

export const Me = v.strictObject({
  user: User,
  session: v.strictObject({ id: text, signedInAt: time, expiresAt: time }),
})

export const Sessions = v.strictObject({
  sessions: list(
    v.strictObject({
      id: text,
      device: text,
      signedInAt: time,
      lastUsedAt: time,
      current: v.boolean(),
    }),
  ),
})

export const Providers = v.strictObject({
  guests: v.boolean(),
  passwords: v.boolean(),
  signup: v.boolean(),
  providers: list(v.strictObject({ id: text, name: text })),
})

export const Logins = v.strictObject({
  password: v.nullable(v.strictObject({ username: text, linkedAt: v.nullable(time) })),
  providers: list(
    v.strictObject({
      id: text,
      provider: text,
      name: text,
      account: text,
      linkedAt: v.nullable(time),
    }),
  ),
})

export const Redirection = v.strictObject({ url: text })

export const Account = v.strictObject({
  id: text,
  name: text,
  kind: v.picklist(['guest', 'account']),
  roles: list(text),
  disabled: v.boolean(),
  createdAt: time,
})

export const RotatedKey = v.strictObject({ kid: text })

export const KeySet = v.strictObject({ keys: list(v.looseObject({ kid: text, kty: text })) })

const room = {
  id: text,
  name: text,
  kind: v.picklist(ROOM_KINDS),
  visibility: v.picklist(['public', 'private']),
  description: text,
  archived: v.boolean(),
  /** Null: of a direct room. */
  owner: v.nullable(v.strictObject({ id: text, name: text })),
  createdAt: time,
}
/** Without `words` and `links` for who is no moderator, and without `hook` for who is no owner. */
const Settings = v.strictObject({
  ...v.required(SettingsChange, ['write', 'invite', 'entry', 'history', 'frozen', 'slowMode'])
    .entries,
  /** The `secret` is in the answer of the PATCH that makes it, and nowhere else. */
  hook: v.exactOptional(
    v.nullable(v.strictObject({ url: text, failOpen: v.boolean(), secret: v.exactOptional(text) })),
  ),
})
const profile = { ...room, settings: Settings }
const Role = v.picklist(['owner', 'moderator', 'writer', 'reader', 'banned'])
/** `standing` is the name that a role had. */
const role = { role: Role, standing: Role }

export const NewRoom = v.strictObject(profile)

/** What a member has not read yet: for members alone. */
const unread = {
  head: v.exactOptional(count),
  messages: v.exactOptional(count),
  unread: v.exactOptional(count),
  mentions: v.exactOptional(count),
  moreMentions: v.exactOptional(v.literal(true)),
  readSeq: v.exactOptional(count),
}

export const Room = v.strictObject({ ...profile, ...role, ...unread })

export const Rooms = v.strictObject({ rooms: list(v.strictObject(room)), next: v.nullable(text) })

const listedRoom = {
  id: text,
  name: text,
  kind: v.picklist(ROOM_KINDS),
  role: Role,
  joinedAt: time,
}

const choices = {
  muted: v.boolean(),
  level: v.picklist(['all', 'mentions', 'none']),
  draft: v.exactOptional(text),
  unreadFrom: v.exactOptional(count),
  order: v.exactOptional(v.number()),
}

export const MyRooms = v.strictObject({
  rooms: list(v.strictObject({ ...listedRoom, ...choices })),
  next: v.nullable(text),
})

export const MyRoom = v.union([
  v.strictObject({ ...listedRoom, hidden: v.boolean() }),
  v.strictObject({ ...listedRoom, ...choices }),
])

export const Member = v.strictObject({
  id: text,
  ...role,
  name: text,
  guest: v.boolean(),
  joinedAt: v.nullable(time),
  mutedUntil: v.exactOptional(time),
})

export const Members = v.strictObject({ members: list(Member), next: v.nullable(text) })

const ticket = { ticket: text, url: text, expiresIn: count }

export const Ticket = v.strictObject({ ...ticket, room: Room })

export const ListTicket = v.strictObject(ticket)

const Sender = v.strictObject({
  id: text,
  name: text,
  guest: v.exactOptional(v.literal(true)),
  lookalike: v.exactOptional(v.literal(true)),
})

/** `n`: the messages up to the event. Events of before the room counted have none. */
const event = {
  seq: count,
  n: v.exactOptional(count),
  at: time,
  sender: Sender,
  idempotencyKey: v.exactOptional(text),
}

const user = v.strictObject({
  id: text,
  name: v.exactOptional(text),
  guest: v.exactOptional(v.literal(true)),
})
const silent = v.literal(true)

const systemEvents = [
  v.strictObject({ type: v.literal('joined'), ...event, silent, user, role: Role }),
  v.strictObject({
    type: v.literal('left'),
    ...event,
    silent,
    user,
    why: v.exactOptional(v.literal('kicked')),
  }),
  v.strictObject({ type: v.literal('role'), ...event, silent, user, role: Role }),
  v.strictObject({
    type: v.literal('renamed'),
    ...event,
    name: v.exactOptional(text),
    description: v.exactOptional(text),
    archived: v.exactOptional(v.boolean()),
  }),
  v.strictObject({ type: v.literal('pinned'), ...event, silent, target: count }),
  v.strictObject({ type: v.literal('unpinned'), ...event, silent, target: count }),
] as const

const Quote = v.strictObject({
  seq: count,
  sender: Sender,
  content: text,
  edited: v.exactOptional(count),
  deleted: v.exactOptional(count),
})

const mentions = {
  mentions: v.exactOptional(list(text)),
  mentionsRoom: v.exactOptional(v.literal(true)),
}

const Message = v.strictObject({
  type: v.literal('message'),
  ...event,
  content: text,
  ...mentions,
  replyTo: v.exactOptional(count),
  quote: v.exactOptional(Quote),
  edited: v.exactOptional(count),
  reacted: v.exactOptional(count),
  reactions: v.exactOptional(v.record(text, list(text))),
  deleted: v.exactOptional(count),
})

export const Event = v.variant('type', [
  Message,
  v.strictObject({ type: v.literal('edit'), ...event, target: count, content: text, ...mentions }),
  v.strictObject({ type: v.literal('delete'), ...event, target: count }),
  v.strictObject({
    type: v.literal('reaction'),
    ...event,
    target: count,
    reaction: text,
    on: v.boolean(),
  }),
  ...systemEvents,
])

const Pin = v.strictObject({
  type: v.literal('pinned'),
  ...event,
  silent,
  target: count,
  message: Message,
})

export const Pins = v.strictObject({ pins: list(Pin), head: count })

const Person = v.strictObject({ id: text, name: text })

const invitation = {
  id: text,
  role: v.picklist(['reader', 'writer', 'moderator']),
  by: Person,
  createdAt: time,
  expiresAt: time,
  uses: count,
  used: count,
}

export const NewInvitation = v.strictObject({ ...invitation, token: text, url: text })

export const Invitations = v.strictObject({
  invitations: list(v.strictObject(invitation)),
  next: v.nullable(text),
})

export const ShownInvitation = v.strictObject({
  room: v.strictObject({ id: text, name: text, kind: v.picklist(ROOM_KINDS) }),
  invitedBy: v.strictObject({ name: text }),
  role: v.picklist(['reader', 'writer', 'moderator']),
  expiresAt: time,
})

export const InvitationUse = v.strictObject({ room: Room, ...role })

/** Without `by`: a rule of the room reported it. */
const report = {
  id: text,
  seq: count,
  at: time,
  by: v.nullable(Person),
  reason: text,
  state: v.picklist(['open', 'settled', 'dismissed']),
  settledAt: v.exactOptional(time),
  settledBy: v.exactOptional(Person),
}

const named = v.strictObject({ id: text, name: text })

export const Ban = v.strictObject({
  id: text,
  name: text,
  guest: v.boolean(),
  at: v.exactOptional(time),
  by: v.exactOptional(named),
  reason: v.exactOptional(text),
  until: v.nullable(time),
})

export const Bans = v.strictObject({ bans: list(Ban), next: v.nullable(text) })

/** `by` is null where a rule of the room did it. `seq`: the head of the log at that moment. */
const ModerationEntry = v.strictObject({
  id: text,
  at: time,
  action: v.picklist([
    'kick',
    'ban',
    'unban',
    'mute',
    'unmute',
    'role',
    'delete',
    'clear',
    'report',
    'settings',
  ]),
  by: v.nullable(named),
  user: v.exactOptional(named),
  reason: v.exactOptional(text),
  until: v.exactOptional(time),
  seq: count,
  detail: v.exactOptional(v.record(v.string(), v.unknown())),
})

export const Moderation = v.strictObject({
  entries: list(ModerationEntry),
  next: v.nullable(text),
})

export const Report = v.strictObject(report)

export const Reports = v.strictObject({
  reports: list(v.strictObject({ ...report, message: v.nullable(Message) })),
  next: v.nullable(text),
})

export const Events = v.strictObject({ events: list(Event), head: count, next: v.nullable(count) })

/** The event that was stored, or the earlier one that has done the same. */
export const Stored = v.strictObject({ seq: count })

const dollars = v.pipe(v.number(), v.minValue(0))

export const Cost = v.strictObject({
  since: time,
  counts: v.strictObject({
    messages: count,
    inboundMessages: count,
    requests: count,
    wakeUps: count,
    activeSeconds: dollars,
    rowsRead: count,
    rowsWritten: count,
    storageBytes: count,
  }),
  dollars: v.strictObject({
    requests: dollars,
    duration: dollars,
    rowsRead: dollars,
    rowsWritten: dollars,
    total: dollars,
    storagePerMonth: dollars,
  }),
  perMillionMessages: v.nullable(dollars),
  prices: v.looseObject({ asOf: text }),
})

export const Health = v.strictObject({
  status: v.picklist(['ok', 'degraded']),
  missing: v.exactOptional(list(text)),
})
