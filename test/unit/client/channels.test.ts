// The reference client: signals, channels and queues beside the log.

import { beforeEach, describe, expect, it } from 'vitest'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

const CURSORS = '/topic/rooms/room/cursors'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

const subscribed = (destination: string) =>
  world.room.heard('SUBSCRIBE').filter(({ headers }) => headers.destination === destination)

/** Something comes on the newest subscription to a destination. */
function deliver(destination: string, body: string): void {
  const subscription = subscribed(destination).at(-1)?.headers.id ?? ''
  world.room.socket.frame('MESSAGE', { subscription, 'message-id': 'm', destination }, body)
}

describe('signals', () => {
  it('are told as they are', async () => {
    await world.start()
    deliver('/topic/rooms/room', '{"type":"presence","count":1,"here":[]}')
    await settled()
    expect(world.signals).toEqual([{ type: 'presence', count: 1, here: [] }])
  })

  it('are not asked for where nobody listens', async () => {
    await world.start({ onSignal: undefined as never, onTyping: undefined as never })
    expect(subscribed('/topic/rooms/room')).toEqual([])
  })

  it('that are no JSON harm nobody', async () => {
    await world.start()
    deliver('/topic/rooms/room', 'presence')
    world.room.say('one')
    await settled()
    expect(world.problems).toHaveLength(1)
    expect(world.contents).toEqual(['one'])
  })
})

describe('a channel', () => {
  it('is heard on each connection, until it is not wanted any more', async () => {
    const heard: string[] = []
    const client = world.make()
    const end = client.subscribe(CURSORS, ({ body }) => void heard.push(body), { ack: 'auto' })
    client.start()
    await settled()
    deliver(CURSORS, 'one')
    await world.reconnect()
    deliver(CURSORS, 'two')
    await settled()
    end()
    expect(heard).toEqual(['one', 'two'])
    expect(world.room.heard('UNSUBSCRIBE')).toHaveLength(1)
    await world.reconnect()
    expect(subscribed(CURSORS)).toHaveLength(2)
    expect(subscribed(CURSORS)[0]?.headers.ack).toBe('auto')
  })

  it('is heard from the middle of a connection on', async () => {
    const heard: string[] = []
    const client = await world.start()
    client.subscribe(CURSORS, ({ body }) => void heard.push(body))
    deliver(CURSORS, 'one')
    await settled()
    expect(heard).toEqual(['one'])
  })

  it('takes what is published now, or not at all', async () => {
    const client = world.make()
    expect(await client.publish(CURSORS, 'lost')).toBe(false)
    client.start()
    await settled()
    expect(await client.publish(CURSORS, 'text', { colour: 'red' })).toBe(true)
    await world.pass(0)
    expect(world.room.sends(CURSORS)).toMatchObject([{ body: 'text', headers: { colour: 'red' } }])
    world.room.socket.end(1006)
    await settled()
    expect(await client.publish(CURSORS, 'lost')).toBe(false)
  })

  it('whose listener throws takes nothing from the log', async () => {
    const client = await world.start()
    client.subscribe(CURSORS, () => {
      throw new Error('of the application')
    })
    const texts: string[] = []
    world.room.passes = (text) => {
      texts.push(text)
      return false
    }
    deliver(CURSORS, 'one')
    world.room.say('after it')
    world.room.passes = () => true
    world.room.socket.hear(texts.join(''))
    await settled()
    expect(world.problems).toHaveLength(1)
    expect(world.contents).toEqual(['after it'])
    expect(world.room.resumed()).toHaveLength(1)
  })
})
