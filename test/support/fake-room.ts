// A room without a platform: fake sockets that keep their sessions as bytes, a log in memory, and a
// clock that the test moves. `evict` drops the memory of the room, as the platform may at any time.

import { deserialize, serialize } from 'node:v8'
import type { Principal } from '../../src/auth/principal.ts'
import { noteMessageRead } from '../../src/room/connections/liveness.ts'
import { openedSession, type Session, type SignIn } from '../../src/room/connections/session.ts'
import type { RoomLimits } from '../../src/room/limits/limits.ts'
import type { RoomProfile } from '../../src/room/membership/profile.ts'
import type { Role } from '../../src/room/permissions.ts'
import type { Arrival, Credential, Inbound, KeptWatcher } from '../../src/room/ports.ts'
import { Room } from '../../src/room/room.ts'
import type { Backlog } from '../../src/room/room-state.ts'
import type { Turn } from '../../src/room/turn.ts'
import { type RoomKind, roomSettingsOf, type SettingsChange } from '../../src/room-settings.ts'
import { Decoder } from '../../src/stomp/decoder.ts'
import type { Encoded } from '../../src/stomp/encode.ts'
import type { Frame, StompCommand } from '../../src/stomp/frame.ts'
import { frameOf } from './frame-of.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryReports } from './memory-reports.ts'
import {
  MemoryClearings,
  MemoryInvitations,
  MemoryLooks,
  MemoryMembers,
  MemoryModeration,
  MemoryOwnLists,
  MemoryPins,
  MemoryProfile,
  MemoryQueues,
  MemoryRevocations,
  MemoryTransactions,
} from './memory-stores.ts'

export const ROOM_ID = 'theroom'
export const LOG = `/topic/chat/room/${ROOM_ID}`
export const SIGNALS = `/topic/rooms/${ROOM_ID}`
export const CHANNEL = `/topic/rooms/${ROOM_ID}/cursors`
export const QUEUE = `/queue/rooms/${ROOM_ID}/jobs`
export const ERRORS = '/user/queue/errors'

/** Who owns the room. */
export const OWNER = 'owner'

/** What a room of a kind is when it is made. */
export const profileOf = (kind: RoomKind): RoomProfile => ({
  id: ROOM_ID,
  name: 'a room',
  kind,
  description: '',
  owner: { id: OWNER, name: 'Olivia' },
  createdAt: 1,
  settings: roomSettingsOf(kind, {}),
})

/** The sign-in of those who do not say. */
export const SIGN_IN: SignIn = { id: 's1', version: 1 }

export const LIMITS: RoomLimits = {
  maxContentBytes: 1000,
  maxSubscriptions: 4,
  bytes: 1e6,
  members: 20_000,
  sendPerSecond: 10,
  sendBurst: 50,
  framesPerSecond: 1e6,
  framesBurst: 1e6,
  queueMessages: 1000,
  queueBytes: 1e6,
  queueMessagesPerSender: 1000,
  queueBytesPerSender: 1e6,
  queues: 100,
  queueConsumers: 'writer',
  queueDeliveries: 3,
  transactions: 2,
  transactionFrames: 10,
  transactionBytes: 1000,
  socketsPerPrincipal: 3,
  sockets: 10_000,
  heartBeat: 45_000,
  presenceSweep: true,
  serverBeats: false,
  loopbackHooks: false,
  stall: 30_000,
}

const DECODER = { frame: 1e6, frameBeforeConnect: 1e6, headerLine: 1e5, headers: 100 }

/** What arrived at a client, as plain data. */
export interface Heard {
  readonly command: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A frame of a connection that was read before, with what its token says. */
export const arrivalOf = (connection: Inbound, frame: Frame, credential?: Credential): Arrival => ({
  connection,
  verified: { frame, credential, isNew: false },
})

/** What a connection needs beside, where its frames are read already. */
export const unread = () => ({
  decoder: new Decoder(DECODER),
  inbox: [],
  begun: undefined,
  frameMs: 10_000,
})

export class FakeSocket implements Inbound {
  /** How often a session of any was looked at. */
  static looks = 0
  readonly decoder = new Decoder(DECODER)
  readonly inbox: (string | ArrayBuffer)[] = []
  begun: number | undefined
  readonly frameMs = 10_000
  lastBeatAt = 0
  congested = false
  closed: { code: number; reason: string } | undefined
  /** How many WebSocket messages were sent. */
  messages = 0
  #sent: Encoded[] = []
  #attachment: Buffer
  #session: Session

  constructor(session: Session) {
    this.#attachment = serialize(session)
    this.#session = deserialize(this.#attachment)
  }

  get session(): Session {
    FakeSocket.looks++
    return this.#session
  }

