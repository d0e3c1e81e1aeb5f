import { describe, expect, it } from 'vitest'
import { CHANNEL, FakeRoom, type FakeSocket, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

/** A room where both listen to the channel; the second as its arguments say. */
function both(headers: Record<string, string> = {}) {
  const room = new FakeRoom()
  const [a, b] = [room.connect(ann), room.connect(bob, headers)]
  room.subscribe(a, 'mine', CHANNEL)
  room.subscribe(b, 'yours', CHANNEL)
  return { room, a, b }
}

function publish(
  room: FakeRoom,
  socket: FakeSocket,
  headers: Record<string, string>,
  body: string | Uint8Array,
) {
  room.send(socket, 'SEND', { destination: CHANNEL, ...headers }, body)
}

describe('a channel', () => {
  it('[STOMP H2] [STOMP H8] gives body, content-type and custom headers to all, the sender included', () => {
    const { room, a, b } = both()
    const own = {
      'content-type': 'application/x-thing; v="1"',
      'x-한글': 'a:b\\c\n',
      __proto__x: '1',
    }
    publish(room, a, own, '안녕 😀\0\n')
    const [toA, toB] = [a.take(), b.take()]
    expect(toB).toEqual([
      {
        command: 'MESSAGE',
        headers: {
          subscription: 'yours',
          'message-id': expect.stringMatching(/^0-/),
          destination: CHANNEL,
          'sender-id': 'ann',
          'sender-display-name': 'ANN',
          ...own,
        },
        body: '안녕 😀\0\n',
      },
    ])
    expect(toA).toMatchObject([{ headers: { subscription: 'mine' }, body: '안녕 😀\0\n' }])
    expect(room.log.head()).toBe(0)
  })

  it('never invents a content-type', () => {
    const { room, a, b } = both()
    publish(room, a, {}, 'x')
    expect(b.take()[0]?.headers).not.toHaveProperty('content-type')
  })

  it('[STOMP H9] [STOMP H10] [STOMP E1] [A1] passes on nothing that is the server’s or was for the server', () => {
    const { room, a, b } = both()
    const forged = {
      ...{ subscription: 's', 'message-id': 'm', ack: 'a', redelivered: 'true' },
      ...{ 'sender-id': 'bob', 'sender-name': 'BOB', receipt: 'r' },
      'sender-display-name': 'BOB',
      ...{ login: 'l', passcode: 'p', Authorization: 'Bearer secret' },
    }
    publish(room, a, forged, 'x')
    const text = b.takeText()
    expect(text).toContain('sender-id:ann\n')
    for (const leaked of ['secret', 'passcode', 'login', 'receipt', 'BOB', 'ack:', 'redelivered']) {
      expect(text).not.toContain(leaked)
    }
    expect(text.match(/^(subscription|message-id|sender-id):/gm)).toHaveLength(3)
  })

  it('bytes that are no UTF-8 leave as a binary message, whatever the client’s kind', () => {
    const { room, a, b } = both()
    const bytes = Uint8Array.of(0, 255, 254, 10, 0, 1)
    publish(room, a, {}, bytes)
    publish(room, a, {}, 'text')
    const [first, second] = b.takeMessages()
    expect(first).toBeInstanceOf(Uint8Array)
    expect(Buffer.from(first as Uint8Array).includes(Buffer.from([...bytes, 0]))).toBe(true)
    expect(second).toMatch(/text\0$/)
  })

  it.each<['1.0' | '1.1', string]>([
    ['1.0', 'a b'],
    ['1.1', 'a\nb'],
  ])('[STOMP D11] no header of 1.2 injects a line into a receiver of %s', (version, expected) => {
    const { room, a, b } = both({ 'accept-version': version })
    publish(room, a, { 'x-evil': 'a\nb', 'x-\rn': '\r' }, 'x')
    const [message, ...more] = b.take(version)
    expect(message?.headers['x-evil']).toBe(expected)
    expect(more).toEqual([])
  })

  it('[STOMP H6] keeps the order of each sender', () => {
    const { room, a, b } = both()
    for (let n = 0; n < 20; n++) publish(room, n % 2 ? a : b, {}, String(n))
    expect(b.take().map(({ body }) => Number(body))).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    )
  })

  it('is heard by its subscribers alone', () => {
    const { room, a, b } = both()
    const other = room.connect(ann)
    room.subscribe(other, 'x', `${SIGNALS}/other`)
    publish(room, a, {}, 'x')
    expect(other.takeText()).toBe('')
    room.send(b, 'UNSUBSCRIBE', { id: 'yours' })
    publish(room, a, {}, 'y')
    expect(b.take().map(({ body }) => body)).toEqual(['x'])
  })

  it('[A4] is not heard by an expired session', () => {
    const { room, a, b } = both()
    room.now += 899_000
    room.send(a, 'SEND', { destination: CHANNEL }, 'a', room.token(ann))
    room.now += 1000
    publish(room, a, {}, 'secret')
    expect(b.take().map(({ command }) => command)).toEqual(['MESSAGE', 'ERROR'])
  })

  it('readers may hear it, and writers may speak', () => {
    const { room, a, b } = both()
    room.roles.set('bob', 'reader')
    publish(room, a, {}, 'x')
    expect(b.take()).toMatchObject([{ command: 'MESSAGE' }])
    publish(room, b, {}, 'y')
    expect(b.take()).toMatchObject([{ headers: { code: 'not-allowed' } }])
    expect(a.take()).toMatchObject([{ body: 'x' }])
  })

  it('counts against the rate of messages', () => {
    const room = new FakeRoom({ sendBurst: 1, sendPerSecond: 1 })
    const a = room.connect(ann)
    publish(room, a, {}, 'x')
    publish(room, a, {}, 'x')
    expect(a.take()).toMatchObject([{ headers: { code: 'too-fast' } }])
  })
})
