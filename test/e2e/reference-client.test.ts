// The reference client in Node before the real Worker: over cuts, evictions, refusals and ended
// tokens, everything is in the log once and told once, in order.

import { Client } from '@stomp/stompjs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import { createMemoryOutbox } from '../../src/client/outbox/memory-outbox.ts'
import { createRoomClient } from '../../src/client/room-client.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { SOON, type Visitor, visit } from '../support/reference-client.ts'
import { type Server, startServer } from '../support/server.ts'

let server: Server
let ada: Person
let bo: Person

beforeAll(async () => {
  server = await startServer({ QUEUE_CONSUMERS: 'writer' })
})

afterAll(() => server.close())

/** A room with both in it. */
async function meet(): Promise<{ roomId: string; a: Visitor; b: Visitor }> {
  ada = await guest(server.url, 'Ada')
  bo = await guest(server.url, 'Bo')
  const roomId = await newRoom(server.url, ada)
  const [a, b] = [visit(server.url, ada, roomId), visit(server.url, bo, roomId)]
  await Promise.all([a.connected(), b.connected()])
  return { roomId, a, b }
}

const numbered = (count: number, who = '') =>
  Array.from({ length: count }, (_, at) => `${who}${at}`)

/** Every event once and in order. */
const dense = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const seqs = ({ events }: Visitor) => events.items.map(({ seq }) => seq)

describe('in a room', () => {
  it('says, edits, reacts and takes back', async () => {
    const { a, b } = await meet()
    const { seq = 0 } = await a.sent(a.client.send('한 마디'))
    await a.sent(a.client.edit(seq, 'one word'))
    b.client.react(seq, '👍')
    b.client.react(seq, '👍', false)
    await b.sent(b.client.send('an answer', { replyTo: seq }))
    a.client.remove(seq)
    await Promise.all([a.events.count(6), b.events.count(6)])
    expect(b.events.items).toMatchObject([
      { seq, type: 'message', content: '한 마디', sender: { id: ada.id, name: 'Ada' } },
      { type: 'edit', target: seq, content: 'one word' },
      { type: 'reaction', target: seq, reaction: '👍', on: true, sender: { id: bo.id } },
      { type: 'reaction', target: seq, reaction: '👍', on: false },
      { type: 'message', content: 'an answer', replyTo: seq },
      { type: 'delete', target: seq },
    ])
    expect(a.events.items).toEqual(b.events.items)
    expect(a.problems.concat(b.problems)).toEqual([])
  })

  it('[L2] says a hundred things at once, in their order, faster than is allowed', async () => {
    const { a, b } = await meet()
    for (const content of numbered(100)) a.client.send(content)
    expect(await b.contents(100)).toEqual(numbered(100))
    expect(seqs(b)).toEqual(dense(100))
    expect(a.sockets).toHaveLength(1)
    await expect.poll(() => a.client.outgoing).toEqual([])
  })

  it('is told what is refused, and goes on', async () => {
    const { a } = await meet()
    const long = a.client.send('x'.repeat(9000))
    const elsewhere = a.client.edit(99, 'nothing')
    await a.sent(a.client.send('short'))
    expect(a.client.outgoing.map(({ key, state, code }) => [key, state, code])).toEqual([
      [long, 'failed', 'content-too-large'],
      [elsewhere, 'failed', 'event-unknown'],
    ])
    expect(a.sockets).toHaveLength(1)
  })

  it('[Q1] waits for slow mode, and goes on when it is over', async () => {
    const { roomId, a } = await meet()
    const b = visit(server.url, bo, roomId, { onSignal: () => undefined })
    await b.connected()
    const { accessToken: token } = ada
    const slow = (slowMode: number) =>
      ask(server.url, 'PATCH', `/api/rooms/${roomId}`, { token, body: { settings: { slowMode } } })
    await slow(1)
    const said = numbered(3)
    for (const content of said) b.client.send(content)
    expect(await a.contents(3)).toEqual(said)
    await slow(600)
    b.client.send('late')
    await expect.poll(() => b.client.outgoing).toMatchObject([{ code: 'slow-mode' }])
    await slow(0)
    expect(await a.contents(4)).toEqual([...said, 'late'])
    expect(b.sockets).toHaveLength(1)
    await expect.poll(() => b.client.outgoing).toEqual([])
  })

  it('begins at the head where that is wanted, and misses nothing from there', async () => {
    const { roomId, a } = await meet()
    await a.sent(a.client.send('before'))
    const late = visit(server.url, bo, roomId, {
      after: undefined as never,
      api: createHttpApi(server.url),
    })
    await late.connected()
    late.client.drop()
    await a.sent(a.client.send('after'))
    expect(await late.contents(1)).toEqual(['after'])
  })

  it('speaks in a channel, and reads a queue', async () => {
    const { roomId, a, b } = await meet()
    const [cursors, jobs] = [`/topic/rooms/${roomId}/cursors`, `/queue/rooms/${roomId}/jobs`]
    const heard: string[] = []
    b.client.subscribe(cursors, ({ body, headers }) => void heard.push(`${headers.colour} ${body}`))
    b.client.subscribe(
      jobs,
      (message) => {
        heard.push(message.body)
        message.ack()
      },
      { ack: 'client-individual' },
    )
    await b.sent(b.client.send('listens'))
    await a.events.count(1)
    await a.client.publish(cursors, 'here', { colour: 'red' })
    await a.client.publish(jobs, 'work')
    await expect.poll(() => heard).toEqual(['red here', 'work'])
  })
})

