// The reference client: the log without hole or double, whatever is lost on the way.

import { beforeEach, describe, expect, it } from 'vitest'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld

beforeEach(() => {
  world = new ClientWorld()
})

/** Loses the next text of the room that holds a word. */
function lose(word: string, times = 1): void {
  let left = times
  world.room.passes = (text) => !text.includes(word) || left-- <= 0
}

describe('the log', () => {
  it('[Q4] resumes each connection after the last event shown', async () => {
    world.room.say('one')
    const client = await world.start()
    world.room.say('two')
    await settled()
    world.room.socket.end(1006)
    world.room.say('three')
    await world.pass(5000)
    expect(world.contents).toEqual(['one', 'two', 'three'])
    expect(world.room.resumed()).toEqual(['0', '2'])
    expect(client.lastSeq).toBe(3)
  })

  it('[Q4] asks for what comes after the seq that the application has', async () => {
    for (const content of ['one', 'two', 'three']) world.room.say(content)
    await world.start({ after: 2 })
    expect(world.contents).toEqual(['three'])
  })

  it('[Q10] begins after what the application has loaded, once that has worked', async () => {
    for (const content of ['one', 'two', 'three']) world.room.say(content)
    const tokens: string[] = []
    const after = async (token: string) => {
      tokens.push(token)
      if (tokens.length === 1) throw new Error('no answer')
      return 2
    }
    const client = await world.start({ after })
    expect(client.lastSeq).toBeUndefined()
    await world.pass(5000)
    await world.reconnect()
    expect(world.contents).toEqual(['three'])
    expect(tokens).toEqual(['token-1', 'token-1'])
    expect(world.room.resumed()).toEqual(['2', '3'])
  })

  it('begins at the head where the application does not care', async () => {
    for (const content of ['one', 'two']) world.room.say(content)
    const ticket = async () => ({ url: 'ws://room' })
    await world.start({ after: undefined as never, api: { ticket, head: async () => 2 } })
    world.room.say('three')
    await settled()
    expect(world.contents).toEqual(['three'])
  })

  it('does not begin where nobody can say where', () => {
    const after = undefined as never
    expect(() => world.make({ after })).toThrow(TypeError)
  })

  it('[Q5] drops what was shown', async () => {
    await world.start()
    const [id = ''] = world.room.socket.logs
    const one = world.room.say('one')
    world.room.socket.tell(id, one, 0)
    world.room.say('two')
    world.room.socket.tell(id, one, 0)
    await settled()
    expect(world.contents).toEqual(['one', 'two'])
    expect(world.room.resumed()).toHaveLength(1)
  })

  it('[Q6] mends a hole in place', async () => {
    await world.start()
    world.room.say('one')
    lose('"content":"two"')
    world.room.say('two')
    world.room.say('three')
    await settled()
    expect(world.contents).toEqual(['one', 'two', 'three'])
    expect(world.room.resumed()).toEqual(['0', '1'])
    expect(world.room.sockets).toHaveLength(1)
    expect(world.room.socket.logs.size).toBe(1)
    expect(world.problems).toEqual([])
  })

  it.each([
    ['is no JSON', '{"seq":'],
    ['is another event', '{"seq":9}'],
    ['is nothing', ''],
  ])('[Q6] asks again for an event whose body %s', async (_, body) => {
    await world.start()
    const [id = ''] = world.room.socket.logs
    world.room.socket.logs.clear()
    const event = world.room.say('one')
    world.room.socket.tell(id, event, 0, body)
    await settled()
    expect(world.contents).toEqual(['one'])
    expect(world.room.resumed()).toEqual(['0', '0'])
  })

  it('[Q5][Q6] shows what is newer, though its prev is old', async () => {
    await world.start()
    const [id = ''] = world.room.socket.logs
    world.room.say('one')
    world.room.say('two')
    world.room.socket.logs.clear()
    world.room.socket.tell(id, world.room.say('three'), 1)
    await settled()
    expect(world.contents).toEqual(['one', 'two', 'three'])
    expect(world.room.resumed()).toHaveLength(1)
  })

  it('[Q6] leaves a connection whose holes cannot be mended', async () => {
    await world.start()
    lose('"content":"one"', 4)
    world.room.say('one')
    for (const content of ['two', 'three', 'four', 'five']) world.room.say(content)
    await settled()
    expect(world.room.resumed()).toEqual(['0', '0', '0', '0'])
    expect(world.phases.at(-1)).toBe('waiting')
    await world.pass(5000)
    expect(world.contents).toEqual(['one', 'two', 'three', 'four', 'five'])
    expect(world.room.sockets).toHaveLength(2)
  })

  it('[Q6] counts the holes in a row alone', async () => {
    await world.start()
    for (let round = 0; round < 10; round++) {
      lose(`"content":"lost ${round}"`)
      world.room.say(`lost ${round}`)
      world.room.say(`next ${round}`)
      await settled()
    }
    expect(world.events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    )
    expect(world.room.sockets).toHaveLength(1)
  })

  it('[Q7] moves on when the event was told, even where the application throws', async () => {
    const seen: (number | undefined)[] = []
    const client = await world.start({
      onEvent: () => {
        seen.push(client.lastSeq)
        throw new Error('of the application')
      },
    })
    world.room.say('one')
    world.room.say('two')
    await settled()
    expect(seen).toEqual([0, 1])
    expect(client.lastSeq).toBe(2)
    expect(world.problems).toHaveLength(2)
    expect(world.room.resumed()).toEqual(['0'])
  })

  it('[Q8] hears nothing under the id of a subscription that it left', async () => {
    await world.start()
    const [old = ''] = world.room.socket.logs
    lose('"content":"one"')
    world.room.say('one')
    world.room.say('two')
    await settled()
    const [now = ''] = world.room.socket.logs
    expect(now).not.toBe(old)
    const late = { ...world.room.say('three'), content: 'late', seq: 4 }
    world.room.socket.tell(old, late, 3)
    await settled()
    expect(world.contents).toEqual(['one', 'two', 'three'])
  })

  it('[Q8] hears nothing of a connection that it left, not even the rest of one WebSocket message', async () => {
    const client = await world.start({
      onEvent: (event) => {
        world.events.push(event)
        client.drop()
      },
    })
    const { socket } = world.room
    const [id = ''] = socket.logs
    const texts: string[] = []
    world.room.passes = (text) => {
      texts.push(text)
      return false
    }
    socket.logs.clear()
    const [one, two] = [world.room.say('one'), world.room.say('two')]
    socket.tell(id, one, 0)
    socket.tell(id, two, 1)
    world.room.passes = () => true
    socket.hear(texts.join(''))
    await settled()
    expect(world.contents).toEqual(['one'])
    await world.pass(5000)
    expect(world.contents).toEqual(['one', 'two'])
  })

  it('[Q9] looks after a silence, and then after ever longer ones', async () => {
    await world.start({ timing: { quiet: 1000 } })
    lose('"content":"one"')
    world.room.say('one')
    await world.pass(999)
    expect(world.contents).toEqual([])
    await world.pass(1)
    expect(world.contents).toEqual(['one'])
    await world.pass(1000 + 2000 + 4000)
    expect(world.room.resumed()).toHaveLength(5)
    expect(world.room.socket.logs.size).toBe(1)
    world.room.say('two')
    await world.pass(999)
    expect(world.room.resumed()).toHaveLength(5)
    await world.pass(1)
    expect(world.room.resumed()).toHaveLength(6)
  })

  it('[Q9] counts a silence from the last event', async () => {
    await world.start({ timing: { quiet: 1000 } })
    await world.pass(500)
    world.room.say('one')
    await world.pass(999)
    expect(world.room.resumed()).toHaveLength(1)
    await world.pass(1)
    expect(world.room.resumed()).toHaveLength(2)
  })

  it('[Q9] does not look where that is not wanted', async () => {
    await world.start({ timing: { quiet: 0 } })
    await world.pass(864_000_000)
    expect(world.room.resumed()).toHaveLength(1)
  })

  it('[Q9] looks for its own event when the RECEIPT has come and the event has not', async () => {
    const client = await world.start()
    lose('MESSAGE')
    client.send('mine')
    await world.pass(4999)
    expect(world.contents).toEqual([])
    await world.pass(1)
    expect(world.contents).toEqual(['mine'])
  })

  it('[Q9] does not look for an event that comes after its RECEIPT, but in time', async () => {
    const client = await world.start()
    const late: string[] = []
    world.room.passes = (text) => !text.startsWith('MESSAGE') || late.push(text) === 0
    client.send('mine')
    await world.pass(4000)
    world.room.passes = () => true
    for (const text of late) world.room.socket.hear(text)
    await world.pass(4000)
    expect(world.contents).toEqual(['mine'])
    expect(world.room.resumed()).toHaveLength(1)
  })

  it('leaves a connection that does not answer a SUBSCRIBE', async () => {
    world.room.meddle = ({ headers }) => headers.id === 'log-1'
    await world.start()
    world.room.say('one')
    await world.pass(16_000)
    expect(world.contents).toEqual(['one'])
    expect(world.room.sockets).toHaveLength(2)
  })
})

