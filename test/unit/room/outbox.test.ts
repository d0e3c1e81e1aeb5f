import { describe, expect, it } from 'vitest'
import { Outbox } from '../../../src/room/outbox.ts'
import { openedSession } from '../../../src/room/session.ts'
import { FakeSocket, person, SIGN_IN } from '../../support/fake-room.ts'

function socket(binary: boolean): FakeSocket {
  return new FakeSocket({ ...openedSession(person('ann'), SIGN_IN, 0), binary })
}

const OCTETS = Uint8Array.of(0xff, 0)

describe('the outbox', () => {
  it('sends what it holds for a connection as one message', () => {
    const [outbox, a, b] = [new Outbox(), socket(false), socket(false)]
    for (const frame of ['1', '2', '3']) outbox.add(a, frame)
    outbox.add(b, '4')
    outbox.flush()
    expect([a.takeMessages(), b.takeMessages()]).toEqual([['123'], ['4']])
  })

  it.each([false, true])(
    'gives a frame that stands alone a message of its own (binary: %s)',
    (binary) => {
      const [outbox, a] = [new Outbox(), socket(binary)]
      for (const frame of ['1', '2']) outbox.add(a, frame)
      for (const frame of ['3', '4']) outbox.add(a, frame, true)
      for (const frame of ['5', '6']) outbox.add(a, frame)
      outbox.flush()
      const texts = a.takeMessages().map((message) => Buffer.from(message).toString())
      expect(texts).toEqual(['12', '3', '4', '56'])
    },
  )

  it('[STOMP A6] sends it in the kind of the client', () => {
    const [outbox, a] = [new Outbox(), socket(true)]
    outbox.add(a, '안')
    outbox.add(a, OCTETS)
    outbox.add(a, 'b')
    outbox.flush()
    expect(a.takeMessages()).toEqual([
      Uint8Array.of(...new TextEncoder().encode('안'), 0xff, 0, 0x62),
    ])
  })

  it('sends octets that no text can carry as a binary message between the texts', () => {
    const [outbox, a] = [new Outbox(), socket(false)]
    for (const frame of ['1', '2', OCTETS, OCTETS, '3', '4']) outbox.add(a, frame)
    outbox.flush()
    expect(a.takeMessages()).toEqual(['12', OCTETS, OCTETS, '34'])
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
