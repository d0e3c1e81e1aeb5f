import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ERRORS, FakeRoom, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

const bodies = (heard: { body: string }[]) => heard.map(({ body }) => JSON.parse(body))

/** An error that the test expects to be logged, and need not be seen. */
function quietly(error: Error): Error {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => {
    expect(logged).toHaveBeenCalledWith(error)
    logged.mockRestore()
  })
  return error
}

describe('a message', () => {
  it('[A1] reaches every subscriber, its sender included, with the principal as its author', () => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'mine', LOG)
    room.subscribe(b, 'yours', LOG)
    const forged = { content: '안녕 😀', sender: { id: 'bob', name: 'BOB' }, seq: 99, type: 'x' }
    room.send(a, 'SEND', { destination: '/pub/send/message' }, JSON.stringify(forged))
    const event = {
      seq: 1,
      n: 1,
      type: 'message',
      at: '2026-11-21T08:00:00.000Z',
      sender: { id: 'ann', name: 'ANN' },
      content: '안녕 😀',
    }
    const [toA, toB] = [a.take(), b.take()]
    expect(bodies(toA)).toEqual([event])
    expect(bodies(toB)).toEqual([event])
    expect(toB[0]).toMatchObject({
      command: 'MESSAGE',
      headers: {
        subscription: 'yours',
        'message-id': '0-1',
        destination: LOG,
        'content-type': 'application/json',
        seq: '1',
        prev: '0',
      },
    })
  })

  it('[L4] is in the log before its RECEIPT, which carries its seq', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.say(socket, 'one', 'r1')
    room.say(socket, 'two', 'r2')
    expect(socket.take()).toEqual([
      { command: 'RECEIPT', headers: { 'receipt-id': 'r1', seq: '1' }, body: '' },
      { command: 'RECEIPT', headers: { 'receipt-id': 'r2', seq: '2' }, body: '' },
    ])
    expect(room.log.messages().map(({ content }) => content)).toEqual(['one', 'two'])
  })

  it('[L3] [R3] that cannot be stored is told to nobody', () => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob)]
    room.subscribe(a, 'log', LOG)
    room.subscribe(b, 'log', LOG)
    room.log.failure = quietly(new Error('the disk is full'))
    room.say(a, 'lost', 'r', 'k')
    expect(a.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'internal', 'receipt-id': 'r' } },
    ])
    expect(a.closed?.code).toBe(1011)
    expect(b.takeText()).toBe('')
    room.log.failure = undefined
    const again = room.connect(ann)
    room.say(again, 'lost', 'r', 'k')
    expect(again.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '1' } }])
  })

  it('an internal error says nothing of what went wrong', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.log.failure = quietly(new Error('secret path'))
    room.say(socket, 'x')
    expect(socket.takeText()).not.toContain('secret')
  })

  it('[A2] to /app/send and /app/send/message is the same as to /pub/send/message', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    for (const destination of ['/app/send', '/app/send/message', '/pub/send/message']) {
      room.send(socket, 'SEND', { destination }, 'x')
    }
    expect(room.log.head()).toBe(3)
  })

  it('may answer an event that there is, and no other', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'errors', ERRORS)
    const to = { destination: '/pub/send/message' }
    room.send(socket, 'SEND', to, JSON.stringify({ content: 'a' }))
    room.send(socket, 'SEND', to, JSON.stringify({ content: 'b', replyTo: 1 }))
    room.send(socket, 'SEND', to, JSON.stringify({ content: 'c', replyTo: 3 }))
    expect(room.log.messages().map(({ replyTo }) => replyTo)).toEqual([undefined, 1])
    expect(socket.take()).toMatchObject([{ headers: { code: 'body-invalid' } }])
  })

  it.each([
    ['as one WebSocket message to who says multi-frame', { 'multi-frame': 'true' }, 1],
    ['as a WebSocket message each to who does not', {}, 3],
    ['as a WebSocket message each to who says another word', { 'multi-frame': '1' }, 3],
  ])('[STOMP B4] several of one turn leave %s', (_name, headers, messages) => {
    const room = new FakeRoom()
    const [a, b] = [room.connect(ann), room.connect(bob, headers)]
    room.evict()
    room.subscribe(b, 'log', LOG)
    const before = b.messages
    room.turn(() => {
      for (const content of ['1', '2', '3']) {
        const headers = new Map([['destination', '/pub/send/message']])
        const frame = { command: 'SEND', headers, body: new TextEncoder().encode(content) } as const
        room.receive(a, frame)
      }
    })
    expect(b.messages - before).toBe(messages)
    expect(bodies(b.take()).map(({ content }) => content)).toEqual(['1', '2', '3'])
  })
})

