// Power cuts: the server is killed in the middle of a burst and started again on the same storage.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChatEvent } from '../support/chatter.ts'
import { type MortalServer, startMortalServer } from '../support/mortal-server.ts'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { connect, credentials, open, StompSocket, upgrade } from '../support/stomp-socket.ts'

/** When each round is cut off: after so many receipts. */
const ROUNDS = [1, 60, 200]
/** Sends of a client that wait for their receipts at a time. */
const WINDOW = 20

const VARS = { SEND_PER_SECOND: 100_000, SEND_BURST: 1_000_000 }

let storage: string
let server: MortalServer

beforeAll(async () => {
  storage = mkdtempSync(join(tmpdir(), 'stompbox-'))
  server = await startMortalServer(storage, VARS)
})

afterAll(async () => {
  await server.kill()
  rmSync(storage, { recursive: true, force: true })
})

/** Everything that one person ever sent, and what was told about it, over all rounds. */
class Sender {
  readonly person: Person
  readonly sent: string[] = []
  /** key -> seq, as the RECEIPT told. */
  readonly told = new Map<string, number>()

  constructor(person: Person) {
    this.person = person
  }

  /** Sends without end, a window ahead of the receipts, until the socket closes. */
  burst(socket: StompSocket, onReceipt: () => void): void {
    const next = () => {
      const key = `key-${this.sent.length}`
      this.sent.push(key)
      this.#send(socket, key).then(
        () => {
          next()
          onReceipt()
        },
        () => undefined,
      )
    }
    for (let ahead = 0; ahead < WINDOW; ahead++) next()
  }

  /** Sends all of it again. */
  async repeat(socket: StompSocket): Promise<void> {
    await Promise.all(this.sent.map((key) => this.#send(socket, key)))
  }

  async #send(socket: StompSocket, key: string): Promise<void> {
    const headers = { destination: '/pub/send/message', 'idempotency-key': key }
    const receipt = await socket.ask('SEND', headers, contentOf(key))
    const seq = Number(receipt.headers.seq)
    // L4: what was told once stays true.
    expect(this.told.get(key) ?? seq).toBe(seq)
    this.told.set(key, seq)
  }
}

const contentOf = (key: string) => `내용 of ${key}`

test(`[L1][L3][L4][L5][A3] ${ROUNDS.length} power cuts lose nothing that was told, and double nothing`, async () => {
  const senders = [
    new Sender(await guest(server.url, 'Ada')),
    new Sender(await guest(server.url, 'Bo')),
  ]
  const [{ person: ada }] = senders as [Sender]
  const room = await newRoom(server.url, ada)
  const listener = await guest(server.url, 'Listener')

  for (const round of ROUNDS) {
    const sockets = await Promise.all(
      senders.map(({ person }) => connect(server.url, person, room)),
    )
    const spent = await ticketUrl(server.url, listener, room)
    const ears = await open(spent)
    ears.say('CONNECT', credentials(listener))
    await ears.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })

    let receipts = 0
    const cut = new Promise<void>((resolve) => {
      senders.forEach((sender, index) => {
        sender.burst(sockets[index] as StompSocket, () => {
          if (++receipts === round) resolve(server.kill())
        })
      })
    })
    await cut
    // The cut fell into the burst: nobody had left, and nobody had been refused.
    const ends = await Promise.all([...sockets, ears].map((socket) => socket.closed))
    expect(ends.map(({ code }) => code)).toEqual([1006, 1006, 1006])
    const shown = ears.frames.items.filter(({ command }) => command === 'MESSAGE')

    server = await startMortalServer(storage, VARS)
    // The keys were kept: tokens of before are good, and spent tickets are spent.
    const me = await ask(server.url, 'GET', '/api/auth/me', { token: ada.accessToken })
    expect(me).toMatchObject({ status: 200, body: { user: { id: ada.id, name: 'Ada' } } })
    const again = await upgrade(`${server.url.replace('http', 'ws')}/chat${new URL(spent).search}`)
    expect(again).not.toBeInstanceOf(StompSocket)
    expect(again).toMatchObject({ status: 401 })

    const kept = await eventsOf(room, ada)
    whole(kept, senders)
    // L3: what was shown to somebody is there.
    for (const { body } of shown) expect(kept).toContainEqual(JSON.parse(body))

    // L5: sent again under their keys, those that were kept are found and the others take their
    // place.
    for (const sender of senders) {
      const socket = await connect(server.url, sender.person, room)
      await sender.repeat(socket)
      await socket.hangUp()
    }
    const all = await eventsOf(room, ada)
    expect(all.slice(0, kept.length)).toEqual(kept)
    expect(all).toHaveLength(senders.reduce((sum, { sent }) => sum + sent.length, 0))
    whole(all, senders)
  }
}, 180_000)

/** Dense, nothing doubled, and everything that was told is where it was said to be. */
function whole(events: readonly ChatEvent[], senders: readonly Sender[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  const names = events.map(({ sender, idempotencyKey }) => `${sender.id} ${idempotencyKey}`)
  expect(new Set(names).size).toBe(names.length)
  for (const { person, told } of senders) {
    for (const [key, seq] of told) {
      expect(events[seq - 1]).toMatchObject({
        sender: { id: person.id, name: person.name },
        idempotencyKey: key,
        content: contentOf(key),
      })
    }
  }
}

/** The whole log, in pages. */
async function eventsOf(room: string, person: Person): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for (let after: number | null = 0; after !== null; ) {
    const path = `/api/rooms/${room}/events?after=${after}&limit=200`
    const { body } = await ask(server.url, 'GET', path, { token: person.accessToken })
    events.push(...body.events)
    if (body.next === null) expect(body.head).toBe(events.length)
    after = body.next
  }
  return events
}
