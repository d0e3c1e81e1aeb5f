// The objects behind the gateway, in memory: for tests that ask the Hono app without a platform.
// They say yes to everything, and a test says to which call they say no.

import type { JWK } from 'jose'
import type { RoomChoicesChange } from '../../src/account/views.ts'
import type { Bearer } from '../../src/auth/bearer.ts'
import type { ProviderLogin } from '../../src/auth/openid/pending-link.ts'
import type { Principal } from '../../src/auth/principal.ts'
import { generateSigningJwk, publicHalf } from '../../src/auth/tokens/keys.ts'
import { makeRefreshToken, SECRET_LENGTH } from '../../src/auth/tokens/refresh-token.ts'
import type {
  AccountCalls,
  AccountLogin,
  Admission,
  Answer,
  AttemptSource,
  Backend,
  Delayed,
  DirectoryCalls,
  InvitationWish,
  ListAdmission,
  LoginCalls,
  LoginsView,
  Member,
  MemberRoomsPage,
  ModerationAct,
  ModerationQuery,
  NewSignIn,
  ReportRequest,
  Role,
  RoomCalls,
  RoomProfile,
  RoomRequest,
  SessionGrant,
  ThrottleCalls,
} from '../../src/contract.ts'
import type { Usage } from '../../src/cost.ts'
import type { RefusalCode } from '../../src/refusals.ts'

const SAID = { at: '2026-11-21T08:00:00.000Z', sender: { id: 'ann', name: 'Ann' } }
const PIN = {
  ...{ seq: 2, type: 'pinned', ...SAID, silent: true, target: 1 },
  message: { seq: 1, type: 'message', ...SAID, content: 'x' },
}

/** A call: which object's, such as `account`, of which name, and with what. */
export interface Call {
  readonly what: string
  readonly of: string
  readonly with: readonly unknown[]
}

/** The refresh token of everybody's one session. */
export const refreshTokenOf = (id: string) =>
  makeRefreshToken(
    { personId: id, sessionId: `s-${id}`, expiresAt: 0 },
    'key',
    new Uint8Array(SECRET_LENGTH),
  ).text

/** Another session that everybody has. */
export const ELSEWHERE = 'elsewhere'

/** A way in that everybody has. */
export const LOGIN: AccountLogin = {
  ...{ id: 'l1', issuer: 'https://id.example', subject: 'ann', provider: 'test', label: 'Ann' },
  linkedAt: Date.UTC(2026, 10, 21, 8),
}

const CREATED = Date.UTC(2026, 10, 21, 8)

const BY = { id: 'owner', name: 'Olivia' }
const BAN = { id: 'ann', name: 'Ann', guest: false, reason: 'spam', at: CREATED, by: BY }
const ENTRY = {
  ...{ number: 7, at: CREATED, action: 'ban' as const, by: BY, user: { id: 'ann', name: '' } },
  ...{ reason: 'spam', until: CREATED, seq: 3, detail: { role: 'reader' } },
}

const reportOf = ({ id, name }: Principal, request: ReportRequest) => ({
  ...request,
  ...{ id: 8, at: CREATED, by: { id, name }, state: 'open' as const },
})

export class FakeBackend implements Backend {
  readonly rooms = new Map<string, RoomProfile>()
  readonly people = new Map<string, NewSignIn>()
  /** Whose each login is that was claimed. */
  readonly logins = new Map<string, string>()
  /** Whose every password is. */
  whoever = 'whoever'.padEnd(21, '-')
  /** The ways in of everybody. */
  loginsView: LoginsView = { password: null, providers: [] }
  /** What browsers are known by, to every user name. */
  readonly devices = new Set<string>()
  /** The visits that accounts have noted, for tickets. */
  readonly visits = new Set<string>()
  readonly calls: Call[] = []
  /**
   * What requests cost whoever asked, by what the accounts were told: it is in none of the calls.
   */
  readonly costs: (number | undefined)[] = []
  /** What calls are refused with, by their name, such as `account.check`. */
  readonly refusals = new Map<string, RefusalCode | Delayed>()
  /** Of everybody who signs in. */
  roles = ['GENERAL']
  /** The rooms of which everybody is a member. */
  memberRooms: MemberRoomsPage = { rooms: [], next: null }
  tooMany = false
  /** Rooms that were reserved and never finished. */
  readonly abandoned = new Set<string>()
  /** Of every room. */
  usage: Usage = {
    ...{ since: CREATED, messages: 0, inboundMessages: 0, requests: 0, wakeUps: 0 },
    ...{ activeSeconds: 0, rowsRead: 0, rowsWritten: 0, storageBytes: 0 },
  }
  refreshExpiresIn = 1_209_600
  static #jwk: Promise<JWK> | undefined

