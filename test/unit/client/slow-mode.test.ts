// The reference client in a room in slow mode: what was said waits for its turn, and is not lost.

import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryOutbox } from '../../../src/client/outbox/memory-outbox.ts'
import { ClientWorld } from '../../support/client-world.ts'
import { type FakeSocket, keysOf, mildly, type SentFrame } from '../../support/fake-room-server.ts'
import { settled } from '../../support/manual-clock.ts'

const MESSAGE = '/pub/send/message'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** The messages that the log holds. */
const logged = () => world.room.sends(MESSAGE).map(({ body }) => JSON.parse(body).content)

const slowly = (seconds: number | string) => mildly('slow-mode', { 'retry-after': seconds })

/** Takes a message each so many seconds. */
function everySeconds(seconds: number): SentFrame[] {
  const seen: SentFrame[] = []
  let free = 0
  world.room.meddle = (frame, socket) => {
    if (frame.headers.destination !== MESSAGE) return false
    seen.push(frame)
    const left = Math.ceil((free - world.clock.now()) / 1000)
    if (left > 0) slowly(left)(socket, frame)
    else free = world.clock.now() + seconds * 1000
    return left > 0
  }
  return seen
}

describe('[Q1] a message that slow mode refuses', () => {
  it('waits as long as the room says, and no other overtakes it', async () => {
    const outbox = createMemoryOutbox()
    const client = await world.start({ outbox })
    const sent = world.room.answer(slowly(20))
    const until = world.clock.now() + 20_000
    const key = client.send('one')
    client.send('two')
    await settled()
    expect(client.outgoing).toMatchObject([
      { state: 'waiting', code: 'slow-mode', until },
      { state: 'waiting' },
    ])
    client.send('three')
    await world.pass(19_999)
    expect(sent).toHaveLength(1)
    await world.pass(1)
    expect(logged()).toEqual(['one', 'two', 'three'])
    expect(keysOf(sent).slice(0, 2)).toEqual([key, key])
    expect(world.room.sockets).toHaveLength(1)
    const life = ['waiting', 'sending', 'waiting slow-mode', 'sending', 'sent']
    expect(world.lifeOf(key)).toEqual(life)
    expect(world.entries.filter((entry) => entry.until && entry.state !== 'waiting')).toEqual([])
    expect(await outbox.load()).toEqual([])
  })

  it('is one of several that wait, each for itself', async () => {
    const client = await world.start()
    const sent = everySeconds(5)
    for (const content of ['one', 'two', 'three']) client.send(content)
    await world.pass(9999)
    expect(logged()).toEqual(['one', 'two'])
    await world.pass(1)
    expect(logged()).toEqual(['one', 'two', 'three'])
    // One refusal for each second message.
    expect(sent).toHaveLength(5)
  })

  it('keeps back no edit, no reaction and no deletion: these are not limited', async () => {
    const client = await world.start()
    const sent = world.room.answer(slowly(600))
    client.send('one')
    client.send('two')
    client.edit(1, 'a')
    client.edit(1, 'b')
    client.react(2, '👍')
    client.remove(3)
    await settled()
    expect(sent.slice(1).map(({ body }) => JSON.parse(body))).toMatchObject([
      ...[{ content: 'a' }, { content: 'b' }, { reaction: '👍' }, { seq: 3 }],
    ])
    expect(logged()).toEqual([])
    await world.pass(600_000)
    expect(logged()).toEqual(['one', 'two'])
  })

  it('is paused by too-fast besides, as everything is', async () => {
    const client = await world.start()
    const sent = world.room.answer(slowly(1), mildly('too-fast'))
    client.send('one')
    client.edit(1, 'a')
    await world.pass(749)
    expect(sent).toHaveLength(2)
    await world.pass(1)
    expect(sent).toHaveLength(3)
    await world.pass(249)
    expect(logged()).toEqual([])
    await world.pass(1)
    expect(logged()).toEqual(['one'])
  })

  it.each([
    ['more than ten minutes, since slow mode may end before', slowly(21_600), 600_000],
    ['nothing about how long', mildly('slow-mode'), 750],
    ['no number', slowly('soon'), 750],
  ])('is tried again where the room says %s', async (_, refusal, delay) => {
    const client = await world.start()
    const sent = world.room.answer(refusal)
    client.send('one')
    await world.pass(delay - 1)
    expect(sent).toHaveLength(1)
    await world.pass(1)
    expect(logged()).toEqual(['one'])
  })

  it.each(['a signal of the room', 'a new connection'])('is tried once after %s', async (what) => {
    world.chance = 0
    const client = await world.start()
    const sent = world.room.answer(slowly(600), slowly(590))
    const key = client.send('one')
    client.send('two')
    const prompt = async () => {
      if (what === 'a new connection') world.room.socket.end(1006)
      else world.room.signal({ type: 'room', settings: { slowMode: 0 } })
      await world.pass(1)
    }
    await settled()
    await prompt()
    world.room.signal({ type: 'typing', user: { id: 'bob', name: 'Bob' }, typing: true })
    await world.pass(60_000)
    expect(keysOf(sent)).toEqual([key, key])
    await prompt()
    expect(logged()).toEqual(['one', 'two'])
    await world.pass(600_000)
    expect(sent).toHaveLength(4)
  })

  it('goes once when its RECEIPT is lost after all, and the connection with it', async () => {
    const client = await world.start()
    world.room.answer(slowly(20))
    client.send('one')
    client.send('two')
    await settled()
    world.room.meddle = (_frame, socket: FakeSocket) => {
      world.room.meddle = () => false
      world.room.passes = (text) => !text.startsWith('RECEIPT')
      queueMicrotask(() => {
        world.room.passes = () => true
        socket.end(1006)
      })
      return false
    }
    await world.pass(60_000)
    expect(world.contents).toEqual(['one', 'two'])
    expect(client.outgoing).toEqual([])
  })

  it('[L5] is known not to be in the log: its key counts from then on', async () => {
    const outbox = createMemoryOutbox()
    const first = await world.start({ outbox })
    // Lost, which nobody knows, and then refused.
    const sent = world.room.answer(() => undefined, slowly(600))
    const tried = world.clock.now()
    first.send('one')
    while (sent.length < 2) await world.pass(100)
    const refused = world.clock.now()
    expect(sent[1]?.headers['idempotency-since']).toBe(`${tried}`)
    await first.stop()
    expect(world.clock.timers).toBe(0)
    await world.pass(86_400_000)
    world.make({ outbox }).start()
    await settled()
    expect(logged()).toEqual(['one'])
    const since = Number(world.room.sends()[0]?.headers['idempotency-since'])
    expect(since).toBeGreaterThan(refused - 100)
    expect(since).toBeLessThanOrEqual(refused)
  })

  it('can be withdrawn, and the next one waits on', async () => {
    const client = await world.start()
    const sent = world.room.answer(slowly(20))
    const key = client.send('one')
    client.send('two')
    await settled()
    expect(client.withdraw(key)).toMatchObject({ key })
    await world.pass(19_999)
    expect(sent).toHaveLength(1)
    await world.pass(1)
    expect(logged()).toEqual(['two'])
  })
})
