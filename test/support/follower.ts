// Somebody who hears the log over many connections, each from where the one before it ended; and
// the whole log in pages, to compare it with.

import { ask, type Person } from './people.ts'
import type { StompSocket } from './stomp-socket.ts'
import type { ToldEvent } from './whole-log.ts'

export class Follower {
  readonly person: Person
  readonly #room: string
  readonly #heard: { readonly prev: number; readonly event: ToldEvent }[] = []

  constructor(person: Person, room: string) {
    this.person = person
    this.#room = room
  }

  /** Listens until the connection ends. */
  async listen(socket: StompSocket): Promise<void> {
    const after = this.#heard.at(-1)?.event.seq ?? 0
    const destination = `/topic/chat/room/${this.#room}`
    socket.say('SUBSCRIBE', { id: 'log', destination, after })
    await socket.closed
    for (const { command, headers, body } of socket.frames.items) {
      if (command !== 'MESSAGE') continue
      this.#heard.push({ prev: Number(headers.prev), event: JSON.parse(body) })
    }
  }

  /** L6: every event once; L3: nothing was shown that is not there. */
  faults(events: readonly ToldEvent[]): string[] {
    return this.#heard.flatMap(({ prev, event }, index) => {
      const kept = events[event.seq - 1]
      const same = kept?.idempotencyKey === event.idempotencyKey && kept?.type === event.type
      const next = event.seq === index + 1 && prev === index
      return same && next ? [] : [`${event.seq} (after ${prev}) was shown, and is lost or doubled`]
    })
  }
}

/** The whole log, in pages of 1000: PAGE_MAX must allow it. */
export async function eventsOf(
  url: string,
  { accessToken: token }: Person,
  room: string,
): Promise<ToldEvent[]> {
  const events: ToldEvent[] = []
  for (let after: number | null = 0; after !== null; ) {
    const path = `/api/rooms/${room}/events?after=${after}&limit=1000`
    const { status, body } = await ask(url, 'GET', path, { token })
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    events.push(...body.events)
    if (body.next === null && body.head !== events.length) {
      throw new Error(`the head is ${body.head}, and there are ${events.length}`)
    }
    after = body.next
  }
  return events
}
