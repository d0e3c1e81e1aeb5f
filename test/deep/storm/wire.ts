// What may be seen at the edge of the server, whatever becomes of it later: a client that mends
// holes would hide a room that makes them, so the room is held to its promises here (L2, L3, L4,
// L6).

import type { Direction, Watch } from '../../support/fault-link.ts'
import type { Frame } from '../../support/stomp-socket.ts'
import { type LogEvent, said } from './evidence.ts'

export interface Watched {
  readonly name: string
  readonly personId: string
  readonly lossless: boolean
}

/** What the room told on all connections of a schedule. */
export class WireRecord {
  readonly breaches: string[] = []
  /** Who and what each seq is, as it was told first. */
  readonly shown = new Map<number, string>()
  /** The seq that a RECEIPT told, by what was said. */
  readonly receipts = new Map<string, number>()
  /** Codes of ERRORs, and how often each came. */
  readonly errors = new Map<string, number>()
  connections = 0
  lost = 0
  /** SUBSCRIBEs to the log after the first one of a connection on which nothing was lost. */
  again = 0

  /** Watches a connection. On a lossless one nobody has a reason to subscribe to the log twice. */
  watch(connection: Watched): Watch {
    this.connections++
    return new Wire(this, connection)
  }

  breach(law: string, text: string): void {
    this.breaches.push(`[${law}] on the wire: ${text}`)
  }
}

/** Who said what, by whatever way it is told: its content may change. */
export const identity = ({ type, sender, idempotencyKey, at, target = 0 }: LogEvent) =>
  `${type} ${said(sender.id, idempotencyKey)} at ${at} ${target}`

class Wire implements Watch {
  readonly #record: WireRecord
  readonly #connection: Watched
  /**
   * The last seq that each subscription was given; undefined until the first one where it began at
   * the head.
   */
  readonly #subscriptions = new Map<string, number | undefined>()
  /** What was said, by the receipt of its SEND. */
  readonly #sends = new Map<string, string>()
  #losses = 0

  constructor(record: WireRecord, connection: Watched) {
    this.#record = record
    this.#connection = connection
  }

  readonly said = ({ command, headers }: Frame): void => {
    const { id = '', destination = '', after, receipt = '' } = headers
    const key = headers['idempotency-key']
    if (command === 'SEND' && key !== undefined) {
      this.#sends.set(receipt, said(this.#connection.personId, key))
    }
    if (command !== 'SUBSCRIBE' || !destination.startsWith('/topic/chat/')) return
    if (this.#subscriptions.size > 0 && this.#losses === 0) this.#subscribedAgain(after)
    this.#subscriptions.set(id, after === undefined ? undefined : Number(after))
  }

  readonly told = (frame: Frame): void => {
    const { command, headers } = frame
    if (command === 'MESSAGE' && headers.seq !== undefined) this.#message(frame)
    else if (command === 'RECEIPT' && headers.seq !== undefined) this.#receipt(headers)
    else if (command === 'ERROR') this.#error(headers.code ?? 'without a code')
  }

  readonly lost = (_: Direction): void => {
    this.#losses++
    this.#record.lost++
  }

  #subscribedAgain(after: string | undefined): void {
    this.#record.again++
    if (this.#connection.lossless)
      this.#breach('L6', `subscribed again after ${after}, and nothing was lost`)
  }

  #message({ headers, body }: Frame): void {
    const { subscription = '', seq = '', prev = '' } = headers
    const last = this.#subscriptions.get(subscription)
    const [at, before] = [Number(seq), Number(prev)]
    if (!this.#subscriptions.has(subscription)) this.#breach('L6', `seq ${seq} on no subscription`)
    else if (before !== (last ?? before) || at !== before + 1) {
      this.#breach('L6', `seq ${seq} with prev ${prev} came after ${last} on ${subscription}`)
    }
    this.#subscriptions.set(subscription, at)
    const event: LogEvent = JSON.parse(body)
    const first = this.#record.shown.get(event.seq) ?? identity(event)
    this.#record.shown.set(event.seq, first)
    if (event.seq !== at)
      this.#breach('L2', `seq ${seq} in the headers is ${event.seq} in the body`)
    if (first !== identity(event)) {
      this.#breach('L3', `seq ${seq} was ${first}, and is ${identity(event)}`)
    }
  }

  #receipt(headers: Frame['headers']): void {
    const what = this.#sends.get(headers['receipt-id'] ?? '')
    if (what === undefined) {
      this.#breach('L4', 'a RECEIPT of nothing that was sent')
      return
    }
    const seq = Number(headers.seq)
    const before = this.#record.receipts.get(what) ?? seq
    this.#record.receipts.set(what, before)
    if (before !== seq) this.#breach('L4', `${what} had seq ${before}, and now ${seq}`)
  }

  #error(code: string): void {
    const { errors } = this.#record
    errors.set(code, (errors.get(code) ?? 0) + 1)
    if (code === 'internal') this.#breach('R1', 'an internal error')
  }

  #breach(law: string, text: string): void {
    this.#record.breach(law, `${this.#connection.name}: ${text}`)
  }
}
