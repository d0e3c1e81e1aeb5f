// The reference client: when it comes back, how soon, with which token, and when it does not.

import { beforeEach, describe, expect, it } from 'vitest'
import type { RoomClientOptions } from '../../../src/client/options.ts'
import { createMemoryOutbox } from '../../../src/client/outbox/memory-outbox.ts'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** How long the client waits now. */
function wait(): number {
  const state = world.states.at(-1)
  return state?.phase === 'waiting' ? state.until - world.clock.now() : -1
}

const NEVER = new Promise<never>(() => undefined)

const refusal = (status: number, code: string) => Object.assign(new Error(code), { status, code })

interface Case {
  readonly close: number
  readonly code: string
  /** What becomes of it: the longest wait, or the end. */
  readonly wait?: number
  readonly ends?: true
  readonly refuses?: true
}

const CLOSES: Case[] = [
  { close: 1000, code: '', wait: 1000 },
  { close: 1001, code: '', wait: 1000 },
  { close: 1006, code: '', wait: 1000 },
  { close: 1011, code: 'internal', wait: 1000 },
  { close: 1012, code: '', wait: 1000 },
  { close: 1013, code: 'unavailable', wait: 10_000 },
  { close: 1002, code: 'frame-malformed', wait: 1000 },
  { close: 1008, code: 'too-many-subscriptions', wait: 1000 },
  { close: 4000, code: 'standing-changed', wait: 1000 },
  { close: 4000, code: 'too-slow', wait: 1000 },
  { close: 4401, code: 'token-expired', wait: 1000, refuses: true },
  { close: 4401, code: 'roles-changed', wait: 1000, refuses: true },
  { close: 4408, code: 'no-sign-of-life', wait: 1000 },
  { close: 4429, code: 'too-many-sockets', wait: 10_000 },
  { close: 4499, code: '', wait: 1000 },
  { close: 4409, code: 'replaced', ends: true },
  { close: 4500, code: '', ends: true },
  { close: 4503, code: 'banned', ends: true },
  { close: 4503, code: 'principal-mismatch', ends: true },
  { close: 4504, code: 'room-deleted', ends: true },
  { close: 4510, code: 'session-ended', ends: true },
  { close: 4516, code: 'after-unknown', ends: true },
  { close: 4999, code: 'of-tomorrow', ends: true },
  { close: 4401, code: 'session-ended', ends: true },
]

describe('a close', () => {
  it.each(CLOSES)('$close $code', async ({ close, code, wait: longest = 0, ends, refuses }) => {
    await world.start()
    if (code === '') world.room.socket.end(close)
    else world.room.socket.refuse(close, code)
    await settled()
    if (ends) {
      expect(world.states.at(-1)).toEqual({ phase: 'ended', code: code || 'not-allowed' })
      await world.pass(86_400_000)
      expect(world.room.sockets).toHaveLength(1)
      expect(world.clock.timers).toBe(0)
      expect(world.listensToNetwork).toBe(false)
    } else {
      const half = longest / 2
      expect(wait()).toBe(longest === 1000 ? half : (half + longest) / 2)
      await world.pass(longest)
      expect(world.phases).toEqual([
        'connecting',
        'connected',
        'waiting',
        'connecting',
        'connected',
      ])
      expect(world.states.at(-2)).toEqual({ phase: 'connecting', again: true })
    }
    expect(world.refused).toEqual(refuses ? [`${code} token-1`] : [])
  })

  it.each([
    ['with the detail of the ERROR', 'You were removed. (boats, (and more))', 'boats, (and more)'],
    ['without one', 'You were removed.', undefined],
  ])('tells why, %s', async (_, body, detail) => {
    await world.start()
    const message = 'You were removed.'
    world.room.socket.frame('ERROR', { code: 'kicked', message }, body)
    world.room.socket.end(4503, 'kicked')
    await settled()
    expect(world.states.at(-1)).toEqual({
      ...{ phase: 'ended', code: 'kicked' },
      ...(detail === undefined ? {} : { detail }),
    })
  })

  it('tells its code where no ERROR did', async () => {
    await world.start()
    world.room.socket.end(4510, 'account-disabled')
    await settled()
    expect(world.states.at(-1)).toEqual({ phase: 'ended', code: 'account-disabled' })
  })

  it.each([
    ['without an ERROR', 4409, 'replaced'],
    ['without a reason', 4409, ''],
    ['under another code', 1008, 'replaced'],
  ])('that tells of newer connections is the end, %s', async (_, close, code) => {
    await world.start()
    world.room.socket.end(close, code)
    await settled()
    expect(world.states.at(-1)).toEqual({ phase: 'ended', code: 'replaced' })
    await world.pass(86_400_000)
    expect(world.room.sockets).toHaveLength(1)
  })

  it('does not come, though an ERROR did: the client leaves', async () => {
    await world.start()
    world.room.socket.frame('ERROR', { code: 'internal' })
    await world.pass(10_000)
    expect(world.phases.at(-1)).toBe('connected')
    expect(world.room.sockets).toHaveLength(2)
  })
})

