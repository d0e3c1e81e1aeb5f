// What somebody in a storm does to the log: chosen by chance, each under an idempotency-key of its
// own, and done again and again until the room has told what came of it.

import type { Person } from './people.ts'
import type { Random } from './random.ts'
import { type Frame, frameText, type StompSocket } from './stomp-socket.ts'

/** One event of the log to be. `target` is the seq of the message that it is about. */
export type Deed =
  | { readonly to: 'send'; readonly key: string; readonly content: string }
  | { readonly to: 'edit'; readonly key: string; readonly target: number; readonly content: string }
  | { readonly to: 'delete'; readonly key: string; readonly target: number }
  | {
      readonly to: 'react'
      readonly key: string
      readonly target: number
      readonly reaction: string
      readonly on: boolean
    }

/** What is done together: one deed, or a transaction of several. */
export interface Doing {
  readonly id: string
  readonly deeds: readonly Deed[]
}

/** What the room has told of a doing: the seq of its last event, or the code of a refusal. */
export type Told = { readonly seq: number } | { readonly refused: string }

/** Doings that wait for what is told of them, at a time. */
const WINDOW = 8

const REACTIONS = ['👍', '❤️', '__proto__']

/** Everything that one person ever did, and what was told about it, over all connections. */
export class Doer {
  readonly person: Person
  readonly doings: Doing[] = []
  readonly told = new Map<string, Told>()
  /** L4, L5: where something else was told than before. */
  readonly contradictions: string[] = []
  readonly #random: Random
  /** Own messages that were told of and not yet taken back. */
  readonly #messages: number[] = []
  /** Messages of anybody. */
  readonly #shared: number[]
  readonly #reacted = new Set<string>()

  /** @param shared the messages that were told to any of those who share it. */
  constructor(person: Person, random: Random, shared: number[]) {
    this.person = person
    this.#random = random
    this.#shared = shared
  }

  /**
   * Does what was not told of, in the same order, then new things without end, until the socket
   * closes.
   *
   * @param onTold called after each that was told.
   */
  async storm(socket: StompSocket, onTold: () => void): Promise<void> {
    const waiting = this.doings.filter(({ id }) => !this.told.has(id))
    // Now and then one that was told of comes again, as after a RECEIPT that was lost.
    if (this.doings.length > 0) waiting.push(this.#random.pick(this.doings))
    const next = async () => {
      for (;;) {
        await this.#do(socket, waiting.shift() ?? this.#invented())
        onTold()
      }
    }
    const lines = Array.from({ length: WINDOW }, () => next())
    // The lines end only with the socket.
    await Promise.allSettled(lines)
  }

  async #do(socket: StompSocket, doing: Doing): Promise<void> {
    socket.raw(frames(doing))
    const answer = await socket.frames.find(
      ({ headers }) => headers['receipt-id'] === doing.id && headers.transaction === undefined,
    )
    const told = outcome(answer)
    const before = this.told.get(doing.id)
    const [first, then] = [before, told].map((each) => JSON.stringify(each))
    if (before && first !== then) this.contradictions.push(`${doing.id}: ${first}, then ${then}`)
    this.told.set(doing.id, told)
    if (!before && doing.deeds[0]?.to === 'send' && 'seq' in told) {
      const seq = told.seq - doing.deeds.length + 1
      this.#messages.push(seq)
      this.#shared.push(seq)
    }
  }

  /** Something new: a message most of the time. */
  #invented(): Doing {
    const id = `${this.person.name}-${this.doings.length}`
    const chance = this.#random.below(20)
    const target = this.#random.pick(this.#messages)
    let deeds: Deed[] = [this.#message(id)]
    if (target !== undefined) {
      if (chance < 2) deeds = [{ to: 'edit', key: id, target, content: `edit ${id}` }]
      if (chance === 2) deeds = [this.#deletion(id, target)]
      if (chance === 3) {
        const edit = { to: 'edit', key: `${id}b`, target, content: `edit ${id}b` } as const
        deeds = [this.#message(`${id}a`), edit, this.#message(`${id}c`)]
      }
      if (chance === 4 || chance === 5) deeds = [this.#reaction(id) ?? this.#message(id)]
    }
    const doing = { id, deeds }
    this.doings.push(doing)
    return doing
  }

  #message(key: string): Deed {
    return { to: 'send', key, content: `내용 of ${key} ${'x'.repeat(this.#random.below(200))}` }
  }

  #deletion(key: string, target: number): Deed {
    this.#messages.splice(this.#messages.indexOf(target), 1)
    return { to: 'delete', key, target }
  }

  /** Each reaction of a person to a message is given once, and perhaps taken back once. */
  #reaction(key: string): Deed | undefined {
    const target = this.#random.pick(this.#shared)
    const reaction = this.#random.pick(REACTIONS)
    const [given, taken] = [`${target} ${reaction}`, `${target} ${reaction} back`]
    const on = !this.#reacted.has(given)
    if (!on && this.#reacted.has(taken)) return undefined
    this.#reacted.add(on ? given : taken)
    return { to: 'react', key, target, reaction, on }
  }
}

function frames({ id, deeds }: Doing): string {
  const [only] = deeds
  if (only && deeds.length === 1) return frameOf(only, { receipt: id })
  const transaction = { transaction: id }
  const parts = deeds.map((deed) => frameOf(deed, transaction))
  const ends = { ...transaction, receipt: id }
  return [frameText('BEGIN', transaction), ...parts, frameText('COMMIT', ends)].join('')
}

function frameOf({ to, key, ...body }: Deed, headers: Record<string, string>): string {
  const destination = `/pub/${to}/message`
  const own = { destination, 'idempotency-key': key, 'content-type': 'application/json' }
  const json = JSON.stringify('target' in body ? { ...body, seq: body.target } : body)
  return frameText('SEND', { ...own, ...headers }, json)
}

function outcome({ command, headers }: Frame): Told {
  return command === 'RECEIPT' ? { seq: Number(headers.seq) } : { refused: headers.code ?? '' }
}
