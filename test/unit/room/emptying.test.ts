import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { EMPTIED_AT_ONCE, EMPTIED_IN_A_TURN } from '../../../src/room/limits/limits.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { FakeRoom, LOG, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const EDITS = 1000

/** A room with one message that was edited so often, each time with a secret. */
function edited() {
  const room = new FakeRoom({ sendBurst: 1e6 })
  const socket = room.connect(ann)
  room.say(socket, 'secret')
  for (let n = 0; n < EDITS; n++) {
    const body = JSON.stringify({ seq: 1, content: `secret ${n}` })
    room.send(socket, 'SEND', { destination: '/pub/edit/message' }, body)
  }
  return { room, socket }
}

const remove = (room: FakeRoom, socket: ReturnType<FakeRoom['connect']>) =>
  room.send(socket, 'SEND', { destination: '/pub/delete/message', receipt: 'd' }, '{"seq":1}')

/** All that pages and a replay tell. */
function told(room: FakeRoom): string {
  const pages = [0, 250, 500, 750, 1000].map((after) =>
    JSON.stringify(eventsPage(room.log, { after, limit: 250 })),
  )
  const reader = room.connect(bob)
  room.subscribe(reader, 'log', LOG, { after: '990' })
  const replay = reader.takeText()
  room.leave(reader)
  return pages.join() + replay
}

describe('the deletion of a message with a thousand edits', () => {
  it.each([false, true])(
    '[R4][H1] takes the texts out a few in each turn, and none is told after it; evicted in between: %s',
    (evicted) => {
      const { room, socket } = edited()
      expect(told(room)).toContain('secret 500')
      remove(room, socket)
      expect(socket.take().at(-1)).toMatchObject({ command: 'RECEIPT' })
      expect(room.log.textsOf(1)).toHaveLength(EDITS - EMPTIED_AT_ONCE)
      expect(told(room)).not.toContain('secret')
      for (let left = EDITS - EMPTIED_AT_ONCE; left > 0; ) {
        if (evicted) {
          room.evict()
          // Whatever wakes the room.
          room.send(socket, 'SEND', { destination: '/pub/typing' })
        }
        expect(room.backlog).toBe('moving')
        room.catchUp()
        left = Math.max(0, left - EMPTIED_IN_A_TURN)
        expect(room.log.textsOf(1)).toHaveLength(left)
        expect(told(room)).not.toContain('secret')
      }
      room.catchUp()
      expect(room.backlog).toBeUndefined()
      expect(room.log.isEmptying).toBe(false)
      expect(room.log.head()).toBe(EDITS + 2)
    },
  )

  it('[R3] whose rest cannot be written tells nothing all the same, and goes on later', () => {
    const { room, socket } = edited()
    remove(room, socket)
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    room.log.failsAt = 980
    room.catchUp()
    expect(logged).toHaveBeenCalledTimes(1)
    expect(room.backlog).toBeUndefined()
    expect(room.log.textsOf(1)).toHaveLength(EDITS - EMPTIED_AT_ONCE)
    expect(told(room)).not.toContain('secret')
    room.log.failsAt = undefined
    room.evict()
    room.send(socket, 'SEND', { destination: '/pub/typing' })
    for (let turns = 0; room.log.isEmptying; turns++) {
      expect(turns).toBeLessThan(20)
      room.catchUp()
    }
    expect(room.log.textsOf(1)).toEqual([])
  })

  it('[R3] that fails itself takes nothing out', () => {
    const { room, socket } = edited()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    room.log.failsAt = 1
    remove(room, socket)
    expect(socket.take().at(-1)).toMatchObject({ command: 'ERROR' })
    room.log.failsAt = undefined
    expect(room.log.textsOf(1)).toHaveLength(EDITS)
    expect(room.log.isEmptying).toBe(false)
  })
})
