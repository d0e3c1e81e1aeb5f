// When the turns of a room run. What comes in one batch is done together: one turn, one commit,
// and one message to each connection. What a turn leaves to be done follows in turns of its own.

import { Refusal, type RefusalCode } from '../../refusals.ts'
import { lateAt } from '../../room/connections/unfinished-frame.ts'
import { PRESENCE_BATCH_PERIOD } from '../../room/limits/limits.ts'
import type { Arrival, Reading } from '../../room/ports.ts'
import type { Room } from '../../room/room.ts'
import { frameQuestion } from '../../room/stomp-commands/hooked-frame.ts'
import type { Turn } from '../../room/turn.ts'
import type { Frame } from '../../stomp/frame.ts'
import { Batcher } from './batcher.ts'
import { type TokenNeeds, verifyFrame } from './credentials.ts'
import { hookVerdict } from './hook.ts'
import type { Socket } from './sockets/socket.ts'
import type { Meter } from './usage/meter.ts'

/** Milliseconds until a slow reader is looked at again. */
const STALLED_PAUSE = 100

/** Runs the turns of one room, and those that follow from them. */
export class Turns {
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
  /** Whose membership has changed since `takeMembers`. */
  readonly #members = new Set<string>()

  constructor(roomId: string, room: Room, meter: Pick<Meter, 'later'>) {
    this.#roomId = roomId
    this.#room = room
    this.#meter = meter
  }

  /**
   * Answers every frame that the messages of a socket's inbox complete, in turns that it shares
   * with the other connections. A frame waits for its token and its hook, and the rest waits for
   * the frame.
   */
  async read(socket: Socket, needs: TokenNeeds): Promise<void> {
    const before = socket.decoder.frames
    let left = await this.#batcher.add({ connection: socket })
    while (left) {
      // R4: if there is more to read, the other connections come first.
      const verified = left === 'more' ? undefined : await this.#prepare(left, socket, needs)
      left = await this.#batcher.add({ connection: socket, ...(verified && { verified }) })
    }
    this.#expectRest(socket, socket.decoder.frames > before)
  }

  /** What a frame waits for: its token is verified, and the hook is asked about it. */
  async #prepare(frame: Frame, socket: Socket, needs: TokenNeeds): Promise<Arrival['verified']> {
    const verified = await verifyFrame(frame, socket, this.#roomId, needs)
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
    for (const { member } of membership) this.#members.add(member.id)
    if (backlog) this.#catchUpSoon(backlog === 'stalled' ? STALLED_PAUSE : 0)
    if (hasPresenceToTell) this.#tellPresenceSoon()
    if ('error' in result) throw result.error
    return result.value
  }

  /** Goes on with what is left to be deleted, also where nobody but readers of pages asks. */
  goOn(): void {
    this.#catchUpSoon(0)
  }

  /**
   * Sets the deadline of a connection. When it has passed, the connection is ended with the code.
   */
  expect(socket: Socket, code: RefusalCode, ms: number): void {
    const missed = () => {
      if (!this.#closed) this.#end(socket, code)
    }
    socket.setDeadline(code, () => this.#meter.later(ms, missed))
  }

  /** Ends a connection, and reads nothing more of it. */
  refuse(socket: Socket, code: RefusalCode): void {
    socket.stopReading()
    this.#end(socket, code)
  }

  /** Whether something came in since this was asked last. */
  takeActivity(): boolean {
    const hasActivity = this.#hasActivity
    this.#hasActivity = false
    return hasActivity
  }

  /** The people whose membership has changed since this was asked last. */
  takeMembers(): readonly string[] {
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

  #end(socket: Socket, code: RefusalCode): void {
    this.run((turn, room) => room.fail(turn, socket, new Refusal(code)))
  }

  /** Sets a deadline for the rest of an unfinished frame. */
  #expectRest(socket: Socket, hasFinished: boolean): void {
    const { session, frameMs } = socket
    if (session.phase !== 'connected') return
    if (!session.partial || hasFinished) socket.dropDeadline()
    if (!session.partial) return
    this.expect(socket, 'frame-late', Math.max(0, lateAt(session, frameMs) - Date.now()))
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