  /** How often the keys were asked for, with the private one and without. */
  readonly keysAsked = { private: 0, public: 0 }

  /** What the runtime lacks. */
  lacks: readonly string[] = []

  missing() {
    return this.lacks
  }

  keyRing() {
    return {
      material: () => this.keys(),
      publicKeys: () => this.publicKeys(),
      rotate: (compromised: boolean) => this.rotateKeys(compromised),
    }
  }

  async keys() {
    this.keysAsked.private++
    return this.#keys()
  }

  async publicKeys() {
    this.keysAsked.public++
    return (await this.#keys()).verifying
  }

  async #keys() {
    // One for all tests: making keys takes most of their time.
    FakeBackend.#jwk ??= generateSigningJwk()
    const signing = await FakeBackend.#jwk
    return { signing, verifying: { keys: [publicHalf(signing)] } }
  }

  async rotateKeys(compromised: boolean) {
    this.#note('keys.rotate', 'key-ring', [compromised])
    return 'next'
  }

  account(id: string): AccountCalls {
    const on = this.#on('account', id)
    return {
      signIn: on('signIn', (newSignIn) => this.#open(id, newSignIn)),
      becomeAccount: on('becomeAccount', () => this.#grant(id)),
      refresh: (token, bearer, cost) => {
        this.costs.push(cost)
        return on('refresh', (_token?: string, _bearer?: Bearer) => this.#grant(id))(token, bearer)
      },
      check: (bearer, cost) => {
        this.costs.push(cost)
        return on('check', (_bearer: Bearer) => null)(bearer)
      },
      checkVisit: (bearer, room, visitId, cost) => {
        this.costs.push(cost)
        return on('checkVisit', (_bearer: Bearer, _room: string, _visitId: string) => ({
          noted: this.visits.has(visitId),
        }))(bearer, room, visitId)
      },
      prepareVisit: async (by, bearer, room, visitId, cost) => {
        this.costs.push(cost)
        const refused = this.refusals.get('account.prepareVisit')
        this.#note('account.prepareVisit', id, [bearer, room, visitId])
        if (refused !== undefined) return typeof refused === 'string' ? { refused } : refused
        const shown = await this.room(room).show(by)
        if ('value' in shown) this.visits.add(visitId)
        return { value: shown }
      },
      enter: (bearer, room, visitId, cost) => {
        this.costs.push(cost)
        return on('enter', (_bearer: Bearer, _room: string, _visitId: string) => null)(
          bearer,
          room,
          visitId,
        )
      },
      joined: async (room) => this.#note('account.joined', id, [room]),
      left: async (room) => this.#note('account.left', id, [room]),
      roomNews: async (glance) => {
        this.#note('account.roomNews', id, [glance])
        return 'offline'
      },
      rooms: async (...page) => {
        this.#note('account.rooms', id, page)
        return this.memberRooms
      },
      choose: on('choose', (roomId: string, { muted }: RoomChoicesChange) => ({
        ...{ id: roomId, name: 'a room', kind: 'public', role: 'writer', joinedAt: 7 },
        choices: muted ? { muted } : {},
      })),
      leave: async (...visit) => this.#note('account.leave', id, visit),
      endByToken: on('endByToken', () => null),
      logins: async () => this.loginsView,
      holds: async (token, sessionId) => {
        this.#note('account.holds', id, [token, sessionId])
        return token === refreshTokenOf(id) && sessionId === `s-${id}`
      },
      addLogin: on('addLogin', (_bearer: Bearer, _login: ProviderLogin) => ({
        ...{ id: 'l1', kind: this.people.get(id)?.kind ?? 'account' },
      })),
      endLogin: on('endLogin', (login: string) => ({ ...LOGIN, id: login })),
      removeLogin: async (login) => this.#note('account.removeLogin', id, [login]),
      show: on('show', () => this.#view(id)),
      change: on('change', ({ disabled = false, roles = this.roles }) => ({
        ...this.#view(id),
        disabled,
        roles,
      })),
      sessions: async () => {
        this.#note('account.sessions', id, [])
        return [{ id: `s-${id}`, device: 'here', signedInAt: CREATED, lastUsedAt: CREATED + 1 }]
      },
      end: async (bearer) => {
        this.#note('account.end', id, [bearer])
        return [`s-${id}`, ELSEWHERE].includes(bearer.sessionId) || bearer.federated
      },
      endAll: async (except) => this.#note('account.endAll', id, [except]),
    }
  }

  passwordLogin(username: string): LoginCalls {
    return this.#login(`password:${username}`)
  }

  providerLogin(issuer: string, subject: string): LoginCalls {
    return this.#login(`oidc:${issuer} ${subject}`)
  }

  throttle(address: string): ThrottleCalls {
    const on = this.#on('throttle', address)
    return {
      attempt: on('attempt', () => null),
      succeeded: async () => this.#note('throttle.succeeded', address, []),
    }
  }

  room(id: string): RoomCalls {
    const room = this.rooms.get(id)
    const on = this.#on('room', id, room ? undefined : 'room-unknown')
    return {
      create: async (profile) => void this.rooms.set(id, profile),
      show: on('show', () => shownRoom(room as RoomProfile)),
      change: on('change', (_by, { archived: _, settings, ...change }) => {
        const before = room as RoomProfile
        const changed = { ...before, ...change, settings: { ...before.settings, ...settings } }
        this.rooms.set(id, changed)
        return shownRoom(changed)
      }),
      cost: on('cost', () => this.usage),
      events: on('events', () => ({ events: [], head: 0, next: null })),
      members: on('members', () => ({
        members: [fakeMember(room?.owner.id ?? '', 'owner')],
        next: null,
      })),
      pins: on('pins', () => ({ pins: [PIN], head: 2 })),
      join: on('join', (by) => fakeMember(by.id, 'writer')),
      removeMember: on('removeMember', () => null),
      setRole: on('setRole', (_by, who: string, role: Role) => fakeMember(who, role)),
      moderate: on('moderate', (by, { type, personId }: ModerationAct) => {
        if (type === 'mute') return { member: fakeMember(personId, 'writer') }
        if (type !== 'ban') return {}
        return { ban: { ...BAN, id: personId, by: { id: by.id, name: '' } } }
      }),
      moderation: on('moderation', (_by, { list }: ModerationQuery) =>
        list === 'bans' ? { bans: [BAN], next: 'ann' } : { entries: [ENTRY], next: '7' },
      ),
      report: on('report', (by, request: ReportRequest) => reportOf(by, request)),
      reports: on('reports', (by) => ({
        reports: [{ ...reportOf(by, { seq: 1, reason: '' }), message: PIN.message }],
        next: 7,
      })),
      settleReport: on('settleReport', (by, id: number, state: 'settled' | 'dismissed') => ({
        ...reportOf(by, { seq: 1, reason: 'x' }),
        ...{ id, state, settledAt: CREATED, settledBy: { id: by.id, name: by.name } },
      })),
      openDirect: on('openDirect', (_by, profile: RoomProfile) => ({
        room: shownRoom(profile),
        created: true,
      })),
      block: on('block', () => null),
      hide: on('hide', (_by, isHidden: boolean) => ({
        ...{ id, name: room?.name ?? '', kind: 'direct' as const, role: 'writer' as const },
        ...{ joinedAt: 7, ...(isHidden && { hidden: true as const }) },
      })),
      invite: on('invite', (by, wish: InvitationWish) => invitationOf(by, wish)),
      invitations: on('invitations', (by) => ({
        invitations: [invitationOf(by, { uses: 3 })],
        next: null,
      })),
      revokeInvitation: on('revokeInvitation', () => null),
      showInvitation: on('showInvitation', (_digest: string) => ({
        room: { id, name: room?.name ?? '', kind: room?.kind ?? 'public' },
        ...{ invitedBy: { name: 'Ann' }, role: 'writer' as const, expiresAt: CREATED },
      })),
      useInvitation: on('useInvitation', () => shownRoom(room as RoomProfile)),
      watch: async (personId) => {
        this.#note('room.watch', id, [personId])
        return { refused: 'room-unknown' }
      },
      execute: on('execute', (_by, { type }: RoomRequest) => (type === 'read' ? {} : { seq: 1 })),
      delete: on('delete', () => {
        this.rooms.delete(id)
        return null
      }),
    }
  }

  async enterRoom(id: string, admission: Admission) {
    this.#note('room.enter', id, [admission])
    // No WebSocket opens here.
    const code = this.refusals.get('room.enter')
    return { refused: typeof code === 'string' ? code : 'unavailable' } as const
  }

  async enterAccount(id: string, admission: ListAdmission) {
    this.#note('account.enter', id, [admission])
    return { refused: 'unavailable' } as const
  }

  directory(): DirectoryCalls {
    return {
      reserve: async (profile, most) => {
        this.#note('directory.reserve', '', [profile.id, most])
        const owned = [...this.rooms.values()].filter(({ owner }) => owner.id === profile.owner.id)
        if (owned.length < (most ?? Number.POSITIVE_INFINITY)) return { value: null }
        return { refused: 'too-many-rooms', abandoned: [...this.abandoned] }
      },
      add: async () => {},
      remove: async (id, ownerId) => {
        this.#note('directory.remove', id, [ownerId])
        this.abandoned.delete(id)
        this.rooms.delete(id)
      },
      forget: async () => {},
      list: async (person, query) => {
        this.#note('directory.list', person, [query])
        return { rooms: [...this.rooms.values()], next: null }
      },
    }
  }

  async mayAuthenticate(address: string) {
    this.#note('mayAuthenticate', address, [])
    return !this.tooMany
  }

  /** The names of the calls since the last time. */
  takeCalls(): string[] {
    return this.calls.splice(0).map(({ what }) => what)
  }

  #login(name: string): LoginCalls {
    const on = this.#on('login', name)
    return {
      register: async (...args) => ({
        ...(await on('register', (..._args: typeof args) => null)(...args)),
        ...this.#device(args[2]),
      }),
      trusts: async (devices) => {
        this.#note('login.trusts', name, [devices])
        return devices.some((device) => this.devices.has(device))
      },
      verify: async (...args) => ({
        ...(await on('verify', (..._args: typeof args) => this.whoever)(...args)),
        ...this.#device(args[1]),
      }),
      changePassword: async (...args) => ({
        ...(await on('changePassword', (..._args: typeof args) => this.whoever)(...args)),
        ...this.#device(args[2]),
      }),
      claim: async (personId) => {
        const owner = this.logins.get(name) ?? personId
        this.logins.set(name, owner)
        return owner
      },
      release: async (personId) => {
        this.#note('login.release', name, [personId])
        if (this.logins.get(name) === personId) this.logins.delete(name)
      },
      withdraw: async (personId) => this.#note('login.withdraw', name, [personId]),
      owner: async () => this.logins.get(name) ?? null,
    }
  }

  #device({ keeps }: AttemptSource) {
    if (!keeps) return {}
    const device = `device${this.devices.size}`
    this.devices.add(device)
    return { device }
  }

  #open(id: string, newSignIn: NewSignIn): SessionGrant {
    this.people.set(id, newSignIn)
    return this.#grant(id)
  }

  #grant(id: string): SessionGrant {
    const { name = id, kind } = this.people.get(id) ?? {}
    const mark = kind === 'guest' && { guest: true as const }
    return {
      principal: { id, name, roles: this.roles, ...mark },
      sessionId: `s-${id}`,
      signedInAt: Math.floor(Date.now() / 1000),
      version: 1,
      refreshToken: refreshTokenOf(id),
      refreshExpiresIn: this.refreshExpiresIn,
    }
  }