  /** What would not survive an attachment does not survive here. */
  set session(session: Session) {
    this.#attachment = serialize(session)
    this.#session = deserialize(this.#attachment)
  }

  /** The size of the attachment, in bytes. */
  get attachmentSize(): number {
    return this.#attachment.length
  }

  get beatAt(): number {
    return this.lastBeatAt
  }

  beatSince(time: number): boolean {
    return this.lastBeatAt >= time
  }

  send(message: Encoded): void {
    if (this.closed) throw new Error('sent after the close')
    this.messages++
    this.#sent.push(message)
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason }
  }

  /** What came since the last time, heart-beats included. */
  takeText(): string {
    return new TextDecoder().decode(this.takeBytes())
  }

  /** The messages that came since the last time: each is text or binary. */
  takeMessages(): Encoded[] {
    return this.#sent.splice(0)
  }

  takeBytes(): Uint8Array {
    return Buffer.concat(
      this.takeMessages().map((message) =>
        typeof message === 'string' ? Buffer.from(message) : Buffer.from(message),
      ),
    )
  }

  /** The frames that came since the last time, read as `version` writes them. */
  take(version: '1.0' | '1.1' | '1.2' = '1.2'): Heard[] {
    const decoder = new Decoder(DECODER)
    decoder.write(this.takeBytes())
    const heard: Heard[] = []
    for (let frame = decoder.next(version); frame; frame = decoder.next(version)) {
      const { 'content-length': _length, ...headers } = Object.fromEntries(frame.headers)
      heard.push({ command: frame.command, headers, body: new TextDecoder().decode(frame.body) })
    }
    if (decoder.partial) throw new Error('half a frame was sent')
    return heard
  }
}

export class FakeRoom {
  now = Date.UTC(2026, 10, 21, 8)
  readonly log = new MemoryLog()
  readonly queues = new MemoryQueues()
  readonly transactions = new MemoryTransactions()
  readonly members = new MemoryMembers()
  readonly moderation = new MemoryModeration()
  readonly clearings = new MemoryClearings()
  /** The roles in the rows of people. */
  readonly roles = {
    get: (id: string) => this.members.get(id)?.role,
    set: (id: string, role: Role) =>
      this.members.put({ ...(this.members.get(id) ?? { id, name: '', guest: false }), role }),
  }
  readonly profile: MemoryProfile
  readonly looks = new MemoryLooks()
  readonly ownLists = new MemoryOwnLists()
  readonly pins = new MemoryPins()
  readonly invitations = new MemoryInvitations()
  readonly reports = new MemoryReports()
  readonly revocations = new MemoryRevocations()
  /** Who watched the room when it rested last. */
  watchers: readonly KeptWatcher[] = []
  readonly sockets = new Set<FakeSocket>()
  backlog: Backlog | undefined
  /** How long the tokens of those who connect live. */
  tokenSeconds = 900
  storedBytes = 0
  /** How often all connections were asked for. */
  listings = 0
  #ids = 0
  /** Whether it is to be told who came and went. */
  hasPresenceToTell = false
  readonly #received: Arrival[] = []
  #room: Room
  readonly #limits: RoomLimits

  constructor(limits: Partial<RoomLimits> = {}, kind: RoomKind = 'public') {
    this.profile = new MemoryProfile(profileOf(kind))
    this.#limits = { ...LIMITS, ...limits }
    this.#room = this.#fresh()
  }

  /** Changes settings, as the owner may. */
  set(change: SettingsChange): void {
    const profile = this.profile.get()
    this.profile.set({ ...profile, settings: { ...profile.settings, ...change } })
  }

  /** Drops everything that is memory. */
  evict(): void {
    this.hasPresenceToTell = false
    this.backlog = undefined
    this.#room = this.#fresh()
  }