describe('an idempotency-key', () => {
  it.each([false, true])(
    '[L5] [H1] sent twice yields one event and one seq (evicted: %s)',
    (evicted) => {
      const room = new FakeRoom()
      const [a, b] = [room.connect(ann), room.connect(bob)]
      room.subscribe(b, 'log', LOG)
      room.say(a, 'once', 'r1', 'k')
      room.say(a, 'between', 'r2')
      if (evicted) room.evict()
      room.say(a, 'once', 'r3', 'k')
      expect(a.take().map(({ headers }) => [headers['receipt-id'], headers.seq])).toEqual([
        ['r1', '1'],
        ['r2', '2'],
        ['r3', '1'],
      ])
      expect(bodies(b.take()).map(({ content }) => content)).toEqual(['once', 'between'])
      expect(room.log.head()).toBe(2)
    },
  )

  it('[L5] belongs to its principal, from any of their connections', () => {
    const room = new FakeRoom()
    room.say(room.connect(ann), 'mine', undefined, 'k')
    room.say(room.connect(bob), 'mine too', undefined, 'k')
    room.say(room.connect(ann), 'mine', undefined, 'k')
    expect(room.log.head()).toBe(2)
  })

  it.each(['__proto__', 'constructor', 'a\nb', '키'])('[R1] may be %j', (key) => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.say(socket, 'x', undefined, key)
    room.say(socket, 'x', undefined, key)
    expect(room.log.head()).toBe(1)
  })

  it.each(['', 'k'.repeat(129)])('is refused when empty or long', (key) => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.say(socket, 'x', undefined, key)
    expect(socket.take()).toMatchObject([{ headers: { code: 'header-invalid' } }])
    expect(room.log.head()).toBe(0)
  })
})

describe('a body', () => {
  const BODIES: [
    name: string,
    body: string | Uint8Array,
    type: string | undefined,
    content: string | null,
  ][] = [
    ['JSON', '{"content":"a"}', 'application/json', 'a'],
    ['JSON with a charset', '{"content":"a"}', 'application/json; charset=utf-8', 'a'],
    ['JSON without a type', '{"content":"a"}', undefined, 'a'],
    ['bare text', 'hello', undefined, 'hello'],
    ['bare text that is JSON but no object', '42', undefined, '42'],
    ['text that looks like JSON', '{"content":"a"}', 'text/plain', '{"content":"a"}'],
    ['NULs', 'a\0b', 'text/plain', 'a\0b'],
    ['JSON that is no object', '42', 'application/json', null],
    ['broken JSON', '{"content":', 'application/json', null],
    ['no content', '{}', undefined, null],
    ['content that is no text', '{"content":1}', undefined, null],
    ['half a character', '{"content":"a\\ud83d"}', undefined, 'a\ufffd'],
    ['an empty text', '', undefined, null],
    ['empty content', '{"content":""}', undefined, null],
    ['a list', '["a"]', 'application/json', null],
    ['replyTo that is no seq', '{"content":"a","replyTo":0}', undefined, null],
    ['replyTo in words', '{"content":"a","replyTo":"1"}', undefined, null],
    ['broken UTF-8', Uint8Array.of(0x61, 0xff), 'text/plain', null],
    ['content of the prototype', '{"__proto__":{"content":"a"}}', undefined, null],
  ]

  it.each(BODIES)('%s', (_name, body, type, content) => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'errors', ERRORS)
    const headers = { destination: '/pub/send/message', receipt: 'r' }
    room.send(
      socket,
      'SEND',
      type === undefined ? headers : { ...headers, 'content-type': type },
      body,
    )
    if (content === null) {
      expect(socket.take()).toMatchObject([
        { headers: { code: 'body-invalid', 'receipt-id': 'r' } },
      ])
      expect(room.log.head()).toBe(0)
    } else {
      expect(room.log.after(0, 1)).toMatchObject([{ content }])
    }
    expect(socket.closed).toBeUndefined()
  })
})

