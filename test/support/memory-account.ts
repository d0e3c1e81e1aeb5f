// The storage of one account in memory, for tests of account/ without a platform.

import { Account } from '../../src/account/account.ts'
import type {
  AccountStorage,
  AccountStore,
  EnteredRoom,
  PendingRevocation,
  Randomness,
  StoredLogin,
} from '../../src/account/ports.ts'
import type { AccountRecord } from '../../src/account/record.ts'
import type { SignInRecord } from '../../src/account/sign-in-record.ts'
import type { MemberRoom } from '../../src/account/views.ts'
import type { AuditLine } from '../../src/audit.ts'
import { SECRET_LENGTH } from '../../src/auth/tokens/refresh-token.ts'
import { Refusal } from '../../src/refusals.ts'

class MemoryAccount implements AccountStore {
  #account: AccountRecord | undefined
  readonly #signIns = new Map<string, SignInRecord>()
  readonly #ended = new Map<string, number>()
  readonly #logins = new Map<string, StoredLogin>()
  #passwordSince: number | null | undefined
  readonly #rooms = new Map<string, EnteredRoom & { sessionId: string; roomId: string }>()
  readonly #pending = new Map<number, PendingRevocation & { due: number }>()
  readonly #memberRooms = new Map<string, MemberRoom>()
  readonly #tickets = new Set<string>()
  #number = 0

  account() {
    return this.#account
  }

  saveAccount(account: AccountRecord) {
    this.#account = account
  }

  findSignIn(id: string) {
    return this.#signIns.get(id)
  }

  renewable(id: string) {
    const hasId = (one: SignInRecord) => one.id === id || one.former.some((each) => each.id === id)
    return this.signIns().find(hasId)
  }

