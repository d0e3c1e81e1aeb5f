// A person in a room over a socket of their own, without a browser: what a test of the page only
// needs to happen comes from one.

import { ask, guest, type Person } from './people.ts'
import { connect, type StompSocket } from './stomp-socket.ts'

/** The id of a room in its link. */
export const roomOf = (link: string): string => new URL(link).hash.slice('#room='.length)

export class Peer {
  readonly person: Person
  /** Where a browser finds the room. */
  readonly link: string
  readonly roomId: string
  readonly socket: StompSocket
  readonly #url: string

  private constructor(person: Person, link: string, socket: StompSocket) {
    this.person = person
    this.link = link
    this.roomId = roomOf(link)
    this.socket = socket
    this.#url = new URL(link).origin
  }

  /** Somebody comes into the room of a link: a new guest, or a person who is signed in already. */
  static async join(link: string, who: string | Person): Promise<Peer> {
    const { origin } = new URL(link)
    const person = typeof who === 'string' ? await guest(origin, who) : who
    const socket = await connect(origin, person, roomOf(link))
    const id = 'log'
    await socket.ask('SUBSCRIBE', { id, destination: `/topic/chat/room/${roomOf(link)}` })
    return new Peer(person, link, socket)
  }

  /** Says each line, one after the other is in the log. */
  async say(...lines: string[]): Promise<void> {
    for (const line of lines) {
      await this.socket.ask('SEND', { destination: '/pub/send/message' }, line)
    }
  }

  /** Says many lines at once, and waits until the last is in the log. */
  async pour(...lines: string[]): Promise<void> {
    const last = lines.pop() ?? ''
    for (const line of lines) this.socket.say('SEND', { destination: '/pub/send/message' }, line)
    await this.say(last)
  }

  /** Waits for a message or a change that holds a text. */
  async sees(text: string): Promise<void> {
    await this.socket.frames.find(
      ({ command, body }) =>
        command === 'MESSAGE' && body.includes(JSON.stringify(text).slice(1, -1)),
    )
  }

  /** What the log has been said from its beginning, up to a hundred messages. */
  async log(): Promise<string[]> {
    const { events } = await this.api('GET', '/events?after=0&limit=100')
    return events.flatMap((event: { content?: string }) => event.content ?? [])
  }

  /** Changes a message, its own or another's. */
  async change(what: 'edit' | 'delete' | 'react', body: object): Promise<void> {
    await this.socket.ask('SEND', { destination: `/pub/${what}/message` }, JSON.stringify(body))
  }

  /** Says that the person types, or no more. */
  async types(typing = true): Promise<void> {
    await this.socket.ask('SEND', { destination: '/pub/typing' }, JSON.stringify({ typing }))
  }

  /** Asks something of the room over HTTP, which must be granted. The path begins with a slash. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const { accessToken: token } = this.person
    const asked = `/api/rooms/${this.roomId}${path}`
    const answer = await ask(this.#url, method, asked, { token, body })
    if (answer.status >= 400) throw new Error(`${method} ${asked}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** Gives somebody in the room a role, and changes what else a member has. */
  async setRole({ id }: Pick<Person, 'id'>, role: string, more: object = {}): Promise<void> {
    await this.api('PATCH', `/members/${id}`, { role, ...more })
  }

  async leave(): Promise<void> {
    await this.socket.hangUp()
  }
}
