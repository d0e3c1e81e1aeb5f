// Clients that nobody changed: how they leave, and how they come back.

import { expect, test } from 'vitest'
import { MESSAGE, setStage, withEveryClient } from '../support/clients/stage.ts'

const stage = setStage()

withEveryClient((kind) => {
  const how = kind.waits ? 'waits for the RECEIPT of DISCONNECT' : 'closes right after DISCONNECT'

  test(`[STOMP M1][STOMP M5] ${how}: all it said is kept, and the others are told once`, async () => {
    const scene = await stage.scene()
    const { witness } = scene
    await witness.ask('SUBSCRIBE', { id: 'log', destination: scene.log })
    await witness.ask('SUBSCRIBE', { id: 'signals', destination: scene.signals })
    const client = await scene.join(kind)
    for (const content of ['one', 'two', 'three']) client.send(MESSAGE, content)
    await client.disconnect()

    const { code } = await client.wire.closed
    // 1005: both sides closed, and the client's WebSocket shows its own close, which had no code.
    expect([1000, 1005]).toContain(code)
    if (kind.waits) expect(client.wire.messages.items.at(-1)).toMatch(/^RECEIPT\nreceipt-id:/)
    await witness.frames.find(({ body }) => body.includes('"left"'))
    await witness.ask('SEND', { destination: MESSAGE }, 'alone')
    const heard = witness.frames.items.flatMap(({ command, body }) => {
      if (command !== 'MESSAGE') return []
      const { type, content, user } = JSON.parse(body)
      return [content ?? `${type} ${user?.name ?? ''}`]
    })
    const told = ['presence ', 'joined 보라', 'one', 'two', 'three', 'left 보라', 'alone']
    expect(heard).toEqual(told)
  })

  test('[STOMP M6] listens, speaks and leaves in one breath, and disturbs nobody', async () => {
    const scene = await stage.scene()
    const { witness } = scene
    await witness.ask('SUBSCRIBE', { id: 'log', destination: scene.log })
    const client = await scene.join(kind)
    client.subscribe('log', scene.log, { after: '0' })
    client.begin('never committed')
    client.send(MESSAGE, 'hello and goodbye')
    client.send(scene.queue('jobs'), 'for another')
    await client.disconnect()
    expect(JSON.parse((await witness.message(1)).body).content).toBe('hello and goodbye')
    await witness.ask('SUBSCRIBE', { id: 'jobs', destination: scene.queue('jobs') })
    await witness.frames.find(({ body }) => body === 'for another')
    const back = await scene.enter(kind)
    expect((await back.ask(MESSAGE, 'hello again')).headers.seq).toBe('2')
  })

  const returns = kind.reconnects
    ? 'comes back by itself'
    : 'is told that it is cut, and comes back'

  test(`[L6][A3] ${returns} with a new ticket, and misses nothing of the log`, async () => {
    const scene = await stage.scene()
    const saidMeanwhile = Promise.withResolvers<void>()
    let tickets = 0
    const client = await scene.enter(kind, {
      async ticketUrl() {
        if (tickets++ > 0) await saidMeanwhile.promise
        return scene.ticketUrl()
      },
    })
    const lastSeq = () => client.soFar('log').at(-1)?.headers.seq ?? '0'
    client.subscribe('log', scene.log, () => ({ after: lastSeq() }))
    const say = (content: string, by = scene.witness) =>
      by.ask('SEND', { destination: MESSAGE }, content)
    await say('one')
    await say('two')
    await client.messages('log', 2)

    const { wire } = client
    const room = { name: scene.room, webSockets: 'close' } as const
    await stage.server.harness.getWorker().evictDurableObject('ROOM', room)
    await Promise.all([wire.closed, scene.witness.closed])
    const witness = await scene.another()
    await say('three', witness)
    await say('four', witness)
    saidMeanwhile.resolve()
    const back = kind.reconnects ? client : await scene.enter(kind)
    if (!kind.reconnects) {
      await expect(client.error()).rejects.toThrow(/^ended/)
      back.subscribe('log', scene.log, { after: lastSeq() })
    }
    await back.heard.find(({ headers }) => headers.seq === '4')
    await say('five', witness)
    await back.heard.find(({ headers }) => headers.seq === '5')

    const heard = [...new Set([client, back])].flatMap((each) => each.soFar('log'))
    expect(heard.map(({ headers }) => [headers.seq, headers.prev])).toEqual([
      ['1', '0'],
      ['2', '1'],
      ['3', '2'],
      ['4', '3'],
      ['5', '4'],
    ])
    const ids = heard.map(({ body }) => JSON.parse(body).content)
    expect(ids).toEqual(['one', 'two', 'three', 'four', 'five'])
  })
})
