import { describe, expect, it } from 'vitest'
import { type ConnectedSession, openedSession } from '../../../src/room/connections/session.ts'
import { Outbox } from '../../../src/room/delivery/outbox.ts'
import { QUEUED_MESSAGE_BYTES } from '../../../src/room/limits/limits.ts'
import { FakeSocket, person, SIGN_IN } from '../../support/fake-room.ts'

/** A socket of a client that reads one frame of a WebSocket message, or several. */
function socket(binary: boolean, multiFrame = true): FakeSocket {
  const ann = person('ann')
  const session = {
    ...openedSession(ann, SIGN_IN, 0),
    ...{ phase: 'connected', id: 's', version: '1.2', expiresAt: 1e15, beatsEvery: 0 },
    ...{ wantsBeats: false, subscriptions: [], transactions: [], nextNumber: 0 },
    ...{ binary, ...(multiFrame && { multiFrame }) },
  } as const
  return new FakeSocket(session as ConnectedSession)
}

const BYTES = Uint8Array.of(0xff, 0)

describe('the outbox', () => {
  it('sends what it holds for a connection that says multi-frame as one message', () => {
    const [outbox, a, b] = [new Outbox(), socket(false), socket(false)]
    for (const frame of ['1', '2', '3']) outbox.add(a, frame)
    outbox.addAll(b, ['4', '5'])
    outbox.flush()
    expect([a.takeMessages(), b.takeMessages()]).toEqual([['123'], ['45']])
  })

  it.each([false, true])(
    '[STOMP B4] gives each frame a message of its own (binary: %s)',
    (binary) => {
      const [outbox, a] = [new Outbox(), socket(binary, false)]
      outbox.add(a, '1')
      outbox.addAll(a, ['2', '3'])
      outbox.add(a, '4')
      outbox.flush()
      const messages = a.takeMessages()
      expect(messages.map((message) => Buffer.from(message).toString())).toEqual([
        '1',
        '2',
        '3',
        '4',
      ])
      expect(messages.every((message) => (typeof message === 'string') === !binary)).toBe(true)
    },
  )

  it('[STOMP B4] gives what is said before CONNECT a message of its own', () => {
    const outbox = new Outbox()
    const opened = new FakeSocket(openedSession(person('ann'), SIGN_IN, 0))
    for (const frame of ['1', '2']) outbox.add(opened, frame)
    outbox.flush()
    expect(opened.takeMessages()).toEqual(['1', '2'])
  })

  it('[R4] counts for each message beyond the first what it takes while it is queued', () => {
    const [outbox, single, multi] = [new Outbox(), socket(false, false), socket(false)]
    for (const each of [single, multi]) outbox.addAll(each, ['1', '2', '3'])
    expect(outbox.bytesFor(single)).toBe(3 + 2 * QUEUED_MESSAGE_BYTES)
    expect(outbox.bytesFor(multi)).toBe(3)
    expect(outbox.bytes).toBe(6 + 2 * QUEUED_MESSAGE_BYTES)
  })

  it('[STOMP A6] sends it in the kind of the client', () => {
    const [outbox, a] = [new Outbox(), socket(true)]
    outbox.add(a, '안')
    outbox.add(a, BYTES)
    outbox.add(a, 'b')
    outbox.flush()
    expect(a.takeMessages()).toEqual([
      Uint8Array.of(...new TextEncoder().encode('안'), 0xff, 0, 0x62),
    ])
  })

  it('sends bytes that no text can carry as a binary message between the texts', () => {
    const [outbox, a] = [new Outbox(), socket(false)]
    for (const frame of ['1', '2', BYTES, BYTES, '3', '4']) outbox.add(a, frame)
    outbox.flush()
    expect(a.takeMessages()).toEqual(['12', BYTES, BYTES, '34'])
  })

  it('[STOMP G4b] beats where there is nothing else to say, and never before a frame', () => {
    const [outbox, idle, told, closed] = [new Outbox(), socket(false), socket(false), socket(false)]
    for (const each of [idle, told, closed]) outbox.beat(each)
    outbox.add(told, 'a frame')
    outbox.close(closed, 1000, '')
    outbox.flush()
    expect([idle, told, closed].map((each) => each.takeMessages())).toEqual([
      ['\n'],
      ['a frame'],
      [],
    ])
  })

  it('[STOMP O3] holds nothing after a close, and closes once, after what it holds', () => {
    const [outbox, a] = [new Outbox(), socket(false)]
    outbox.add(a, 'the reason')
    outbox.close(a, 1002, 'first')
    outbox.add(a, 'more')
    outbox.close(a, 1000, 'second')
    outbox.flush()
    expect(a.takeMessages()).toEqual(['the reason'])
    expect(a.closed).toEqual({ code: 1002, reason: 'first' })
    outbox.flush()
    expect(a.takeMessages()).toEqual([])
  })
})