  open(principal: Principal, signIn: SignIn = SIGN_IN): FakeSocket {
    this.turn((turn) => this.#room.admit(turn, principal, signIn))
    const socket = new FakeSocket(openedSession(principal, signIn, this.now))
    this.sockets.add(socket)
    this.turn((turn) => this.#room.opened(turn, socket))
    return socket
  }

  /** Opens a socket and comes through CONNECT; what was heard so far is dropped. */
  connect(
    principal: Principal,
    headers: Record<string, string> = {},
    signIn: SignIn = SIGN_IN,
  ): FakeSocket {
    const socket = this.open(principal, signIn)
    const token = this.token(principal, this.tokenSeconds, signIn)
    this.send(socket, 'CONNECT', { 'accept-version': '1.2', ...headers }, '', token)
    socket.takeText()
    return socket
  }

  /** A verified token that ends in `seconds`. */
  token(principal: Principal, seconds = 900, signIn: SignIn = SIGN_IN): Credential {
    const expiresAt = this.now / 1000 + seconds
    const { id: sessionId, version } = signIn
    return { claims: { principal, sessionId, version, federated: false, expiresAt } }
  }

  /** One frame in one turn. */
  send(
    socket: FakeSocket,
    command: StompCommand,
    headers: Record<string, string> = {},
    body: string | Uint8Array = '',
    credential?: Credential,
  ): void {
    const frame = frameOf(command, headers, body)
    this.turn((turn) => {
      this.#room.receive(turn, [arrivalOf(socket, frame, credential)])
      noteMessageRead(turn, socket, false)
    })
  }

  /** Sends a message; the RECEIPT is asked for under the same id. */
  say(socket: FakeSocket, content: string, receipt?: string, key?: string): void {
    this.send(
      socket,
      'SEND',
      {
        destination: '/pub/send/message',
        ...(receipt === undefined ? {} : { receipt }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      JSON.stringify({ content }),
    )
  }

  subscribe(socket: FakeSocket, id: string, destination: string, headers = {}): void {
    this.send(socket, 'SUBSCRIBE', { id, destination, ...headers })
  }

  leave(socket: FakeSocket): void {
    this.sockets.delete(socket)
    this.turn((turn) => this.#room.leave(turn, socket))
  }

  /** What the shell does a moment after a turn has left some subscription behind. */
  catchUp(): void {
    this.backlog = undefined
    this.turn((turn) => this.#room.catchUp(turn))
  }

  /** What the shell does a while after a turn has left news. Gives whether there were any. */
  tellPresence(): boolean {
    const { hasPresenceToTell } = this
    if (hasPresenceToTell) this.turn((turn) => this.#room.tellPresence(turn))
    return hasPresenceToTell
  }

  /** What the shell does when its alarm rings. Gives when it is set for next. */
  wake(): number | undefined {
    this.turn((turn) => this.#room.onAlarm(turn))
    return this.#room.nextAlarm(this.now)
  }

  /** A frame of this turn: it is answered with the others when the work of the turn is done. */
  receive(socket: FakeSocket, frame: Frame, credential?: Credential): void {
    this.#received.push(arrivalOf(socket, frame, credential))
  }

  /** Answers frames in a turn, as many as it takes; gives how many these were. */
  read(frames: readonly (readonly [FakeSocket, Frame])[]): number {
    let read = 0
    this.turn((turn) => {
      const arrivals = frames.map(([socket, frame]) => arrivalOf(socket, frame))
      read = this.#room.receive(turn, arrivals).length
    })
    return read
  }

  turn(work: (turn: Turn) => void): void {
    const { result, backlog, hasPresenceToTell } = this.#room.turn(this.now, (turn) => {
      work(turn)
      let left = this.#received.splice(0)
      // A turn that has done enough leaves some out; here they share it all the same.
      while (left.length > 0) left = left.slice(this.#room.receive(turn, left).length)
    })
    if (backlog) this.backlog = backlog
    this.hasPresenceToTell = hasPresenceToTell
    if ('error' in result) throw result.error
  }

  /** What the shell does when the room rests. */
  rest(): void {
    this.watchers = this.#room.watchers.takeUnkept() ?? this.watchers
  }

  get room(): Room {
    return this.#room
  }

  /** Undoes what was written when it throws, as the platform does. */
  #atomically(writes: () => void): void {
    const {
      log,
      queues,
      transactions,
      members,
      ownLists,
      pins,
      reports,
      invitations,
      moderation,
      clearings,
    } = this
    const stores = [
      log,
      queues,
      transactions,
      members,
      ownLists,
      pins,
      reports,
      invitations,
      moderation,
      clearings,
    ]
    const undo = stores.map((store) => store.snapshot())
    try {
      writes()
    } catch (error) {
      for (const back of undo) back()
      throw error
    }
  }

  #fresh(): Room {
    return new Room({
      id: ROOM_ID,
      limits: this.#limits,
      log: this.log,
      queues: this.queues,
      transactions: this.transactions,
      keySeed: 7,
      looks: this.looks,
      ownLists: this.ownLists,
      pins: this.pins,
      invitations: this.invitations,
      members: this.members,
      moderation: this.moderation,
      clearings: this.clearings,
      profile: this.profile,
      reports: this.reports,
      revocations: this.revocations,
      watchers: this.watchers,
      atomically: (writes) => this.#atomically(writes),
      connections: () => {
        this.listings++
        return [...this.sockets]
      },
      storedBytes: () => this.storedBytes,
      now: () => this.now,
      newId: () => `id${++this.#ids}`,
      newSecret: () => `whsec_${++this.#ids}`,
    })
  }
}

export const person = (id: string, roles: readonly string[] = ['GENERAL']): Principal => ({
  id,
  name: id.toUpperCase(),
  roles,
})
