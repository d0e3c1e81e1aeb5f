// The sockets of an account: its person's open lists of rooms. Translates what the platform brings
// into turns. An account without sockets does nothing here, and an idle one runs no code (C2).

import type { Account } from '../../account/account.ts'
import type { ListTurn } from '../../account/list/list-turn.ts'
import { Lists } from '../../account/list/lists.ts'
import {
  type Gathered,
  type GoneBecause,
  type RoomNews,
  withNews,
} from '../../account/list/snapshot.ts'
import type { MemberRoom } from '../../account/views.ts'
import type { Revocation } from '../../auth/bearer.ts'
import type { AccessVerifier } from '../../auth/tokens/access-verifier.ts'
import type { Config } from '../../config.ts'
import type { ListAdmission, RoomGlance } from '../../contract.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { openedSession } from '../../room/connections/session.ts'
import type { Arrival, Reading } from '../../room/ports.ts'
import { Batcher } from '../shared/batcher.ts'
import { upgraded } from '../shared/sockets/admission.ts'
import { takeMessage } from '../shared/sockets/arrival.ts'
import { verifyFrame } from '../shared/sockets/credentials.ts'
import type { Socket, SocketTurns } from '../shared/sockets/socket.ts'
import { Sockets } from '../shared/sockets/sockets.ts'
import { listHost } from './list-host.ts'
import { RoomGlances, type WatchedRooms } from './room-glances.ts'

/** What the sockets of an account are made of. */
interface ListNeeds {
  readonly ctx: DurableObjectState
  readonly config: Config
  readonly account: Account
  readonly rooms: WatchedRooms
  readonly verifier: AccessVerifier
}