  #view(id: string) {
    const { name = id, kind = 'account', username = null } = this.people.get(id) ?? {}
    return { id, name, kind, username, roles: this.roles, disabled: false, createdAt: CREATED }
  }

  /** Makes the calls of an object: noted, refused if that was said, answered otherwise. */
  #on(object: string, of: string, otherwise?: RefusalCode) {
    // biome-ignore lint/suspicious/noExplicitAny: a call takes what it takes.
    return <Args extends any[], Value>(method: string, answer: (...args: Args) => Value) =>
      async (...args: Args): Promise<Answer<Value>> => {
        const what = `${object}.${method}`
        this.#note(what, of, args)
        const refused = this.refusals.get(what) ?? otherwise
        if (refused === undefined) return { value: answer(...args) }
        return typeof refused === 'string' ? { refused } : refused
      }
  }

  #note(what: string, of: string, args: readonly unknown[]): void {
    this.calls.push({ what, of, with: args })
  }
}

const invitationOf = (by: Principal, { role = 'writer', uses }: Partial<InvitationWish>) => ({
  ...{ id: 'i1', role, by: { id: by.id, name: by.name }, uses: uses ?? 0, used: 0 },
  ...{ createdAt: CREATED, expiresAt: CREATED + 1 },
})

const fakeMember = (id: string, role: Role): Member => ({
  id,
  role,
  name: 'x',
  guest: false,
  joinedAt: 1,
})

const shownRoom = (room: RoomProfile) => ({
  ...room,
  role: 'writer' as const,
})
