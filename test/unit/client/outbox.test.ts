// The reference client: what was said is in the log once and in its order, or its sender knows why
// not.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Entry, OutboxStore } from '../../../src/client/outbox/entry.ts'
import { createMemoryOutbox } from '../../../src/client/outbox/memory-outbox.ts'
import { ClientWorld } from '../../support/client-world.ts'
import {
  type FakeRoomServer,
  type FakeSocket,
  keysOf,
  mildly,
  type SentFrame,
} from '../../support/fake-room-server.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** What the log holds. */
const logged = () => world.room.log.map(({ content }) => content)

const answer: FakeRoomServer['answer'] = (...answers) => world.room.answer(...answers)

/** A store that takes its time to write. */
const slowly = (store: OutboxStore, delay: number): OutboxStore => ({
  ...store,
  put: async (entry) => {
    if (delay > 0) await new Promise<void>((done) => void world.clock.setTimeout(done, delay))
    await store.put(entry)
  },
})

describe('what is said', () => {
  it('is sent, acknowledged and forgotten', async () => {
    const outbox = createMemoryOutbox()
    const client = await world.start({ outbox })
    const key = client.send('one', { replyTo: 7 })
    expect(client.outgoing).toMatchObject([{ key, kind: 'message', state: 'sending' }])
    await settled()
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending', 'sent'])
    expect(world.entries.at(-1)).toMatchObject({ key, state: 'sent', seq: 1 })
    expect(client.outgoing).toEqual([])
    expect(await outbox.load()).toEqual([])
    const [{ headers, body } = {} as SentFrame] = world.room.sends()
    expect(headers).toMatchObject({ 'idempotency-key': key, 'content-type': 'application/json' })
    expect(JSON.parse(body)).toEqual({ content: 'one', replyTo: 7 })
  })

  it('is an edit, a deletion or a reaction too', async () => {
    const client = await world.start()
    client.edit(1, 'better')
    client.remove(2)
    client.remove(4, { reason: 'spam' })
    client.react(3, '👍')
    client.react(3, '👍', false)
    await settled()
    const sent = world.room.frames.filter(({ headers }) => headers['idempotency-key'])
    expect(sent.map(({ headers, body }) => [headers.destination, JSON.parse(body)])).toEqual([
      ['/pub/edit/message', { seq: 1, content: 'better' }],
      ['/pub/delete/message', { seq: 2 }],
      ['/pub/delete/message', { seq: 4, reason: 'spam' }],
      ['/pub/react/message', { seq: 3, reaction: '👍', on: true }],
      ['/pub/react/message', { seq: 3, reaction: '👍', on: false }],
    ])
    expect(new Set(keysOf(sent)).size).toBe(5)
    expect(client.outgoing).toEqual([])
  })

  it('[Q1] leaves one at a time, in its order', async () => {
    const client = await world.start()
    const waiting: (() => void)[] = []
    const receipts: FakeSocket['receipt'][] = []
    world.room.passes = (text) => {
      if (!text.startsWith('RECEIPT')) return true
      waiting.push(() => world.room.socket.hear(text))
      return false
    }
    for (const content of ['one', 'two', 'three']) client.send(content)
    await settled()
    expect(receipts).toEqual([])
    expect(logged()).toEqual(['one'])
    world.room.passes = () => true
    waiting[0]?.()
    await settled()
    expect(logged()).toEqual(['one', 'two', 'three'])
  })

  it('[Q1] waits for a connection, and leaves with the first', async () => {
    const client = world.make()
    client.send('before the start')
    client.start()
    client.send('before the connection')
    await settled()
    world.room.socket.end(1006)
    await settled()
    client.send('while away')
    expect(client.outgoing).toMatchObject([{ state: 'waiting' }])
    await world.pass(5000)
    expect(logged()).toEqual(['before the start', 'before the connection', 'while away'])
  })

  it.each<[string, (socket: FakeSocket) => void, boolean]>([
    ['the SEND is lost with the connection', (socket) => socket.end(1006), true],
    ['the RECEIPT is lost with the connection', (socket) => socket.end(1006), false],
    ['the SEND is lost, and the socket stays open', () => undefined, true],
    ['the RECEIPT is lost, and the socket stays open', (socket) => socket.logs.clear(), false],
  ])('[Q2][Q3] goes again under its key when %s', async (_, fault, swallowed) => {
    const client = await world.start()
    const sent: SentFrame[] = []
    world.room.meddle = (frame, socket) => {
      if (!frame.headers['idempotency-key']) return false
      sent.push(frame)
      if (sent.length > 1) return false
      world.room.passes = (text) => !text.startsWith('RECEIPT')
      queueMicrotask(() => {
        world.room.passes = () => true
        fault(socket)
      })
      return swallowed
    }
    const began = world.clock.now()
    client.send('one')
    client.send('two')
    await world.pass(20_000)
    expect(logged()).toEqual(['one', 'two'])
    expect(world.contents).toEqual(['one', 'two'])
    expect(client.outgoing).toEqual([])
    expect(world.room.sockets).toHaveLength(2)
    const [first, second, third] = sent
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
    expect(second?.headers.receipt).not.toBe(first?.headers.receipt)
    const since = sent.map(({ headers }) => headers['idempotency-since'])
    expect(since).toEqual([undefined, String(began), undefined])
    expect(third?.body).toContain('two')
  })

  it('[Q1] is settled by its event as well, where it is known whose it is', async () => {
    const client = await world.start({ userId: 'me' })
    world.room.passes = (text) => !text.startsWith('RECEIPT')
    const key = client.send('one')
    client.send('two')
    await settled()
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending', 'sent'])
    expect(logged()).toEqual(['one', 'two'])
    expect(client.outgoing).toEqual([])
  })

  it('[Q1] is not settled by the event of somebody else who has the same key', async () => {
    const client = await world.start({ userId: 'me' })
    answer(() => undefined)
    const key = client.send('one')
    await settled()
    world.room.say('not mine', { idempotencyKey: key })
    await settled()
    expect(client.outgoing).toMatchObject([{ key, state: 'sending' }])
  })

  it('[Q1] survives the end of the client, and goes on in the next', async () => {
    const outbox = createMemoryOutbox()
    const first = await world.start({ outbox })
    world.room.meddle = ({ headers }) => headers['idempotency-key'] !== undefined
    const began = world.clock.now()
    const keys = ['one', 'two', 'three'].map((content) => first.send(content))
    await settled()
    await first.stop()
    world.room.meddle = () => false
    world.entries.length = 0
    await world.pass(60_000)

    const second = world.make({ outbox })
    const late = second.send('four')
    second.start()
    await settled()
    expect(logged()).toEqual(['one', 'two', 'three', 'four'])
    expect(keysOf(world.room.sends())).toEqual([...keys, late])
    const since = world.room.sends().map(({ headers }) => headers['idempotency-since'])
    expect(since).toEqual([String(began), undefined, undefined, undefined])
    for (const key of [...keys, late]) {
      expect(world.lifeOf(key)).toEqual(['waiting', 'sending', 'sent'])
    }
    expect(await outbox.load()).toEqual([])
  })

  it('[Q1] comes back in its order, however late and disordered the store gives it', async () => {
    const outbox = createMemoryOutbox()
    const first = world.make({ outbox })
    for (const content of ['one', 'two', 'three']) first.send(content)
    await settled()
    await first.stop()
    // As after a change of the clock.
    world.clock.time -= 3_600_000

    let give = () => {}
    const given = new Promise<void>((resolve) => {
      give = resolve
    })
    const load = async () => {
      await given
      return (await outbox.load()).reverse()
    }
    const second = await world.start({ outbox: { ...outbox, load } })
    second.send('four')
    await settled()
    expect(logged()).toEqual([])
    give()
    await settled()
    second.send('five')
    await settled()
    expect(logged()).toEqual(['one', 'two', 'three', 'four', 'five'])
  })

  it('[Q1] has a place behind all that was said before, by whatever clock', async () => {
    const outbox = createMemoryOutbox()
    const first = world.make({ outbox })
    first.send('one')
    first.send('two')
    await settled()
    await first.stop()
    world.clock.time -= 3_600_000
    const second = world.make({ outbox })
    world.room.meddle = ({ headers }) => headers['idempotency-key'] !== undefined
    second.start()
    await settled()
    second.send('three')
    const orders = second.outgoing.map(({ order }) => order)
    expect(orders).toHaveLength(3)
    expect(new Set(orders).size).toBe(3)
    expect(orders).toEqual([...orders].sort((one, other) => one - other))
  })

  it.each([
    { moment: 'before it connects', moments: 0, delay: 0 },
    { moment: 'before it connects', moments: 0, delay: 100 },
    { moment: 'when it is connected', moments: 1, delay: 0 },
    { moment: 'when it is connected', moments: 1, delay: 100 },
  ])('[Q1] survives a client stopped $moment, in a store that takes $delay ms', async (how) => {
    const outbox = slowly(createMemoryOutbox(), how.delay)
    world.room.meddle = ({ headers }) => headers['idempotency-key'] !== undefined
    const client = world.make({ outbox })
    client.start()
    for (let moment = 0; moment < how.moments; moment++) await settled()
    const keys = ['one', 'two', 'three'].map((content) => client.send(content))
    await Promise.all([client.stop(), world.pass(2000)])
    expect(world.clock.timers).toBe(0)
    expect((await outbox.load()).map(({ key }) => key)).toEqual(keys)
  })

  it('[Q1] is known to the client that follows, as soon as the one before has stopped', async () => {
    const outbox = createMemoryOutbox()
    const first = world.make({ outbox })
    first.start()
    const said = Array.from({ length: 10 }, (_, index) => `${index}`)
    for (const content of said) first.send(content)
    await first.stop()
    const second = world.make({ outbox })
    second.start()
    await settled()
    expect(logged()).toEqual(said)
    expect(second.outgoing).toEqual([])
  })

  it('is waited for no longer than a store that hangs is, when the client is stopped', async () => {
    const put = () => new Promise<void>(() => undefined)
    const client = await world.start({ outbox: { ...createMemoryOutbox(), put } })
    client.send('one')
    client.send('two')
    let isStopped = false
    void client.stop().then(() => {
      isStopped = true
    })
    await world.pass(5000)
    expect(isStopped).toBe(true)
    expect(world.clock.timers).toBe(0)
    expect(world.problems).toEqual([])
  })

  it('[Q1] has its place also where it was said before the outbox was read', async () => {
    const outbox = createMemoryOutbox()
    const first = world.make({ outbox })
    first.send('one')
    first.send('two')
    await first.stop()
    world.clock.time -= 3_600_000
    const second = world.make({ outbox })
    second.send('three')
    second.send('four')
    world.hang()
    second.start()
    await settled()
    await second.stop()
    world.room.opens = true
    const third = await world.start({ outbox })
    expect(third.outgoing).toEqual([])
    expect(logged()).toEqual(['one', 'two', 'three', 'four'])
  })

  it('is stored as tried before it is sent', async () => {
    const stored: string[] = []
    const memory = createMemoryOutbox()
    let finish: (() => void) | undefined
    const outbox: OutboxStore = {
      ...memory,
      put: async (entry) => {
        stored.push(entry.state)
        if (entry.state === 'sending') await new Promise<void>((resolve) => (finish = resolve))
      },
    }
    const client = await world.start({ outbox })
    client.send('one')
    await settled()
    expect(stored).toEqual(['waiting', 'sending'])
    expect(logged()).toEqual([])
    finish?.()
    await settled()
    expect(logged()).toEqual(['one'])
  })

  it('is not sent once more by a store that answers late', async () => {
    const answers: (() => void)[] = []
    const put = () => new Promise<void>((resolve) => void answers.push(resolve))
    const client = await world.start({ outbox: { ...createMemoryOutbox(), put } })
    client.send('one')
    await settled()
    answers.shift()?.()
    await settled()
    world.room.socket.end(1006)
    await world.pass(1000)
    expect(world.room.sends()).toHaveLength(1)
    answers.shift()?.()
    await settled()
    expect(world.room.sends()).toHaveLength(1)
  })

  it('leaves nothing in a store that is slow', async () => {
    const memory = createMemoryOutbox()
    const client = world.make({ outbox: slowly(memory, 100) })
    client.withdraw(client.send('one'))
    client.send('two')
    client.start()
    await world.pass(10_000)
    expect(logged()).toEqual(['two'])
    expect(await memory.load()).toEqual([])
  })

  it.each<[string, Partial<OutboxStore>]>([
    ['cannot be read', { load: () => Promise.reject(new Error('no')) }],
    ['is never read', { load: () => new Promise(() => undefined) }],
    ['cannot be written', { put: () => Promise.reject(new Error('full')) }],
    ['is never written', { put: () => new Promise(() => undefined) }],
    ['does not forget', { remove: () => Promise.reject(new Error('no')) }],
  ])('is sent even if the store %s', async (_, broken) => {
    const client = await world.start({ outbox: { ...createMemoryOutbox(), ...broken } })
    client.send('one')
    client.send('two')
    await world.pass(14_000)
    expect(logged()).toEqual(['one', 'two'])
    expect(client.outgoing).toEqual([])
    expect(world.problems.length).toBeGreaterThan(0)
  })
})

