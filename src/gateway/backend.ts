// What the gateway needs of the objects, and no more. index.ts brings it.

import type { Answer, Delayed } from '../answer.ts'
import type { Principal, Role } from '../auth/principal.ts'
import type {
  AccountLogin,
  AccountView,
  Bearer,
  LoginsView,
  Opening,
  ProviderLogin,
  SessionGrant,
  SessionView,
} from '../auth/session.ts'
import type { KeyMaterial } from '../auth/tokens/keys.ts'
import type { Usage } from '../cost.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Login, Throttle } from './login-backend.ts'

export type { Answer, Delayed }

/** `createdAt` in milliseconds since 1970. */
export interface RoomSettings {
  readonly id: string
  readonly name: string
  readonly visibility: 'public' | 'private'
  readonly owner: { readonly id: string; readonly name: string }
  readonly createdAt: number
  /** Undefined: anyone. */
  readonly entry?: EntryRule | undefined
}

/** Who may come in: anyone, or accounts and no guests. */
export type EntryRule = 'anyone' | 'accounts'

/** What the owner of a room may set. */
export interface Settings {
  readonly entry: EntryRule
}

/** A room as somebody sees it, with what that person is in it. */
export type ShownRoom = RoomSettings & {
  readonly standing: Standing
  readonly settings: Settings
}