describe('before a connect', () => {
  it.each<[string, unknown, number | 'ends', boolean]>([
    ['no answer', new TypeError('fetch failed'), 500, false],
    ['unreachable', refusal(0, 'unreachable'), 500, false],
    ['500', refusal(500, 'internal'), 500, false],
    ['429', refusal(429, 'too-fast'), 7500, false],
    ['503', refusal(503, 'unavailable'), 7500, false],
    ['401', refusal(401, 'token-expired'), 500, true],
    ['401 of a session that is over', refusal(401, 'session-ended'), 'ends', false],
    ['403', refusal(403, 'banned'), 'ends', false],
    ['404', refusal(404, 'room-unknown'), 'ends', false],
    ['410', refusal(410, 'room-deleted'), 'ends', false],
    ['nothing that anybody knows', undefined, 500, false],
  ])('a ticket is refused: %s', async (_, error, outcome, refused) => {
    let asked = 0
    world.ticket = () => {
      if (asked++ === 0) throw error
    }
    const client = world.make()
    client.start()
    await settled()
    if (outcome === 'ends') expect(world.phases).toEqual(['connecting', 'ended'])
    else expect(wait()).toBe(outcome)
    expect(world.refused).toHaveLength(refused ? 1 : 0)
    await world.pass(10_000)
    expect(asked).toBe(outcome === 'ends' ? 1 : 2)
  })

  it.each<[unknown, boolean]>([
    [refusal(401, 'refresh-expired'), true],
    [refusal(403, 'account-disabled'), true],
    [refusal(500, 'internal'), false],
    [refusal(429, 'too-fast'), false],
    [new TypeError('fetch failed'), false],
  ])('there is no token: %s', async (error, ends) => {
    let asked = 0
    const accessToken = async () => {
      if (asked++ === 0) throw error
      return 'token'
    }
    await world.start({ session: { accessToken } })
    expect(world.phases.at(-1)).toBe(ends ? 'ended' : 'waiting')
    await world.pass(10_000)
    expect(world.phases.at(-1)).toBe(ends ? 'ended' : 'connected')
  })

  it('a token that never comes is not waited for forever', async () => {
    let asked = 0
    const accessToken = () => (asked++ === 0 ? NEVER : Promise.resolve('token'))
    await world.start({ session: { accessToken } })
    await world.pass(29_999)
    expect(world.phases).toEqual(['connecting'])
    await world.pass(1001)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('each connect has a ticket and a token of its own', async () => {
    const tickets: string[] = []
    const ticket = async (token: string) => {
      tickets.push(token)
      return { url: `ws://room/${tickets.length}` }
    }
    await world.start({ api: { ticket } })
    world.token = 'token-2'
    await world.reconnect()
    expect(tickets).toEqual(['token-1', 'token-2'])
    expect(world.room.sockets.map(({ url }) => url)).toEqual(['ws://room/1', 'ws://room/2'])
    const shown = world.room.heard('CONNECT').map(({ headers }) => headers.Authorization)
    expect(shown).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  it('an address that is none is one attempt that failed', async () => {
    let asked = 0
    class Picky extends world.room.WebSocket {
      constructor(url: string) {
        if (asked++ === 0) throw new SyntaxError('not a URL')
        super(url)
      }
    }
    await world.start({ WebSocket: Picky })
    await world.pass(1000)
    expect(world.phases).toEqual(['connecting', 'waiting', 'connecting', 'connected'])
  })

  it('a socket that does not open is left', async () => {
    world.room.opens = false
    await world.start()
    world.room.opens = true
    await world.pass(14_999)
    expect(world.phases).toEqual(['connecting'])
    await world.pass(501)
    expect(world.phases).toEqual(['connecting', 'waiting', 'connecting', 'connected'])
  })
})

describe('the back-off', () => {
  it('doubles its ceiling up to half a minute, with full jitter', async () => {
    world.ticket = () => {
      throw refusal(0, 'unreachable')
    }
    await world.start()
    const most: number[] = []
    for (let round = 0; round < 8; round++) {
      most.push(wait())
      world.chance = 0.999999
      await world.pass(wait())
    }
    expect(most.slice(1)).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    world.ticket = () => undefined
    await world.pass(30_000)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('is never short where the server asked for patience', async () => {
    world.chance = 0
    await world.start()
    world.room.socket.end(4429)
    await settled()
    expect(wait()).toBe(5000)
  })

  it('starts over after a connection that lasted, and not before', async () => {
    world.chance = 0.999999
    await world.start()
    const waits: number[] = []
    for (const life of [4999, 0, 4999, 5000, 5000]) {
      await world.pass(life)
      world.room.socket.end(1006)
      await settled()
      waits.push(wait())
      await world.pass(wait())
    }
    expect(waits).toEqual([1000, 2000, 4000, 1000, 1000])
  })

  it('ends when somebody is in a hurry', async () => {
    const client = await world.start()
    world.room.socket.end(4429)
    await settled()
    client.hurry()
    await settled()
    expect(world.phases.at(-1)).toBe('connected')
  })
})

describe('the network', () => {
  it('goes: the connection is left, and comes back with it', async () => {
    await world.start()
    world.goOffline()
    await settled()
    expect(world.states.at(-1)).toEqual({ phase: 'offline' })
    await world.pass(10_000)
    expect(world.room.sockets).toHaveLength(1)
    world.goOnline()
    await settled()
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('is looked at now and then, because its coming is not always told', async () => {
    world.online = false
    await world.start()
    expect(world.phases).toEqual(['offline'])
    world.online = true
    await world.pass(30_000)
    expect(world.phases.at(-1)).toBe('connected')
  })
})

describe('a connection that is left', () => {
  it('is closed, and its late end harms no other', async () => {
    class Slow extends world.room.WebSocket {
      /** As that of `ws`: the close is told later. */
      terminate() {
        this.readyState = 2
        world.clock.setTimeout(() => {
          this.readyState = 3
          this.onclose?.({ code: 1006, reason: '' })
        }, 3000)
      }
    }
    const client = await world.start({ WebSocket: Slow })
    client.drop()
    await world.pass(1000)
    const phases = ['connecting', 'connected', 'waiting', 'connecting', 'connected']
    expect(world.phases).toEqual(phases)
    await world.pass(3000)
    world.room.say('one')
    client.send('two')
    await settled()
    expect(world.phases).toEqual(phases)
    expect(world.contents).toEqual(['one', 'two'])
  })

  it('is closed where the socket cannot be cut', async () => {
    const client = await world.start()
    client.drop()
    await settled()
    expect(world.room.socket.readyState).toBe(3)
  })
})

describe('a look after a sleep', () => {
  it('leaves a socket that does not answer', async () => {
    const client = await world.start()
    client.probe()
    expect(world.room.socket.beats).toBe(1)
    await world.pass(4999)
    expect(world.phases.at(-1)).toBe('connected')
    await world.pass(1001)
    expect(world.room.sockets).toHaveLength(2)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('keeps one that answers', async () => {
    const client = await world.start()
    client.probe()
    world.room.socket.hear('\n')
    await world.pass(10_000)
    expect(world.room.sockets).toHaveLength(1)
  })

  it('ends a wait', async () => {
    const client = await world.start()
    world.room.socket.end(4429)
    await settled()
    client.probe()
    await settled()
    expect(world.phases.at(-1)).toBe('connected')
  })
})

describe('a client that is stopped', () => {
  it.each<[string, () => Promise<void>]>([
    ['before it connects', async () => undefined],
    ['while it connects', async () => world.hang()],
    ['when it is connected', settled],
  ])('%s: tells nothing more, and leaves no timer and no socket', async (_, moment) => {
    await moment()
    const client = world.make()
    client.start()
    await moment()
    client.send('kept')
    const told = world.states.length + world.entries.length
    const stopped = client.stop()
    await world.pass(2000)
    await stopped
    world.room.say('too late')
    await world.pass(86_400_000)
    expect(world.clock.timers).toBe(0)
    expect(world.listensToNetwork).toBe(false)
    expect(world.room.sockets.filter(({ readyState }) => readyState !== 3)).toEqual([])
    expect(world.states.length + world.entries.length).toBe(told)
    expect(world.events).toEqual([])
  })

  it.each<[string, Partial<RoomClientOptions>]>([
    ['a token', { session: { accessToken: () => NEVER } }],
    ['a ticket', { api: { ticket: () => NEVER } }],
    ['the beginning of the log', { after: () => NEVER }],
    ['its outbox', { outbox: { ...createMemoryOutbox(), load: () => NEVER } }],
  ])('while it waits for %s: leaves no timer', async (_, options) => {
    const client = await world.start(options)
    await client.stop()
    await settled()
    expect(world.clock.timers).toBe(0)
    expect(world.problems).toEqual([])
  })

  it('at whatever moment: leaves no socket', async () => {
    for (let moment = 0; moment < 40; moment++) {
      const client = world.make()
      client.start()
      for (let turn = 0; turn < moment; turn++) await Promise.resolve()
      const stopped = client.stop()
      await world.pass(2000)
      await stopped
      expect(world.clock.timers).toBe(0)
      expect(world.room.sockets.filter(({ readyState }) => readyState !== 3)).toEqual([])
    }
  })

  it('says farewell', async () => {
    const client = await world.start()
    await client.stop()
    expect(world.room.heard('DISCONNECT')).toHaveLength(1)
  })

  it('does not wait long for the answer to its farewell', async () => {
    const client = await world.start()
    world.room.meddle = () => true
    const stopped = client.stop()
    await world.pass(2000)
    await stopped
    expect(world.room.socket.readyState).toBe(3)
  })

  it('while it waits: comes back no more', async () => {
    const client = await world.start()
    world.room.socket.end(1006)
    await settled()
    await client.stop()
    expect(world.clock.timers).toBe(0)
    await world.pass(86_400_000)
    expect(world.room.sockets).toHaveLength(1)
    client.start()
    client.hurry()
    client.probe()
    await world.pass(86_400_000)
    expect(world.room.sockets).toHaveLength(1)
  })
})
