// The reference client: a newer token is shown in place, before something is sent and in time.

import { beforeEach, describe, expect, it } from 'vitest'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** The tokens that were shown in place. */
const shown = () => world.room.sends('/pub/auth').map(({ headers }) => headers.Authorization)

const LIFE_MS = 900_000

/** A session whose tokens live for a quarter of an hour from now on. */
function session() {
  let expiresAt = world.clock.now() + LIFE_MS
  return {
    accessToken: async () => world.token,
    expiresAt: () => expiresAt,
    renew(token: string) {
      world.token = token
      expiresAt = world.clock.now() + LIFE_MS
    },
  }
}

describe('a newer token', () => {
  it('is shown before the next message, and once', async () => {
    const client = await world.start()
    client.send('one')
    await settled()
    world.token = 'token-2'
    client.send('two')
    client.send('three')
    await settled()
    expect(shown()).toEqual(['Bearer token-2'])
    const order = world.room.heard('SEND').map(({ headers }) => headers.destination)
    expect(order).toEqual([
      '/pub/send/message',
      '/pub/auth',
      '/pub/send/message',
      '/pub/send/message',
    ])
  })

  it('is shown before what is published', async () => {
    const client = await world.start()
    world.token = 'token-2'
    await client.publish('/topic/rooms/room/cursors', '{}')
    expect(world.room.heard('SEND').map(({ headers }) => headers.destination)).toEqual([
      '/pub/auth',
      '/topic/rooms/room/cursors',
    ])
  })

  it('is shown when the application says that there is one', async () => {
    const client = await world.start()
    await client.renew()
    expect(shown()).toEqual([])
    world.token = 'token-2'
    await Promise.all([client.renew(), client.renew()])
    expect(shown()).toEqual(['Bearer token-2'])
  })

  it('is asked for once, however many want it', async () => {
    let asked = 0
    const accessToken = async () => {
      asked++
      return 'token-1'
    }
    const client = await world.start({ session: { accessToken } })
    await Promise.all([client.renew(), client.renew(), client.publish('/topic/rooms/room/x', '')])
    // For the ticket, when it was open, and for all of them.
    expect(asked).toBe(3)
  })

  it('that came between the ticket and CONNECTED is shown at once', async () => {
    const client = world.make()
    world.ticket = () => {
      world.token = 'token-2'
    }
    client.start()
    await settled()
    expect(shown()).toEqual(['Bearer token-2'])
    await world.reconnect()
    expect(shown()).toEqual(['Bearer token-2'])
  })

  it('is the one that a refusal is about', async () => {
    const client = await world.start()
    world.token = 'token-2'
    await client.renew()
    world.room.socket.refuse(4401, 'roles-changed')
    await settled()
    expect(world.refused).toEqual(['roles-changed token-2'])
  })

  it('is not shown on a connection that began with it', async () => {
    const client = await world.start()
    world.token = 'token-2'
    await world.reconnect()
    client.send('one')
    await settled()
    expect(shown()).toEqual([])
  })

  it('cannot be had: what is said is said with the old one', async () => {
    let fails = false
    const accessToken = async () => {
      if (fails) throw new TypeError('fetch failed')
      return 'token-1'
    }
    const client = await world.start({ session: { accessToken } })
    fails = true
    client.send('one')
    await settled()
    expect(world.room.log).toHaveLength(1)
    expect(world.problems).toHaveLength(1)
  })
})

describe('two thirds of its life', () => {
  it('are over: a busy connection is renewed', async () => {
    const mine = session()
    await world.start({ session: mine })
    world.room.say('one')
    await world.pass(LIFE_MS / 2)
    mine.renew('token-2')
    await world.pass(LIFE_MS / 6 - 1)
    expect(shown()).toEqual([])
    await world.pass(1)
    expect(shown()).toEqual(['Bearer token-2'])
  })

  it('are over: an idle one is not, until something comes', async () => {
    const mine = session()
    await world.start({ session: mine })
    await world.pass((LIFE_MS * 2) / 3 + 1000)
    mine.renew('token-2')
    await world.pass(LIFE_MS / 6)
    expect(shown()).toEqual([])
    world.room.say('one')
    await settled()
    expect(shown()).toEqual(['Bearer token-2'])
  })

  it('are over, and there is no newer one yet: it is asked for again', async () => {
    const mine = session()
    await world.start({ session: mine })
    world.room.say('one')
    await world.pass((LIFE_MS * 2) / 3)
    world.token = 'token-2'
    await world.pass((LIFE_MS * 2) / 9)
    expect(shown()).toEqual(['Bearer token-2'])
  })

  it('are known from the room where the session does not say', async () => {
    const client = await world.start()
    world.token = 'token-2'
    world.room.meddle = (frame, socket) => {
      if (frame.headers.destination !== '/pub/auth') return false
      world.room.frames.push(frame)
      const expiresAt = new Date(world.clock.now() + LIFE_MS).toISOString()
      socket.frame('RECEIPT', {
        'receipt-id': frame.headers.receipt ?? '',
        'expires-at': expiresAt.replaceAll(':', '\\c'),
      })
      return true
    }
    await client.renew()
    world.room.say('one')
    await settled()
    world.token = 'token-3'
    await world.pass((LIFE_MS * 2) / 3 - 1)
    expect(shown()).toEqual(['Bearer token-2'])
    await world.pass(1)
    expect(shown()).toEqual(['Bearer token-2', 'Bearer token-3'])
  })

  it('leave no timer behind when the token has ended', async () => {
    await world.start({ session: session(), timing: { quiet: 0 } })
    world.room.say('one')
    await world.pass(2 * LIFE_MS)
    expect(world.clock.timers).toBe(0)
  })
})
