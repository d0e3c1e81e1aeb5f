import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { CHANNEL, FakeRoom, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const GUEST: Principal = { ...person('gil'), guest: true }
const WHO = { id: 'gil', name: 'GIL', guest: true }

/** `told` gives the bodies of the MESSAGEs that Ann has heard, and evicts the room (H1). */
function scene() {
  const room = new FakeRoom()
  const ann = room.connect(person('ann'))
  room.subscribe(ann, 'log', LOG)
  room.subscribe(ann, 'signals', SIGNALS)
  ann.takeText()
  const told = () => {
    room.evict()
    const messages = ann.take().filter(({ command }) => command === 'MESSAGE')
    return messages.map(({ body }) => JSON.parse(body))
  }
  return { room, ann, told }
}

describe('a guest', () => {
  it('[H1] is marked as one in events and signals, and nobody else is', () => {
    const { room, ann, told } = scene()
    const gil = room.connect(GUEST)
    expect(told()).toEqual([{ type: 'joined', user: WHO }])
    room.say(gil, 'hello')
    room.say(ann, 'welcome')
    const [first, second] = told()
    expect(first.sender).toEqual(WHO)
    expect(second.sender).toEqual({ id: 'ann', name: 'ANN' })
    for (const [destination, body] of [
      ['/pub/edit/message', { seq: 1, content: 'hi' }],
      ['/pub/react/message', { seq: 2, reaction: 'x' }],
      ['/pub/delete/message', { seq: 1 }],
    ] as const) {
      room.send(gil, 'SEND', { destination }, JSON.stringify(body))
      expect(told()[0].sender).toEqual(WHO)
    }
    room.send(gil, 'SEND', { destination: '/pub/typing' }, '{"typing":true}')
    room.send(gil, 'SEND', { destination: '/pub/read' }, '{"seq":3}')
    expect(told().map(({ user }) => user)).toEqual([WHO, WHO])
    room.subscribe(ann, 'again', SIGNALS)
    expect(told()[0].here).toEqual([{ id: 'ann', name: 'ANN' }, WHO])
    room.leave(gil)
    expect(told()[0]).toEqual({ type: 'left', user: WHO })
  })

  it('[H1] who becomes an account is no guest from then on, and what was said before stays as it was', () => {
    const { room, ann, told } = scene()
    const gil = room.connect(GUEST)
    room.say(gil, 'as a guest')
    room.evict()
    const token = room.token(person('gil'), 900, { id: 's2', version: 2 })
    room.send(gil, 'SEND', { destination: '/pub/auth' }, '', token)
    room.say(gil, 'as an account')
    told()
    room.subscribe(ann, 'all', LOG, { after: '0' })
    expect(told().map(({ sender }) => sender)).toEqual([WHO, { id: 'gil', name: 'GIL' }])
  })

  it('[A1] is marked by the room in what goes to a channel, whatever the sender writes', () => {
    const { room, ann } = scene()
    room.subscribe(ann, 'c', CHANNEL)
    ann.takeText()
    const claimed = { destination: CHANNEL, 'sender-guest': 'false' }
    room.send(room.connect(GUEST), 'SEND', claimed, 'x')
    room.send(ann, 'SEND', { ...claimed, 'sender-guest': 'true' }, 'x')
    const marks = ann
      .take()
      .filter(({ headers }) => headers.subscription === 'c')
      .map(({ headers }) => headers['sender-guest'])
    expect(marks).toEqual(['true', undefined])
  })
})