  signIns() {
    return [...this.#signIns.values()].sort((one, other) => other.lastUsedAt - one.lastUsedAt)
  }

  saveSignIn(signIn: SignInRecord) {
    this.#signIns.set(signIn.id, signIn)
  }

  removeSignIn(id: string) {
    this.rooms.forget(id)
    this.#signIns.delete(id)
  }

  endFederated(id: string, until: number) {
    this.#ended.set(id, until)
  }

  isEndedFederated(id: string, now: number) {
    return (this.#ended.get(id) ?? 0) > now / 1000
  }

  readonly logins: AccountStore['logins'] = {
    providers: () => [...this.#logins.values()],
    add: (id, login, linkedAt) =>
      void this.#logins.set(id, { ...login, id, linkedAt, ending: false }),
    setEnding: (id, ending) => {
      const login = this.#logins.get(id)
      if (login) this.#logins.set(id, { ...login, ending })
    },
    remove: (id) => void this.#logins.delete(id),
    passwordSince: () => this.#passwordSince ?? null,
    addPassword: (linkedAt) => {
      this.#passwordSince ??= linkedAt
    },
  }

  readonly memberRooms: AccountStore['memberRooms'] = {
    get: (roomId) => this.#memberRooms.get(roomId),
    put: (room) => {
      const { choices } = this.#memberRooms.get(room.id) ?? {}
      this.#memberRooms.set(room.id, { ...room, ...(choices && { choices }) })
    },
    choose: (roomId, choices) => {
      const room = this.#memberRooms.get(roomId)
      if (room) this.#memberRooms.set(roomId, { ...room, choices })
    },
    drafts: () =>
      [...this.#memberRooms.values()].filter(({ choices }) => choices?.draft !== undefined).length,
    remove: (roomId) => void this.#memberRooms.delete(roomId),
    count: () => this.#memberRooms.size,
    countShown: () => [...this.#memberRooms.values()].filter(({ hidden }) => !hidden).length,
    page: (after, limit) =>
      [...this.#memberRooms.values()]
        .filter(({ hidden }) => !hidden)
        .sort((one, other) => other.joinedAt - one.joinedAt || (one.id < other.id ? -1 : 1))
        .filter(
          ({ id, joinedAt }) =>
            !after || joinedAt < after.joinedAt || (joinedAt === after.joinedAt && id > after.id),
        )
        .slice(0, limit),
  }

  readonly tickets: AccountStore['tickets'] = {
    spend: ({ id }) => {
      if (this.#tickets.has(id)) throw new Refusal('ticket-used')
      this.#tickets.add(id)
    },
  }

  readonly rooms: AccountStore['rooms'] = {
    visits: (sessionId, roomId) => {
      const room = this.#rooms.get(`${sessionId} ${roomId}`)
      return room && [...room.visits]
    },
    count: (sessionId) => this.#roomsOf(sessionId).length,
    save: (sessionId, roomId, room) =>
      void this.#rooms.set(`${sessionId} ${roomId}`, { ...room, sessionId, roomId }),
    saveVisits: (sessionId, roomId, visits) => this.#change(sessionId, roomId, { visits }),
    remove: (sessionId, roomId) => void this.#rooms.delete(`${sessionId} ${roomId}`),
    removeOver: (seconds) => {
      for (const [key, { until }] of this.#rooms) {
        if (until !== null && until <= seconds) this.#rooms.delete(key)
      }
    },
    someSeenBefore: (sessionId, time, limit) =>
      this.#roomsOf(sessionId)
        .filter(({ seenAt }) => seenAt <= time)
        .sort((one, other) => one.seenAt - other.seenAt)
        .slice(0, limit)
        .map(({ roomId, seenAt }) => ({ roomId, seenAt })),
    removeSeen: (sessionId, { roomId, seenAt }) => {
      if (this.#seenAt(sessionId, roomId) === seenAt) this.rooms.remove(sessionId, roomId)
    },
    forget: (sessionId) => {
      for (const [key, room] of this.#rooms) {
        if (sessionId === null || room.sessionId === sessionId) this.#rooms.delete(key)
      }
    },
    forgetOld: () => {},
  }

  readonly revocations: AccountStore['revocations'] = {
    add: (revocation, due) => {
      const { sessionId } = revocation
      const rooms = [...this.#rooms.values()]
        .filter((room) => sessionId === null || room.sessionId === sessionId)
        .map(({ roomId }) => roomId)
      for (const roomId of new Set(rooms)) {
        const number = ++this.#number
        this.#pending.set(number, { number, roomId, revocation, attempts: 0, due })
      }
    },
    due: (now, limit) =>
      [...this.#pending.values()]
        .filter(({ due }) => due <= now)
        .sort((one, other) => one.due - other.due)
        .slice(0, limit),
    nextDue: () => {
      const dues = [...this.#pending.values()].map(({ due }) => due)
      return dues.length === 0 ? undefined : Math.min(...dues)
    },
    remove: (number) => void this.#pending.delete(number),
    postpone: (number, due) => {
      const pending = this.#pending.get(number)
      if (pending) this.#pending.set(number, { ...pending, attempts: pending.attempts + 1, due })
    },
  }

  #roomsOf(sessionId: string) {
    return [...this.#rooms.values()].filter((room) => room.sessionId === sessionId)
  }

  #seenAt(sessionId: string, roomId: string) {
    return this.#rooms.get(`${sessionId} ${roomId}`)?.seenAt
  }

  #change(sessionId: string, roomId: string, change: Partial<EnteredRoom>) {
    const room = this.#rooms.get(`${sessionId} ${roomId}`)
    if (room) this.#rooms.set(`${sessionId} ${roomId}`, { ...room, ...change })
  }
}

/** Ids and secrets that count up. */
function counting(): Randomness {
  let number = 0
  return {
    id: () => `id${++number}`,
    familyKey: () => `key${++number}`,
    secret: () => new Uint8Array(SECRET_LENGTH).fill(++number),
  }
}

/** An account in memory, and what it wrote down. */
export function memoryAccount() {
  let stored: MemoryAccount | undefined
  const written: AuditLine[] = []
  const revoked: [sessionId: string | null, code: string, due: number][] = []
  const storage: AccountStorage = {
    open: () => stored,
    make: () => {
      stored ??= new MemoryAccount()
      return stored
    },
  }
  const rules = {
    sessions: { accessLifetime: 900, refreshLifetime: 1_209_600, maxAge: 0 },
    admins: ['root'],
    trustedIssuers: [{ name: 'shop' }],
    requestsPerMinute: 120,
  }
  const account = new Account({
    personId: () => 'ann',
    storage,
    rules,
    random: counting(),
    audit: (entry) => written.push(entry),
    revoked: ({ sessionId, code }, due) => revoked.push([sessionId, code, due]),
  })
  return { account, written, revoked }
}