/** The sockets of one account. */
export class AccountLists implements SocketTurns {
  readonly #config: Config
  readonly #account: Account
  readonly #verifier: AccessVerifier
  readonly #sockets: Sockets
  readonly #glances: RoomGlances
  readonly #lists: Lists
  readonly #batcher = new Batcher<Arrival, Reading>(
    (arrivals) => this.#run((turn) => this.#lists.receive(turn, arrivals)),
    (work) => this.later(0, work),
  )
  /** What was told while the rooms are asked; undefined where nobody asks them. */
  #news: RoomNews[] | undefined

  constructor({ ctx, config, account, rooms, verifier }: ListNeeds) {
    this.#config = config
    this.#account = account
    this.#verifier = verifier
    this.#sockets = new Sockets(ctx, config)
    this.#glances = new RoomGlances(
      rooms,
      () => account.personId,
      () => account.stored,
    )
    this.#lists = new Lists(listHost(account, config, () => this.#sockets.all()))
  }

  /**
   * Opens the socket of an upgrade that the gateway has admitted.
   *
   * @throws Refusal `ticket-used`, `too-fast`, and why the sign-in does not hold any more.
   */
  open({ principal, bearer, cost, ticket, protocol }: ListAdmission): Response {
    const now = Date.now()
    const refused = this.#account.refusal(bearer, cost, now)
    if (refused) throw new Refusal(refused.refused)
    if (ticket) this.#account.store().tickets.spend(ticket, now)
    const { sessionId: id, version } = bearer
    const { client, socket } = this.#sockets.accept(openedSession(principal, { id, version }, now))
    this.#run((turn) => this.#lists.opened(turn, socket))
    socket.expect(this, 'connect-late', this.#config.connectMs)
    return upgraded(client, { protocol })
  }

  /** A message has come. */
  message(ws: WebSocket, data: string | ArrayBuffer): Promise<void> | undefined {
    const socket = this.#sockets.of(ws)
    const taken = takeMessage(socket, data, Date.now(), this.#config)
    if (taken === 'wait') return undefined
    if (taken !== 'read') {
      socket.refuse(this, taken.refused)
      return undefined
    }
    return socket.inOrder(() => this.#read(socket))
  }

  async #read(socket: Socket): Promise<void> {
    if (socket.broken) socket.inbox.length = 0
    // The turn itself asks whether the sign-in holds (A5).
    const verify = (frame: Parameters<typeof verifyFrame>[0]) =>
      verifyFrame(frame, socket, this.#verifier, async () => undefined)
    await socket.read(this, verify)
  }

  /** The peer has gone. What came before is done first; then its close is answered. */
  async closed(ws: WebSocket, code?: number): Promise<void> {
    const socket = this.#sockets.of(ws)
    await socket.inOrder(async () => {
      socket.dropDeadline()
      this.#lists.leave(socket)
    })
    if (code !== undefined) socket.answerClose(code)
  }

  /** Answers what has come on a connection. */
  add(arrival: Arrival): Promise<Reading> {
    return this.#batcher.add(arrival)
  }

  /** Ends a connection with a code. */
  end(socket: Socket, code: RefusalCode): void {
    this.#run((turn) => this.#lists.end(turn, socket, code))
  }

  /** Does something later. Until then the object cannot hibernate. Returns what calls it off. */
  later(ms: number, work: () => void): () => void {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  }

  /** A5: a sign-in ends, now or at `due`. */
  revoke(revocation: Revocation, due: number): void {
    if (this.#hasSockets) this.#run((turn) => this.#lists.revoke(turn, revocation, due))
  }

  /** `AccountCalls.roomNews`. P1: nothing is told of a room that the person does not list. */
  roomNews(room: RoomGlance): 'online' | 'offline' {
    const known = this.#account.stored?.memberRooms.get(room.id)
    if (!this.#isOpen || !known || known.hidden) return 'offline'
    this.#tell({ room: { ...room, choices: known.choices } })
    return 'online'
  }

  /** The person is a member of a room, or it is another for them. Never throws. */
  async kept(known: MemberRoom): Promise<void> {
    if (!this.#isOpen) return
    if (known.hidden) {
      this.gone(known.id, 'hidden')
      return
    }
    const news = await this.#glances.ask(known)
    // They may have left meanwhile.
    const isListed = this.#account.stored?.memberRooms.get(known.id) !== undefined
    if (news && (isListed || 'gone' in news)) this.#tell(news)
  }

  /** The person does not list a room any more. */
  gone(roomId: string, why: GoneBecause): void {
    if (this.#isOpen) this.#tell({ gone: roomId, why })
  }

  /** The person has chosen something for a room. */
  chosen({ id: chosenFor, choices = {} }: MemberRoom): void {
    if (this.#isOpen) this.#tell({ chosenFor, choices })
  }

  #tell(news: RoomNews): void {
    this.#news?.push(news)
    this.#run((turn) => this.#lists.tell(turn, news))
  }

  get #hasSockets(): boolean {
    return this.#sockets.all().length > 0
  }

  get #isOpen(): boolean {
    return this.#hasSockets && this.#run((turn) => this.#lists.isOpen(turn))
  }

  /** H1: what waits for a snapshot is in the sessions, so an eviction loses none. */
  #run<Result>(work: (turn: ListTurn) => Result): Result {
    const now = Date.now()
    const [result, isWaiting] = this.#lists.turn(now, (turn) => {
      const done = work(turn)
      return [done, this.#lists.isWaiting(turn)] as const
    })
    if (isWaiting && !this.#news) void this.#giveSnapshots()
    return result
  }

  /** Undefined where the storage fails. */
  async #gather(): Promise<Gathered | undefined> {
    try {
      return await this.#glances.gather()
    } catch (error) {
      console.error(error)
      return undefined
    }
  }

  /** Asks the rooms once for all lists that wait. News that comes meanwhile is in the snapshots. */
  async #giveSnapshots(): Promise<void> {
    const news: RoomNews[] = []
    this.#news = news
    const gathered = await this.#gather()
    this.#news = undefined
    if (!gathered) {
      this.#run((turn) => this.#lists.failSnapshots(turn))
      return
    }
    this.#run((turn) => this.#lists.tellSnapshots(turn, withNews(gathered, news)))
    // Other lists may still show these.
    for (const each of gathered.gone) this.#run((turn) => this.#lists.tell(turn, each))
  }
}
