// When the turns of a room run. What comes in one batch is done together: one turn, one commit,
// and one message to each connection. What a turn leaves to be done follows in turns of its own.

import { Refusal, type RefusalCode } from '../../refusals.ts'
import { PRESENCE_BATCH_PERIOD } from '../../room/limits/limits.ts'
import type { MembershipChange } from '../../room/membership/membership-change.ts'
import type { Arrival, Reading } from '../../room/ports.ts'
import type { Room } from '../../room/room.ts'
import { frameQuestion } from '../../room/stomp-commands/hooked-frame.ts'
import type { Turn } from '../../room/turn.ts'
import type { Frame } from '../../stomp/frame.ts'
import { Batcher } from '../shared/batcher.ts'
import { verifyFrame } from '../shared/sockets/credentials.ts'
import type { Socket, SocketTurns } from '../shared/sockets/socket.ts'
import type { TokenNeeds } from './accounts.ts'
import { hookVerdict } from './hook.ts'
import type { Meter } from './usage/meter.ts'

/** Milliseconds until a slow reader is looked at again. */
const STALLED_PAUSE = 100

/** Runs the turns of one room, and those that follow from them. */
export class Turns implements SocketTurns {
  readonly #roomId: string
  readonly #room: Room
  readonly #meter: Pick<Meter, 'later'>
  readonly #batcher = new Batcher<Arrival, Reading>(
    (arrivals) => this.run((turn, room) => room.receive(turn, arrivals)),
    (work) => this.#meter.later(0, work),
  )
  /** Whether something came in since `takeActivity`. The room's own turns do not count. */
  #hasActivity = false
  #catchingUp: { readonly pause: number; readonly callOff: () => void } | undefined
  /** Calls off the turn that tells who came and went. */
  #telling: (() => void) | undefined
  #closed = false
  /** Whose membership has changed since `takeMembers`, and how last. */
  readonly #members = new Map<string, MembershipChange['type']>()

  constructor(roomId: string, room: Room, meter: Pick<Meter, 'later'>) {
    this.#roomId = roomId
    this.#room = room
    this.#meter = meter
  }

  /** Answers what the inbox of a socket holds. A frame waits for its token and its hook. */
  read(socket: Socket, needs: TokenNeeds): Promise<void> {
    return socket.read(this, (frame) => this.#prepare(frame, socket, needs))
  }

  /** Answers what has come on a connection, in a turn that it shares with the others. */
  add(arrival: Arrival): Promise<Reading> {
    return this.#batcher.add(arrival)
  }

  /** What a frame waits for: its token is verified, and the hook is asked about it. */
  async #prepare(frame: Frame, socket: Socket, { verifier, accounts }: TokenNeeds) {
    const verified = await verifyFrame(frame, socket, verifier, (session, claims) =>
      accounts.noted(session, claims, this.#roomId),
    )
    const incoming = { connection: socket, ...verified }
    const hook = await hookVerdict(this.#room, this, (turn) => frameQuestion(turn, incoming))
    return { ...verified, hook }
  }

  /** Runs a turn now. Subscriptions that it leaves behind go on in turns of their own. */
  run<Result>(work: (turn: Turn, room: Room) => Result): Result {
    this.#hasActivity = true
    return this.#run(work)
  }

  #run<Result>(work: (turn: Turn, room: Room) => Result): Result {
    const room = this.#room
    const end = room.turn(Date.now(), (turn) => work(turn, room))
    const { result, backlog, hasPresenceToTell, membership } = end
    for (const { type, member } of membership) this.#members.set(member.id, type)
    if (backlog) this.#catchUpSoon(backlog === 'stalled' ? STALLED_PAUSE : 0)
    if (hasPresenceToTell) this.#tellPresenceSoon()
    if ('error' in result) throw result.error
    return result.value
  }

  /** Goes on with what is left to be deleted, also where nobody but readers of pages asks. */
  goOn(): void {
    this.#catchUpSoon(0)
  }

  /** Ends a connection with a code. */
  end(socket: Socket, code: RefusalCode): void {
    if (this.#closed) return
    this.run((turn, room) => room.fail(turn, socket, new Refusal(code)))
  }

  /** Does something later. Returns what calls it off. */
  later(ms: number, work: () => void): () => void {
    return this.#meter.later(ms, work)
  }

  /** Whether something came in since this was asked last. */
  takeActivity(): boolean {
    const hasActivity = this.#hasActivity
    this.#hasActivity = false
    return hasActivity
  }

  /** The people whose membership has changed since this was asked last, and how last. */
  takeMembers(): readonly (readonly [personId: string, how: MembershipChange['type']])[] {
    if (this.#members.size === 0) return []
    const members = [...this.#members]
    this.#members.clear()
    return members
  }

  get closed(): boolean {
    return this.#closed
  }

  /** No turn starts by itself any more. */
  close(): void {
    this.#closed = true
    this.#catchingUp?.callOff()
    this.#telling?.()
  }

  #catchUpSoon(pause: number): void {
    const waiting = this.#catchingUp
    if (this.#closed || (waiting && waiting.pause <= pause)) return
    waiting?.callOff()
    const callOff = this.#meter.later(pause, () => {
      this.#catchingUp = undefined
      this.#run((turn, room) => room.catchUp(turn))
    })
    this.#catchingUp = { pause, callOff }
  }

  /** H2: a timer runs only while there is something to be told. */
  #tellPresenceSoon(): void {
    if (this.#closed || this.#telling) return
    this.#telling = this.#meter.later(PRESENCE_BATCH_PERIOD, () => {
      this.#telling = undefined
      this.#run((turn, room) => room.tellPresence(turn))
    })
  }
}
