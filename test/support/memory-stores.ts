// Work queues, transactions and revocations in memory, for tests of the room in Node. The contract
// suites hold them to the real ones.

import type { Revocation } from '../../src/auth/bearer.ts'
import { nameKey } from '../../src/name-key.ts'
import type { Invitation } from '../../src/room/membership/invitation.ts'
import type { EndedBans, MemberPlace, MemberRow } from '../../src/room/membership/member.ts'
import type { RoomProfile } from '../../src/room/membership/profile.ts'
import type {
  Clearing,
  ModerationEntry,
  NewModerationEntry,
} from '../../src/room/moderation/act.ts'
import { rank } from '../../src/room/permissions.ts'
import type {
  ClearingStore,
  InvitationStore,
  LookStore,
  MemberStore,
  ModerationStore,
  OwnListState,
  OwnListStore,
  PinStore,
  ProfileStore,
  QueueStore,
  RevocationStore,
  TransactionStore,
} from '../../src/room/ports.ts'
import {
  type Payload,
  payloadSize,
  type QueuedMessage,
} from '../../src/room/queues/queued-message.ts'
import type { Frame } from '../../src/stomp/frame.ts'

export class MemoryQueues implements QueueStore {
  #messages: (QueuedMessage & { queue: string; senderId: string; load: Payload })[] = []
  /** How many bytes were read of what is in messages. */
  read = 0
  readonly #dropped = new Map<string, number>()
  #lastId = 0
  /** When set, the next delivery fails with it. */
  failure: Error | undefined

  put(queue: string, senderId: string, load: Payload, now: number): void {
    this.#lastId = Math.max(now * 1000, this.#lastId + 1)
    const [id, bytes] = [this.#lastId, payloadSize(load)]
    this.#messages = [...this.#messages, { queue, senderId, id, deliveries: 0, bytes, load }]
  }

  next(queue: string, except: ReadonlySet<number>, limit: number): QueuedMessage[] {
    return this.#messages
      .filter((each) => each.queue === queue && !except.has(each.id))
      .slice(0, limit)
      .map(({ id, deliveries, bytes }) => ({ id, deliveries, bytes }))
  }

  payload(queue: string, id: number): Payload | undefined {
    const found = this.#messages.find((each) => each.queue === queue && each.id === id)
    this.read += found?.bytes ?? 0
    return found?.load
  }

  delivered(queue: string, id: number): void {
    if (this.failure) throw this.failure
    this.#messages = this.#messages.map((each) =>
      each.queue === queue && each.id === id ? { ...each, deliveries: each.deliveries + 1 } : each,
    )
  }

  remove(queue: string, id: number): void {
    this.#messages = this.#messages.filter((each) => each.queue !== queue || each.id !== id)
  }