describe('what is refused', () => {
  it.each([
    'content-too-large',
    'body-invalid',
    'queue-full',
    'room-full',
    'not-author',
    'event-unknown',
    'event-deleted',
    'too-many-reactions',
    'too-many-pins',
    'of-tomorrow',
  ])('%s: stays, and the next one goes', async (code) => {
    const outbox = createMemoryOutbox()
    const client = await world.start({ outbox })
    const sent = answer(mildly(code))
    const key = client.send('one')
    client.send('two')
    await settled()
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending', `failed ${code}`])
    expect(logged()).toEqual(['two'])
    expect(await outbox.load()).toMatchObject([{ key, state: 'failed', code }])
    await world.reconnect()
    expect(sent).toHaveLength(2)

    expect(client.retry(key)).toBe(key)
    await settled()
    expect(logged()).toEqual(['two', 'one'])
    expect(keysOf(sent)).toEqual([key, keysOf(sent)[1], key])
    expect(await outbox.load()).toEqual([])
  })

  it('too-fast: waits, goes again by itself, and nothing overtakes it', async () => {
    const client = await world.start()
    const sent = answer(mildly('too-fast'), mildly('too-fast'))
    const key = client.send('one')
    client.send('two')
    await settled()
    expect(client.outgoing).toMatchObject([
      { state: 'waiting', code: 'too-fast' },
      { state: 'waiting' },
    ])
    client.send('three')
    await world.pass(749)
    expect(sent).toHaveLength(1)
    await world.pass(1)
    expect(sent).toHaveLength(2)
    await world.pass(1499)
    expect(sent).toHaveLength(2)
    await world.pass(1)
    expect(logged()).toEqual(['one', 'two', 'three'])
    expect(new Set(keysOf(sent.slice(0, 3)))).toEqual(new Set([key]))
    expect(world.room.sockets).toHaveLength(1)
  })

  it('too-fast: each pause is longer, until something was taken', async () => {
    const client = await world.start()
    const sent = answer(mildly('too-fast'), mildly('too-fast'))
    client.send('one')
    await world.pass(750 + 1500)
    expect(logged()).toEqual(['one'])
    const later = answer(mildly('too-fast'))
    client.send('two')
    await world.pass(749)
    expect(later).toHaveLength(1)
    await world.pass(1)
    expect(later).toHaveLength(2)
    expect(sent).toHaveLength(3)
  })

  it('too-fast: a new connection is not paused', async () => {
    world.chance = 0
    const client = await world.start()
    const sent = answer(mildly('too-fast'))
    client.send('one')
    await settled()
    world.room.socket.end(1006)
    await world.pass(1)
    expect(sent).toHaveLength(2)
  })

  it('key-forgotten: the application decides, and says it again under another key', async () => {
    const outbox = createMemoryOutbox()
    const client = await world.start({ outbox })
    const sent = answer(mildly('key-forgotten'))
    const key = client.send('one')
    await settled()
    expect(world.lifeOf(key).at(-1)).toBe('unsure key-forgotten')
    await world.reconnect()
    expect(sent).toHaveLength(1)
    const next = client.retry(key)
    expect(next).not.toBe(key)
    await settled()
    expect(world.lifeOf(key).at(-1)).toBe('withdrawn key-forgotten')
    expect(world.entries.at(-1)).toMatchObject({ key: next, replaces: key, state: 'sent' })
    expect(keysOf(sent)).toEqual([key, next])
    expect(sent[1]?.headers['idempotency-since']).toBeUndefined()
    expect(await outbox.load()).toEqual([])
  })

  it('is refused for one frame alone: another receipt-id changes nothing', async () => {
    const client = await world.start()
    answer((socket) => socket.refuseMildly('another', 'body-invalid'))
    const key = client.send('one')
    await settled()
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending'])
  })

  it.each([
    [1002, 'header-invalid'],
    [1008, 'not-author'],
    [1009, 'frame-too-large'],
  ])('a close %i %s about it ends it and not those after it', async (close, code) => {
    const client = await world.start()
    const sent = answer((socket, { headers }) =>
      socket.refuse(close, code, { 'receipt-id': headers.receipt ?? '' }),
    )
    const key = client.send('one')
    client.send('two')
    await world.pass(20_000)
    expect(world.lifeOf(key).at(-1)).toBe(`failed ${code}`)
    expect(logged()).toEqual(['two'])
    expect(sent).toHaveLength(2)
  })

  it.each([
    [1009, '', 'content-too-large'],
    [1002, '', 'frame-malformed'],
    [1002, 'header-invalid', 'header-invalid'],
  ])(
    'a close %i %s without an ERROR, three times in a row, ends it',
    async (code, reason, failure) => {
      const client = await world.start()
      const close = (socket: FakeSocket) => socket.end(code, reason)
      const sent = answer(close, close, close)
      const key = client.send('one')
      client.send('two')
      await world.pass(60_000)
      expect(world.lifeOf(key).at(-1)).toBe(`failed ${failure}`)
      expect(logged()).toEqual(['two'])
      expect(sent).toHaveLength(4)
    },
  )

  it('[Q1] a close whose ERROR was lost ends no entry: it may be about something else', async () => {
    const client = await world.start()
    world.room.meddle = ({ headers }, socket) => {
      if (!headers['idempotency-key']) return false
      world.room.meddle = () => false
      socket.end(1002, 'subscription-unknown')
      return true
    }
    const key = client.send('one')
    await world.pass(20_000)
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending', 'waiting', 'sending', 'sent'])
  })

  it.each<[string, number, Record<string, string>]>([
    ['another frame', 1008, { 'receipt-id': 'another' }],
    ['a subscription', 1002, { subscription: 'sub-0' }],
    ['what asked for no RECEIPT, such as UNSUBSCRIBE', 1002, {}],
    ['a channel', 1008, { destination: '/topic/rooms/room/cursors' }],
    ['too many sockets', 4429, {}],
    ['a fault of the server', 1011, {}],
    ['a restart', 1012, {}],
  ])('a close about %s ends no entry', async (_, close, headers) => {
    const client = await world.start()
    answer((socket) => socket.refuse(close, 'some-code', headers))
    const key = client.send('one')
    await world.pass(60_000)
    expect(world.lifeOf(key)).toEqual(['waiting', 'sending', 'waiting', 'sending', 'sent'])
  })

  it('a fault of the server about it, three times in a row, ends it', async () => {
    const client = await world.start()
    const fault = (socket: FakeSocket, { headers }: SentFrame) =>
      socket.refuse(1011, 'internal', { 'receipt-id': headers.receipt ?? '' })
    const sent = answer(fault, fault, fault)
    const key = client.send('one')
    client.send('two')
    await world.pass(60_000)
    expect(world.lifeOf(key).at(-1)).toBe('failed internal')
    expect(keysOf(sent)).toEqual([key, key, key, keysOf(sent)[3]])
    expect(logged()).toEqual(['two'])
  })

  it('faults of the server that are not in a row, or about another entry, end none', async () => {
    const client = await world.start()
    const fault = (socket: FakeSocket, { headers }: SentFrame) =>
      socket.refuse(1011, 'internal', { 'receipt-id': headers.receipt ?? '' })
    const cut = (socket: FakeSocket) => socket.end(1006)
    answer(fault, fault, cut, fault, fault)
    client.send('one')
    await world.pass(200_000)
    expect(logged()).toEqual(['one'])
    answer(fault, fault, fault, fault, fault)
    client.send('fails')
    client.send('two')
    await world.pass(200_000)
    expect(logged()).toEqual(['one', 'two'])
  })

  it.each(['banned', 'room-deleted', 'session-ended'])(
    'the end of the client (%s) ends no entry',
    async (code) => {
      const outbox = createMemoryOutbox()
      const client = await world.start({ outbox })
      answer((socket) => socket.refuse(4503, code))
      const key = client.send('one')
      await world.pass(60_000)
      expect(world.states.at(-1)).toEqual({ phase: 'ended', code })
      expect(client.outgoing).toMatchObject([{ key, state: 'waiting' }])
      expect((await outbox.load()).map((entry: Entry) => entry.key)).toEqual([key])
    },
  )
})

describe('what is withdrawn', () => {
  it('is not sent, in no later life', async () => {
    const outbox = createMemoryOutbox()
    const client = world.make({ outbox })
    const key = client.send('one')
    client.send('two')
    expect(client.withdraw(key)).toMatchObject({ key, body: { content: 'one' } })
    client.start()
    await settled()
    expect(logged()).toEqual(['two'])
    expect(world.lifeOf(key)).toEqual(['waiting', 'withdrawn'])
    expect(await outbox.load()).toEqual([])
  })

  it('may have failed before', async () => {
    const client = await world.start()
    answer(mildly('body-invalid'))
    const key = client.send('one')
    await settled()
    expect(client.withdraw(key)).toMatchObject({ state: 'failed' })
    expect(client.outgoing).toEqual([])
  })

  it('is neither on its way nor unknown, and retried is only what failed', async () => {
    const client = await world.start()
    const sent = answer(() => undefined)
    const key = client.send('one')
    await settled()
    expect(client.withdraw(key)).toBeUndefined()
    expect(client.retry(key)).toBe(key)
    expect(client.withdraw('unknown')).toBeUndefined()
    expect(client.retry('unknown')).toBe('unknown')
    await settled()
    expect(sent).toHaveLength(1)
  })
})
