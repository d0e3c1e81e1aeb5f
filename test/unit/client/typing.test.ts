// The reference client: what it tells of its reader's typing, and what it makes of that of others.

import { beforeEach, describe, expect, it } from 'vitest'
import type { RoomClient } from '../../../src/client/options.ts'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** What the room was told: '+' and '-', and of messages their text. */
async function told(): Promise<string> {
  await settled()
  const sends = world.room.heard('SEND').map(({ body }) => JSON.parse(body))
  return sends.map(({ typing, content }) => content ?? (typing ? '+' : '-')).join(' ')
}

/** Keys, ten a second. */
async function type(client: RoomClient, seconds: number): Promise<void> {
  for (let n = 0; n < seconds * 10; n++) {
    client.typing()
    await world.pass(100)
  }
}

/** The room answers whatever is typed with a refusal. */
function refuseTyping(code: string): void {
  world.room.meddle = (frame, socket) => {
    if (frame.headers.destination !== '/pub/typing') return false
    world.room.frames.push(frame)
    socket.refuseMildly(frame.headers.receipt, code)
    return true
  }
}

describe('what is typed', () => {
  it('is told once in three seconds, and its end after a pause', async () => {
    const client = await world.start()
    await type(client, 7)
    expect(await told()).toBe('+ + +')
    await world.pass(2899)
    expect(await told()).toBe('+ + +')
    await world.pass(1)
    expect(await told()).toBe('+ + + -')
    await world.pass(60_000)
    expect(await told()).toBe('+ + + -')
    expect(world.room.sends('/pub/typing')[0]).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: '{"typing":true}',
    })
  })

  it('is over when the application says so, and told once', async () => {
    const client = await world.start()
    client.typing(false)
    client.typing()
    client.typing(false)
    client.typing(false)
    client.typing()
    expect(await told()).toBe('+ - +')
  })

  it('is over with the message, and begins anew after it', async () => {
    const client = await world.start()
    client.typing()
    await settled()
    client.send('said')
    await world.pass(60_000)
    expect(await told()).toBe('+ said')
    client.typing()
    expect(await told()).toBe('+ said +')
  })

  it('is over with an edit, which ends it for nobody by itself; a reaction is nothing typed', async () => {
    const client = await world.start()
    client.typing()
    client.react(1, '👍')
    await settled()
    expect(world.room.sends('/pub/typing')).toHaveLength(1)
    client.edit(1, 'better')
    await settled()
    expect(world.room.sends('/pub/typing').map(({ body }) => body)).toEqual([
      '{"typing":true}',
      '{"typing":false}',
    ])
  })

  it('without a connection is told to nobody, nor later', async () => {
    const client = world.make()
    client.typing()
    client.start()
    await settled()
    client.typing()
    await settled()
    world.room.socket.end(1006)
    await settled()
    client.typing()
    await world.pass(30_000)
    expect(await told()).toBe('+')
    client.typing()
    expect(await told()).toBe('+ +')
  })

  it('is told with the newest token', async () => {
    const client = await world.start()
    world.token = 'token-2'
    client.typing()
    await settled()
    const order = world.room.heard('SEND').map(({ headers }) => headers.destination)
    expect(order).toEqual(['/pub/auth', '/pub/typing'])
  })

  it('by a reader is told no more, until the role is another', async () => {
    const client = await world.start({ userId: 'me' })
    refuseTyping('not-allowed')
    await type(client, 10)
    expect(await told()).toBe('+')
    expect(world.phases.at(-1)).toBe('connected')
    signal({ type: 'standing', user: { id: 'me' }, role: 'writer' })
    await settled()
    client.typing()
    expect(await told()).toBe('+ +')
    await world.reconnect()
    client.typing()
    expect(await told()).toBe('+ + +')
  })

  it('and was too much at once is told again later', async () => {
    const client = await world.start()
    refuseTyping('too-fast')
    client.typing()
    await settled()
    client.typing()
    expect(await told()).toBe('+ +')
  })

  it('leaves no timer behind', async () => {
    const client = await world.start({ timing: { quiet: 0 } })
    client.typing()
    signal(typing('ann', true))
    await settled()
    await client.stop()
    expect(world.clock.timers).toBe(0)
    expect(world.typists).toEqual(['Ann'])
  })
})

const signal = (body: object) => world.room.signal(body)

const NAMES: Record<string, string> = { ann: 'Ann', bob: 'Bob', me: 'Me' }

const typing = (id: string, on: boolean) => ({
  type: 'typing',
  user: { id, name: NAMES[id] },
  typing: on,
})

describe('somebody who types', () => {
  it('is told of once, and is out six seconds after the last word of it', async () => {
    await world.start()
    signal(typing('ann', true))
    await world.pass(5000)
    signal(typing('bob', true))
    signal(typing('ann', true))
    await world.pass(5999)
    expect(world.typists).toEqual(['Ann', 'Ann Bob'])
    await world.pass(1)
    expect(world.typists).toEqual(['Ann', 'Ann Bob', 'Ann', ''])
  })

  it.each<[string, () => void]>([
    ['says so', () => signal(typing('ann', false))],
    ['leaves', () => signal({ type: 'left', user: { id: 'ann', name: 'Ann' } })],
    [
      'leaves with others',
      () =>
        signal({
          ...{ type: 'presence', count: 300, joined: [] },
          left: [{ id: 'ann', name: 'Ann' }, null, { id: 'zoe' }],
        }),
    ],
    ['has said it', () => world.room.say('said')],
  ])('is out at once who %s', async (_, act) => {
    await world.start()
    signal(typing('ann', true))
    signal(typing('bob', true))
    await settled()
    act()
    await settled()
    expect(world.typists).toEqual(['Ann', 'Ann Bob', 'Bob'])
  })

  it('and begins anew is there for six seconds from then', async () => {
    await world.start()
    signal(typing('ann', true))
    signal(typing('ann', false))
    await world.pass(3000)
    signal(typing('ann', true))
    await world.pass(5999)
    expect(world.typists).toEqual(['Ann', '', 'Ann'])
  })

  it('goes on with what is no message of theirs', async () => {
    await world.start()
    signal(typing('ann', true))
    world.room.say('', { type: 'reaction', target: 1 } as never)
    world.room.say('said', { sender: { id: 'bob', name: 'Bob' } })
    signal({ type: 'joined', user: { id: 'ann', name: 'Ann' } })
    signal({ type: 'presence', count: 1, here: [] })
    signal({ type: 'of tomorrow' })
    await settled()
    expect(world.typists).toEqual(['Ann'])
    expect(world.problems).toEqual([])
  })

  it('is not oneself in another tab', async () => {
    await world.start({ userId: 'me' })
    signal(typing('me', true))
    await settled()
    expect(world.typists).toEqual([])
  })

  it('is unknown without a connection', async () => {
    await world.start()
    signal(typing('ann', true))
    await settled()
    world.room.socket.end(1006)
    await settled()
    expect(world.typists).toEqual(['Ann', ''])
  })

  it('is heard of by whoever wants no other signal', async () => {
    await world.start({ onSignal: undefined as never })
    signal(typing('ann', true))
    await settled()
    expect(world.typists).toEqual(['Ann'])
  })
})