  dropped(queue: string): number {
    const total = (this.#dropped.get(queue) ?? 0) + 1
    this.#dropped.set(queue, total)
    return total
  }

  forget(): void {}

  size() {
    return sumOf(this.#messages)
  }

  sizeOf(senderId: string) {
    return sumOf(this.#messages.filter((message) => message.senderId === senderId))
  }

  names() {
    return new Set(this.#messages.map(({ queue }) => queue))
  }

  snapshot(): () => void {
    const messages = this.#messages
    return () => {
      this.#messages = messages
    }
  }
}

const sumOf = (messages: readonly QueuedMessage[]) => ({
  messages: messages.length,
  bytes: messages.reduce((sum, { bytes }) => sum + bytes, 0),
})

export class MemoryTransactions implements TransactionStore {
  #frames: { session: string; transaction: number; frame: Frame }[] = []

  add(session: string, transaction: number, frame: Frame): void {
    this.#frames = [...this.#frames, { session, transaction, frame }]
  }

  frames(session: string, transaction: number): Frame[] {
    return this.#frames
      .filter((each) => each.session === session && each.transaction === transaction)
      .map(({ frame }) => frame)
  }

  remove(session: string, transaction?: number): void {
    this.#frames = this.#frames.filter(
      (each) =>
        each.session !== session || (transaction !== undefined && each.transaction !== transaction),
    )
  }

  keep(sessions: ReadonlySet<string>): void {
    this.#frames = this.#frames.filter(({ session }) => sessions.has(session))
  }

  /** How many frames are kept in all. */
  get count(): number {
    return this.#frames.length
  }

  snapshot(): () => void {
    const frames = this.#frames
    return () => {
      this.#frames = frames
    }
  }
}

export class MemoryRevocations implements RevocationStore {
  #kept: Revocation[] = []

  add(revocation: Revocation, now: number): void {
    const { personId, sessionId, below } = revocation
    const isSame = (each: Revocation) =>
      each.personId === personId && each.sessionId === sessionId && each.below === below
    const until = Math.max(revocation.until, ...this.#kept.filter(isSame).map((each) => each.until))
    const others = this.#kept.filter((each) => each.until > now && !isSame(each))
    this.#kept = [...others, { ...revocation, until }]
  }

  of(personId: string): Revocation[] {
    return this.#kept.filter((each) => each.personId === personId)
  }
}

export class MemoryMembers implements MemberStore {
  readonly #rows = new Map<string, MemberRow>()

  get(personId: string): MemberRow | undefined {
    return this.#rows.get(personId)
  }

  put(member: MemberRow): void {
    this.#rows.set(member.id, member)
  }

  remove(personId: string): void {
    this.#rows.delete(personId)
  }

  get size(): number {
    return this.#rows.size
  }

  hasMoreThan(count: number): boolean {
    return this.size > count
  }

  page(
    prefix: string,
    after: MemberPlace | undefined,
    all: boolean,
    limit: number,
    ended?: EndedBans,
  ): MemberRow[] {
    const isOver = ({ role, bannedUntil = Number.POSITIVE_INFINITY }: MemberRow) =>
      role === 'banned' && ended !== undefined && bannedUntil <= ended.now
    const roleOf = (row: MemberRow) => (isOver(row) ? (ended?.role ?? row.role) : row.role)
    const order = (row: MemberRow) => [9 - rank(roleOf(row)), nameKey(row.name), row.id] as const
    const start = after && ([9 - after.rank, after.nameKey, after.id] as const)
    const isListed = (row: MemberRow) => {
      if (row.joined !== undefined && roleOf(row) !== 'banned') return true
      return all && (!isOver(row) || (row.mutedUntil ?? 0) > (ended?.now ?? 0))
    }
    return [...this.#rows.values()]
      .filter(({ name }) => nameKey(name).startsWith(prefix))
      .filter(isListed)
      .sort((one, other) => compare(order(one), order(other)))
      .filter((row) => !start || compare(order(row), start) > 0)
      .slice(0, limit)
  }

  banned(after: string, limit: number): MemberRow[] {
    return [...this.#rows.values()]
      .filter(({ id, role }) => role === 'banned' && compareText(id, after) > 0)
      .sort((one, other) => compareText(one.id, other.id))
      .slice(0, limit)
  }

  named(nameKeys: readonly string[], ofEach: number, limit: number): MemberRow[] {
    const isOver = ({ role, bannedUntil }: MemberRow) =>
      role !== 'banned' || bannedUntil !== undefined
    const rows = [...this.#rows.values()]
      .filter((row) => row.joined !== undefined && isOver(row))
      .sort((one, other) => compareText(one.id, other.id))
    const places = nameKeys.flatMap((key) =>
      rows
        .filter(({ name }) => nameKey(name) === key)
        .slice(0, ofEach)
        .map((row, place) => ({ row, place })),
    )
    return places
      .sort((one, other) => one.place - other.place || compareText(one.row.id, other.row.id))
      .slice(0, limit)
      .map(({ row }) => row)
  }

  forget(): void {}

  snapshot(): () => void {
    const rows = [...this.#rows]
    return () => {
      this.#rows.clear()
      for (const [id, row] of rows) this.#rows.set(id, row)
    }
  }
}

type Place = readonly [number, string, string]

const compare = (one: Place, other: Place): number =>
  one[0] - other[0] || compareText(one[1], other[1]) || compareText(one[2], other[2])

/** By code points, as SQLite compares. */
const compareText = (one: string, other: string) =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))

export class MemoryInvitations implements InvitationStore {
  #kept: readonly Invitation[] = []

  all(): Invitation[] {
    return [...this.#kept].sort(
      (one, other) => other.createdAt - one.createdAt || (one.id < other.id ? -1 : 1),
    )
  }

  find(digest: string): Invitation | undefined {
    return this.#kept.find((each) => each.digest === digest)
  }

  put(invitation: Invitation): void {
    this.remove(invitation.digest)
    this.#kept = [...this.#kept, invitation]
  }

  remove(digest: string): void {
    this.#kept = this.#kept.filter((each) => each.digest !== digest)
  }

  snapshot(): () => void {
    const kept = this.#kept
    return () => {
      this.#kept = kept
    }
  }
}

export class MemoryClearings implements ClearingStore {
  #all: readonly Clearing[] = []

  all(): readonly Clearing[] {
    return this.#all
  }

  set(all: readonly Clearing[]): void {
    this.#all = all
  }

  forget(): void {}

  snapshot(): () => void {
    const all = this.#all
    return () => {
      this.#all = all
    }
  }
}

export class MemoryModeration implements ModerationStore {
  #entries: ModerationEntry[] = []
  #last = 0
  /** When set, the next entry fails with it. */
  failure: Error | undefined

  add(entry: NewModerationEntry, most: number): void {
    if (this.failure) throw this.failure
    this.#entries = [...this.#entries, { number: ++this.#last, ...entry }].slice(-most)
  }

  page(before: number | undefined, limit: number): ModerationEntry[] {
    const [...all] = this.#entries
    return all
      .reverse()
      .filter(({ number }) => before === undefined || number < before)
      .slice(0, limit)
  }

  snapshot(): () => void {
    const [entries, last] = [this.#entries, this.#last]
    return () => {
      this.#entries = entries
      this.#last = last
    }
  }
}

export class MemoryProfile implements ProfileStore {
  #profile: RoomProfile
  hookSecret: string | undefined

  constructor(profile: RoomProfile) {
    this.#profile = profile
  }

  get(): RoomProfile {
    return this.#profile
  }

  set(profile: RoomProfile, hookSecret?: string | null): void {
    this.#profile = profile
    if (hookSecret !== undefined) this.hookSecret = hookSecret ?? undefined
  }

  forget(): void {}
}

export class MemoryLooks implements LookStore {
  readonly #of = new Map<string, string>()

  holders(look: string): string[] {
    return [...this.#of].filter(([, each]) => each === look).map(([id]) => id)
  }

  keep(personId: string, look: string | undefined): void {
    this.#of.delete(personId)
    if (look !== undefined) this.#of.set(personId, look)
  }
}

export class MemoryOwnLists implements OwnListStore {
  #states: ReadonlyMap<string, OwnListState> = new Map()

  get(personId: string): OwnListState | undefined {
    return this.#states.get(personId)
  }

  all(): ReadonlyMap<string, OwnListState> {
    return this.#states
  }

  set(personId: string, state: OwnListState | undefined): void {
    const others = [...this.#states].filter(([id]) => id !== personId)
    this.#states = new Map(state ? [...others, [personId, state] as const] : others)
  }

  forget(): void {}

  snapshot(): () => void {
    const states = this.#states
    return () => {
      this.#states = states
    }
  }
}

export class MemoryPins implements PinStore {
  #pins = new Map<number, number>()

  get(seq: number): number | undefined {
    return this.#pins.get(seq)
  }

  add(seq: number, pinned: number): void {
    this.#pins = new Map(this.#pins).set(seq, pinned)
  }

  remove(seq: number): void {
    this.#pins = new Map([...this.#pins].filter(([each]) => each !== seq))
  }

  all(): number[] {
    return [...this.#pins].sort(([, a], [, b]) => b - a).map(([seq]) => seq)
  }

  forget(): void {}

  snapshot(): () => void {
    const pins = this.#pins
    return () => {
      this.#pins = pins
    }
  }
}