describe('a mild refusal of a SEND', () => {
  const MILD: [name: string, room: () => FakeRoom, content: string, code: string][] = [
    ['too long', () => new FakeRoom({ maxContentBytes: 5 }), '안녕', 'content-too-large'],
    ['too fast', () => new FakeRoom({ sendBurst: 0 }), 'x', 'too-fast'],
  ]

  it.each(MILD)(
    '%s: goes to /user/queue/errors where the session listens',
    (_n, make, content, code) => {
      const room = make()
      const socket = room.connect(ann)
      room.subscribe(socket, 'errors', ERRORS)
      room.say(socket, content, 'r')
      const [told, ...more] = socket.take()
      expect(told).toMatchObject({
        command: 'MESSAGE',
        headers: { subscription: 'errors', destination: ERRORS, code, 'receipt-id': 'r' },
      })
      expect(JSON.parse(told?.body ?? '')).toMatchObject({ code })
      expect(more).toEqual([])
      expect(socket.closed).toBeUndefined()
      expect(room.log.head()).toBe(0)
    },
  )

  it.each(MILD)('%s: is an ERROR and the end elsewhere', (_n, make, content, code) => {
    const room = make()
    const socket = room.connect(ann)
    room.say(socket, content, 'r')
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code, 'receipt-id': 'r', destination: '/pub/send/message' } },
    ])
    expect(socket.closed).toBeDefined()
  })

  it('too fast: counts for each principal, and heals with time', () => {
    const room = new FakeRoom({ sendPerSecond: 2, sendBurst: 3 })
    const [a, also, b] = [room.connect(ann), room.connect(ann), room.connect(bob)]
    for (const socket of [a, also, b]) room.subscribe(socket, 'errors', ERRORS)
    for (const socket of [a, also, a, also, b]) room.say(socket, 'x')
    expect(room.log.head()).toBe(4)
    expect(also.take()).toMatchObject([{ headers: { code: 'too-fast' } }])
    room.now += 500
    room.say(a, 'x')
    room.say(a, 'x')
    expect(room.log.head()).toBe(5)
  })

  it('a retry of what was stored is never too fast', () => {
    const room = new FakeRoom({ sendBurst: 1, sendPerSecond: 1 })
    const socket = room.connect(ann)
    room.say(socket, 'x', 'r1', 'k')
    room.say(socket, 'x', 'r2', 'k')
    expect(socket.take()).toMatchObject([{ headers: { seq: '1' } }, { headers: { seq: '1' } }])
  })
})

describe('[A2] everything not in the table is refused', () => {
  const REFUSED: [command: 'SEND' | 'SUBSCRIBE', destination: string][] = [
    ['SEND', LOG],
    ['SEND', SIGNALS],
    ['SEND', `${SIGNALS}/`],
    ['SEND', `${SIGNALS}/a/b`],
    ['SEND', `${SIGNALS}/a b`],
    ['SEND', '/topic/rooms/another/cursors'],
    ['SEND', '/queue/rooms/another/jobs'],
    ['SEND', '/queue/rooms/theroom'],
    ['SEND', ERRORS],
    ['SEND', '/pub/edit'],
    ['SEND', '/pub/send/message/'],
    ['SEND', '/app/'],
    ['SEND', '__proto__'],
    ['SEND', ''],
    ['SUBSCRIBE', '/topic/chat/room/another'],
    ['SUBSCRIBE', '/topic/rooms/another'],
    ['SUBSCRIBE', '/topic/chat/room/{roomId}'],
    ['SUBSCRIBE', '/topic/chat/room/theroom/x'],
    ['SUBSCRIBE', '/pub/send/message'],
    ['SUBSCRIBE', 'constructor'],
  ]

  it.each(REFUSED)('%s %s', (command, destination) => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, command, { destination, id: 'x' }, command === 'SEND' ? 'x' : '')
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'not-allowed', destination } },
    ])
    expect(socket.closed?.code).toBe(4503)
    expect(room.log.head()).toBe(0)
  })

  it.each([
    ['SEND', '/pub/send/message'],
    ['SUBSCRIBE', LOG],
    ['SUBSCRIBE', SIGNALS],
    ['SUBSCRIBE', ERRORS],
  ] as const)('%s %s without the authority GENERAL', (command, destination) => {
    const room = new FakeRoom()
    const socket = room.connect(person('eve'))
    // CONNECT itself refuses such a token already, so the session is given one here.
    const { session } = socket
    if (session.phase !== 'connected') throw new Error('not connected')
    socket.session = { ...session, principal: person('eve', ['OTHER']) }
    room.send(socket, command, { destination, id: 'x' }, command === 'SEND' ? 'x' : '')
    expect(socket.take()).toMatchObject([{ headers: { code: 'not-allowed' } }])
  })

  it.each(['CONNECTED', 'MESSAGE', 'RECEIPT', 'ERROR'] as const)(
    '[STOMP B16] %s is the server’s',
    (command) => {
      const room = new FakeRoom()
      const socket = room.connect(ann)
      room.send(socket, command)
      expect(socket.take()).toMatchObject([{ headers: { code: 'command-unknown' } }])
    },
  )

  it('[STOMP K4] SEND in a transaction that there is not', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'SEND', { destination: '/pub/send/message', transaction: 't' }, 'x')
    expect(socket.take()).toMatchObject([{ headers: { code: 'transaction-unknown' } }])
    expect(room.log.head()).toBe(0)
  })

  it('[STOMP H1] SEND without a destination', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'SEND', { receipt: 'r' }, 'x')
    expect(socket.take()).toMatchObject([
      { headers: { code: 'header-missing', 'receipt-id': 'r' } },
    ])
  })
})
