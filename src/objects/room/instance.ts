// A room in its object: the pure room with the clock, the sockets and the storage it asks for.

import { nanoid } from 'nanoid'
import { audit } from '../../audit.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Config } from '../../config.ts'
import type { Member, Role, RoomProfile, RoomSettings, ShownRoom } from '../../contract.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { PRESENCE_BATCH_PERIOD } from '../../room/limits/limits.ts'
import type { Arrival, Connection, Reading } from '../../room/ports.ts'
import { Room } from '../../room/room.ts'
import type { Turn } from '../../room/turn.ts'
import { Batcher } from './batcher.ts'
import type { Socket } from './sockets/socket.ts'
import type { RoomStorage } from './storage/guarded-storage.ts'
import { SqlLog } from './storage/log/sql-log.ts'
import { roomRow } from './storage/room-storage.ts'
import { roomStores } from './storage/room-stores.ts'
import { Meter } from './usage/meter.ts'
import { type Carrier, UsageCheckpoint } from './usage/usage-checkpoint.ts'

/** Milliseconds until a slow reader is looked at again. */
const STALLED_PAUSE = 100

/** Uses of one look at the size of the storage: meanwhile a few hundred KB at most are written. */
const ASKED_FOR = 8

export class RoomInstance {
  readonly profile: RoomProfile
  readonly log: SqlLog
  readonly room: Room
  #catchingUp: { readonly pause: number; readonly callOff: () => void } | undefined
  readonly #meter: Meter
  readonly #usage: UsageCheckpoint
  /** Calls off the turn in which it is told who came and went. */
  #telling: (() => void) | undefined
  #closed = false
  /** Whether something came in since `alarmDueBy`. What the room does by itself does not count. */
  #hadTurn = false
  readonly #sql: SqlStorage
  /** Bytes in storage when that was asked last, and how often it was wanted. */
  #stored = 0
  #asked = 0
  readonly #batcher = new Batcher<Arrival, Reading>(
    (arrivals) => this.turn((turn, room) => room.receive(turn, arrivals)),
    (work) => this.#meter.later(0, work),
  )

  constructor(
    profile: RoomProfile,
    storage: RoomStorage,
    limits: Config['room'],
    connections: () => readonly (Connection & Carrier)[],
    meter = new Meter(),
    leaving?: Carrier,
  ) {
    const { sql } = storage
    this.profile = profile
    this.#sql = sql
    this.#meter = meter
    const { keySeed, pins, ...state } = roomRow(sql)
    this.#usage = new UsageCheckpoint(meter, sql, connections, leaving)
    this.log = new SqlLog(sql, meter, state)
    this.room = new Room({
      id: profile.id,
      limits,
      log: this.log,
      ...roomStores(sql, profile, pins),
      keySeed,
      ownerId: profile.owner.id,
      ownerName: profile.owner.name,
      atomically: (writes) => storage.transactionSync(writes),
      storedBytes: () => this.#storedBytes(),
      connections,
      newId: nanoid,
    })
  }

  /** The room as somebody sees it. Throws Refusal. */
  shownTo(by: Principal): ShownRoom {
    const role = this.room.demandRole(by, 'reader')
    return { ...this.profile, role, settings: this.room.settings }
  }

  /** The same, once it is changed by its owner. Throws Refusal. */
  change(by: Principal, change: Partial<RoomSettings>): ShownRoom {
    const next = this.turn((turn, room) => room.changeSettings(turn, by, change))
    audit({ event: 'room-changed', room: this.profile.id, by: by.id, ...next })
    return this.shownTo(by)
  }

  /** Throws Refusal. */
  setRole(by: Principal, personId: string, role: Role): Member {
    const member = this.turn((turn, room) => room.setRole(turn, by, personId, role))
    const { id: room } = this.profile
    audit({ event: 'role-set', room, user: personId, by: by.id, role })
    return member
  }

  /** Runs a turn now. Subscriptions that it leaves behind go on in turns of their own. */
  turn<Result>(work: (turn: Turn, room: Room) => Result): Result {
    this.#hadTurn = true
    return this.#turn(work)
  }

  #turn<Result>(work: (turn: Turn, room: Room) => Result): Result {
    const { result, backlog, hasPresenceToTell } = this.room.turn(Date.now(), (turn) =>
      work(turn, this.room),
    )
    if (backlog) this.#catchUpSoon(backlog === 'stalled' ? STALLED_PAUSE : 0)
    if (hasPresenceToTell) this.#tellPresenceSoon()
    if ('error' in result) throw result.error
    return result.value
  }

  /**
   * Reads a connection in a turn that it shares with the others of its moment; a lone one is read
   * at once. What is left of it comes when the turn is over.
   */
  receive(arrival: Arrival): Promise<Reading> {
    return this.#batcher.add(arrival)
  }

  /** Gives a connection so long to do something; then it is ended with a code. */
  expect(socket: Socket, code: RefusalCode, ms: number): void {
    const missed = () => {
      if (!this.#closed) this.turn((turn, room) => room.fail(turn, socket, new Refusal(code)))
    }
    socket.setDeadline(code, () => this.#meter.later(ms, missed))
  }

  /** Nothing more is read of a connection that sends what is not to be read. */
  refuse(socket: Socket, code: RefusalCode): void {
    socket.stopReading()
    this.turn((turn, room) => room.fail(turn, socket, new Refusal(code)))
  }

  /** The alarm rang. Gives when it rings next. */
  onAlarm(): number | undefined {
    this.turn((turn, room) => room.onAlarm(turn))
    // That is no news of anybody.
    this.#hadTurn = false
    return this.room.nextAlarm(Date.now())
  }

  /** When the alarm must ring at the latest, after what came in; undefined: not at all. */
  takeDue(): number | undefined {
    const due = this.#hadTurn && !this.#closed ? this.room.alarmDueBy(Date.now()) : undefined
    this.#hadTurn = false
    return due
  }

  /** A piece of work is done; `quiet`: and nothing else is under way. */
  rested(quiet: boolean): void {
    if (!this.#closed) this.#usage.rested(this.profile.id, quiet)
  }

  /** L3: ends everybody and deletes in one turn, so that what is told waits for the deletion. */
  delete(by: Principal, deleteAll: () => Promise<void>): Promise<void> {
    const deleted = this.turn((turn, room) => {
      room.endAll(turn, by)
      return deleteAll()
    })
    // No turn starts by itself any more.
    this.#closed = true
    this.#catchingUp?.callOff()
    this.#telling?.()
    return deleted
  }

  /** To ask takes a microsecond, a tenth of a SEND: it is asked once for several. */
  #storedBytes(): number {
    if (this.#asked++ % ASKED_FOR === 0) this.#stored = this.#sql.databaseSize
    return this.#stored
  }

  #catchUpSoon(pause: number): void {
    const waiting = this.#catchingUp
    if (this.#closed || (waiting && waiting.pause <= pause)) return
    waiting?.callOff()
    const callOff = this.#meter.later(pause, () => {
      this.#catchingUp = undefined
      this.#turn((turn, room) => room.catchUp(turn))
    })
    this.#catchingUp = { pause, callOff }
  }

  /** H2: a timer runs only while there is something to be told. */
  #tellPresenceSoon(): void {
    if (this.#closed || this.#telling) return
    this.#telling = this.#meter.later(PRESENCE_BATCH_PERIOD, () => {
      this.#telling = undefined
      this.#turn((turn, room) => room.tellPresence(turn))
    })
  }
}