describe('over lost connections', () => {
  it('[L5][L6] cut while both speak: everything once, in one order', async () => {
    const { a, b } = await meet()
    for (const content of numbered(40, 'a')) a.client.send(content)
    for (const content of numbered(40, 'b')) b.client.send(content)
    for (let round = 1; round <= 6; round++) {
      await (round % 2 ? a : b).events.count(round * 10)
      const victim = round % 2 ? a : b
      victim.cut()
    }
    await Promise.all([a.events.count(80), b.events.count(80)])
    expect(seqs(a)).toEqual(dense(80))
    expect(a.events.items).toEqual(b.events.items)
    for (const [name, said] of [
      ['a', numbered(40, 'a')],
      ['b', numbered(40, 'b')],
    ] as const) {
      const mine = a.events.items.filter(({ content }) => content?.startsWith(name))
      expect(mine.map(({ content }) => content)).toEqual(said)
    }
    expect(a.sockets.length + b.sockets.length).toBe(8)
  })

  it.each(['hibernate', 'close'] as const)(
    '[H1] the room is evicted, and sockets %s',
    async (webSockets) => {
      const { roomId, a, b } = await meet()
      for (const content of numbered(30)) a.client.send(content)
      await b.events.count(10)
      await server.harness.getWorker().evictDurableObject('ROOM', { name: roomId, webSockets })
      expect(await b.contents(30)).toEqual(numbered(30))
      expect(seqs(b)).toEqual(dense(30))
    },
  )

  it('[L5] ended and made anew, with the same outbox: each is in the log once', async () => {
    const { roomId, b } = await meet()
    const outbox = createMemoryOutbox()
    let made = visit(server.url, ada, roomId, { outbox })
    for (const content of numbered(30)) made.client.send(content)
    for (const least of [3, 9, 17]) {
      await b.events.count(least)
      await made.client.stop()
      made = visit(server.url, ada, roomId, { outbox, after: made.client.lastSeq ?? 0 })
    }
    expect(await b.contents(30)).toEqual(numbered(30))
    await expect.poll(() => outbox.load()).toEqual([])
  })
})

describe('where it must not come back', () => {
  it('[A5] ends with its session, and keeps what was not sent', async () => {
    const { a } = await meet()
    await ask(server.url, 'POST', '/api/auth/logout', { token: ada.accessToken })
    expect(await a.ended()).toBe('session-ended')
    a.client.send('too late')
    expect(a.client.outgoing).toMatchObject([{ state: 'waiting' }])
    expect(a.sockets).toHaveLength(1)
  })

  it('the room was deleted', async () => {
    const { roomId, a, b } = await meet()
    await ask(server.url, 'DELETE', `/api/rooms/${roomId}`, { token: ada.accessToken })
    expect(await Promise.all([a.ended(), b.ended()])).toEqual(['room-deleted', 'room-deleted'])
  })

  it('there is no such room', async () => {
    const person = await guest(server.url, 'Ada')
    expect(await visit(server.url, person, '00000000000000000000').ended()).toBe('room-unknown')
  })

  it('it was banned', async () => {
    const { roomId, b } = await meet()
    const path = `/api/rooms/${roomId}/members/${bo.id}`
    await ask(server.url, 'PATCH', path, { token: ada.accessToken, body: { role: 'banned' } })
    expect(await b.ended()).toBe('banned')
  })

  it('it has seen more than there is: another log', async () => {
    const { roomId, a } = await meet()
    await a.sent(a.client.send('one'))
    const lost = visit(server.url, bo, roomId, { after: 7 })
    expect(await lost.ended()).toBe('after-unknown')
  })
})

it('works with the WebSocket that the platform has', async () => {
  const person = await guest(server.url, 'Ada')
  const roomId = await newRoom(server.url, person)
  const contents: unknown[] = []
  const client = createRoomClient({
    roomId,
    Client,
    session: { accessToken: async () => person.accessToken },
    api: createHttpApi(server.url),
    onEvent: ({ content }) => void contents.push(content),
    timing: SOON,
  })
  onTestFinished(() => client.stop())
  client.start()
  client.send('one')
  await expect.poll(() => contents).toEqual(['one'])
  client.drop()
  client.send('two')
  await expect.poll(() => contents).toEqual(['one', 'two'])
})