describe('the read marker', () => {
  it('acknowledges the newest event up to a seq, once', async () => {
    const client = await world.start({ readMarker: true })
    for (const content of ['one', 'two', 'three']) world.room.say(content)
    await settled()
    expect(client.ack(2)).toBe(true)
    expect(client.ack(2)).toBe(false)
    expect(client.ack(1)).toBe(false)
    expect(client.ack(99)).toBe(true)
    expect(world.room.heard('ACK').map(({ headers }) => headers.id)).toEqual(['log-1-2', 'log-1-3'])
    const [{ headers } = { headers: {} }] = world.room
      .heard('SUBSCRIBE')
      .filter((frame) => frame.headers.after)
    expect(headers).toMatchObject({ ack: 'client' })
  })

  it('acknowledges nothing that came over another subscription', async () => {
    const client = await world.start({ readMarker: true })
    world.room.say('one')
    await settled()
    await world.reconnect()
    expect(client.ack(1)).toBe(false)
    world.room.say('two')
    await settled()
    expect(client.ack(2)).toBe(true)
    expect(world.room.heard('ACK').map(({ headers }) => headers.id)).toEqual(['log-2-2'])
  })

  it('acknowledges nothing that came before a hole was mended', async () => {
    const client = await world.start({ readMarker: true })
    world.room.say('one')
    lose('"content":"two"')
    world.room.say('two')
    world.room.say('three')
    await settled()
    expect(client.ack(1)).toBe(false)
    expect(client.ack(3)).toBe(true)
    expect(world.room.heard('ACK').map(({ headers }) => headers.id)).toEqual(['log-2-3'])
  })

  it('is not asked for where it is not wanted', async () => {
    const client = await world.start()
    world.room.say('one')
    await settled()
    expect(client.ack(1)).toBe(false)
    expect(world.room.heard('ACK')).toEqual([])
  })
})