export interface EventsQuery {
  readonly after?: number | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** A WebSocket admitted: who, with which sub-protocol, by which ticket (none: by an access token). */
export interface Admission {
  readonly principal: Principal
  readonly sessionId: string
  readonly version: number
  /** What the account knows this entry by. */
  readonly entry: string
  readonly protocol: string | undefined
  readonly ticket: { readonly id: string; readonly expiresAt: number } | undefined
}

/** What somebody is in a room. */
export type Standing = 'banned' | 'reader' | 'writer' | 'moderator' | 'owner'

export interface Member {
  readonly id: string
  readonly standing: Standing
}

/** A room of whom everything is asked in the name of somebody: who is banned is told nothing. */
export interface Room {
  create(settings: RoomSettings): Promise<void>
  show(by: Principal): Promise<Answer<ShownRoom>>
  /** By its owner. */
  change(by: Principal, change: Partial<Settings>): Promise<Answer<ShownRoom>>
  /** What it has cost, for its owner or an administrator. */
  cost(by: Principal): Promise<Answer<Usage>>
  events(by: Principal, query: EventsQuery): Promise<Answer<object>>
  /** By its owner, or an administrator. */
  delete(by: Principal): Promise<Answer<null>>
  /** Those whose standing was set, and the owner. */
  members(by: Principal): Promise<Answer<readonly Member[]>>
  setStanding(by: Principal, id: string, standing: Standing): Promise<Answer<Member>>
  /** The 101 with its socket, or why not. */
  enter(admission: Admission): Promise<Response | { readonly refused: RefusalCode }>
}

/** A place for a room, or that there is none. `abandoned`: places whose rooms were never finished. */
export type Reservation =
  | { readonly value: null }
  | { readonly refused: 'too-many-rooms'; readonly abandoned: readonly string[] }

export interface Directory {
  /** Takes a place for a room to be made. `most` rooms may its owner have; undefined: any number. */
  reserve(settings: RoomSettings, most: number | undefined): Promise<Reservation>
  /** Lists a room that exists. */
  add(settings: RoomSettings): Promise<void>
  remove(id: string): Promise<void>
  list(
    personId: string,
    before: number | undefined,
    limit: number,
  ): Promise<{ rooms: readonly RoomSettings[]; next: number | null }>
}

/** One person, guest or account or a trusted issuer's: sessions, and the rooms where sockets may be. */
export interface Account {
  /**
   * Opens a session, of an account made now where there is none. Refused: account-disabled, and credentials-invalid
   * where the account goes by another user name.
   */
  signIn(opening: Opening): Promise<Answer<SessionGrant>>
  /** A guest becomes an account: the same id, and a sign-in under a new id. Every token of before is void. */
  upgrade(
    bearer: Bearer,
    name: string | undefined,
    username?: string,
  ): Promise<Answer<SessionGrant>>
  /**
   * The four cases: `token` is the refresh token shown, `bearer` a valid access token shown.
   * Refused: refresh-missing, refresh-invalid, refresh-expired, refresh-reused, session-ended,
   * session-too-old, account-disabled.
   */
  refresh(token: string | undefined, bearer: Bearer | undefined): Promise<Answer<SessionGrant>>
  /**
   * Whether a token still holds, and whether its person may ask so much now: `cost` is taken of their
   * REQUESTS_PER_MINUTE, 1 where nothing is said. Refused: session-ended, roles-changed, account-disabled, too-fast.
   */
  check(bearer: Bearer, cost?: number): Promise<Answer<null> | Delayed>
  /**
   * The same, and notes that sockets of this sign-in may be in that room. `entry` is the id of the ticket, or one
   * that is made for this entry: the room says it when the socket has gone. Refused besides: in-too-many-rooms.
   */
  enter(
    bearer: Bearer,
    roomId: string,
    entry: string,
    cost?: number,
  ): Promise<Answer<null> | Delayed>
  /** Nobody came in by an entry, and nobody will; or its socket has gone. */
  leave(sessionId: string, roomId: string, entry: string): Promise<void>
  sessions(): Promise<readonly SessionView[]>
  /** Ends one session, its tokens and sockets; false where there is none. */
  end(bearer: Pick<Bearer, 'sessionId' | 'foreign' | 'expiresAt'>): Promise<boolean>
  /** Ends the session of a refresh token, whatever its age. Refused: refresh-invalid. */
  endByToken(token: string): Promise<Answer<null>>
  /** Ends all sessions, but for one where it is named. */
  endAll(except: string | undefined): Promise<void>
  /** The ways in. */
  logins(): Promise<LoginsView>
  /** Whether a refresh token is the newest of that session. It is not used up. */
  holds(token: string, sessionId: string): Promise<boolean>
  /**
   * Notes a way in before it is one; `kind` is what the account is so far. Refused: as check, and not-allowed,
   * too-many-logins.
   */
  addLogin(
    bearer: Bearer,
    login: ProviderLogin,
  ): Promise<Answer<{ readonly id: string; readonly kind: 'guest' | 'account' }>>
  /** A way in counts as none from now on; it stays listed until it is removed. Refused: login-unknown, login-last. */
  endLogin(id: string): Promise<Answer<AccountLogin>>
  removeLogin(id: string): Promise<void>
  show(): Promise<Answer<AccountView>>
  /** Refused: user-unknown. */
  change(change: {
    readonly disabled?: boolean | undefined
    readonly roles?: readonly Role[] | undefined
  }): Promise<Answer<AccountView>>
}

export interface Backend {
  /** What the runtime lacks of what the rooms need, by name. */
  missing(): readonly string[]
  /** The private key that signs, and the public halves: for who signs, and nobody else. */
  keys(): Promise<KeyMaterial>
  /** The public halves alone. */
  publicKeys(): Promise<KeyMaterial['verifying']>
  /** Makes a new signing key; gives its id. `compromised`: those before it verify nothing any more. */
  rotateKeys(compromised: boolean): Promise<string>
  account(personId: string): Account
  /** By user name, in the spelling that counts. */
  passwordLogin(username: string): Login
  /** By the provider's issuer and subject, never by e-mail. */
  providerLogin(issuer: string, subject: string): Login
  /** By address, in the spelling that counts. */
  throttle(address: string): Throttle
  room(id: string): Room
  directory(): Directory
  /** Whether an address may ask for one more token in this minute. */
  mayAuthenticate(address: string): Promise<boolean>
}
