// Members who do nothing but talk, and how long each of their messages takes meanwhile: until its
// RECEIPT and the message itself are there.

import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Person } from '../../support/people.ts'
import { credentials, frameText } from '../../support/stomp-socket.ts'
import { type Spread, spread } from '../load/spread.ts'

/** Milliseconds from one message to the next: within SEND_PER_SECOND. */
const EVERY = 120
/**
 * Milliseconds after which an answer is not waited for any more: it counts as if it had taken so
 * long.
 */
const TIMEOUT = 15_000

export class Victims {
  readonly #those: readonly Victim[]

  private constructor(those: readonly Victim[]) {
    this.#those = those
  }

  static async enter(url: string, people: readonly Person[], roomId: string): Promise<Victims> {
    return new Victims(await Promise.all(people.map((person) => Victim.enter(url, person, roomId))))
  }

  /** Lets them talk until something is over. */
  async during(over: Promise<unknown>): Promise<Spread> {
    let goes = true
    const done = over.finally(() => {
      goes = false
    })
    const times = this.#those.map(async (victim, index) => {
      await pause((EVERY * index) / this.#those.length)
      return victim.talk(() => goes)
    })
    const all = await Promise.all(times)
    await done
    return spread(all.flat())
  }

  close(): void {
    for (const victim of this.#those) victim.close()
  }
}

class Victim {
  readonly #socket: WebSocket
  readonly #log: string
  #messages = 0
  #awaited: string[] = []
  #answered = () => {}
  #lost: string | undefined

  private constructor(socket: WebSocket, roomId: string) {
    this.#socket = socket
    this.#log = `/topic/chat/room/${roomId}`
    socket.on('message', (data) => this.#hear(String(data)))
    socket.on('error', () => {})
    socket.on('close', (code, reason) => {
      this.#lost = `${code} ${reason}`
      this.#answered()
    })
  }

  static async enter(url: string, person: Person, roomId: string): Promise<Victim> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/chat?room=${roomId}`, 'v12.stomp', {
      headers: { Authorization: `Bearer ${person.accessToken}` },
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    const victim = new Victim(socket, roomId)
    socket.once('open', resolve).once('error', reject)
    await promise
    await victim.#ask('CONNECT', credentials(person), ['CONNECTED'])
    const receipt = { id: 'log', destination: victim.#log, receipt: 'log' }
    await victim.#ask('SUBSCRIBE', receipt, ['receipt-id:log'])
    if (victim.#awaited.length > 0) throw new Error(`a victim did not get in: ${victim.#awaited}`)
    return victim
  }

  /**
   * Milliseconds of each message. Those that would have been said while one was waited for count as
   * well, from when they would have been said: otherwise a long silence would be one message among
   * many.
   */
  async talk(goes: () => boolean): Promise<number[]> {
    const times: number[] = []
    let due = performance.now()
    while (goes() && this.#awaited.length === 0) {
      await this.#say()
      const now = performance.now()
      for (; due < now; due += EVERY) times.push(now - due)
      await pause(due - now)
    }
    return times
  }

  close(): void {
    this.#socket.terminate()
  }

  #say(): Promise<void> {
    const mark = `victim-${process.pid}-${++this.#messages}.`
    const receipt = {
      destination: '/pub/send/message',
      'content-type': 'text/plain',
      receipt: mark,
    }
    return this.#ask('SEND', receipt, [`receipt-id:${mark}`, `"content":"${mark}`], mark)
  }

  async #ask(
    command: string,
    headers: Readonly<Record<string, string>>,
    answers: string[],
    body = '',
  ): Promise<void> {
    if (this.#lost !== undefined) throw new Error(`a victim was thrown out: ${this.#lost}`)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#awaited = answers
    this.#answered = resolve
    this.#socket.send(frameText(command, headers, body))
    await Promise.race([promise, pause(TIMEOUT, undefined, { ref: false })])
    if (this.#lost !== undefined) throw new Error(`a victim was thrown out: ${this.#lost}`)
  }

  #hear(text: string): void {
    this.#awaited = this.#awaited.filter((each) => !text.includes(each))
    if (this.#awaited.length === 0) this.#answered()
  }
}
