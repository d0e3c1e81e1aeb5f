// Clients that nobody changed: work queues, acknowledgement, and transactions.

import { expect, test } from 'vitest'
import type { Client, Heard } from '../support/clients/client.ts'
import { MESSAGE, setStage, withEveryClient } from '../support/clients/stage.ts'
import { STOMPJS_7 } from '../support/clients/stompjs-5-to-7.ts'

const stage = setStage()

const bodies = (messages: readonly Heard[]) => messages.map(({ body }) => body)

/** The body of each message, and whether it was said to have been delivered before. */
const deliveries = (messages: readonly Heard[]) =>
  messages.map(({ body, headers }) => `${body}${headers.redelivered === 'true' ? ' again' : ''}`)

withEveryClient((kind) => {
  test('a queue without acknowledgement gives each message once', async () => {
    const scene = await stage.scene()
    const jobs = scene.queue('jobs')
    const client = await scene.enter(kind)
    await client.ask(jobs, 'before', { 'x-tone': '한글' })
    await client.listen('first', jobs)
    await client.ask(jobs, 'after')
    const messages = await client.messages('first', 2)
    expect(deliveries(messages)).toEqual(['before', 'after'])
    expect(messages[0]?.headers).toMatchObject({ destination: jobs, 'x-tone': '한글' })
    expect(messages[0]?.headers).not.toHaveProperty('ack')
    client.unsubscribe('first')
    await client.listen('second', jobs)
    await client.ask(jobs, 'last')
    expect(bodies(await client.messages('second', 1))).toEqual(['last'])
  })

  test.each([
    { id: 'J4', ack: 'client', left: ['three again'] },
    { id: 'J5', ack: 'client-individual', left: ['one again', 'three again'] },
  ])(
    '[STOMP $id][STOMP J8] on a queue, ack:$ack of the second of three leaves $left',
    async ({ ack, left }) => {
      const scene = await stage.scene()
      const jobs = scene.queue('jobs')
      const client = await scene.enter(kind)
      await client.listen('first', jobs, { ack })
      for (const body of ['one', 'two', 'three']) client.send(jobs, body)
      const messages = await client.messages('first', 3)
      expect(deliveries(messages)).toEqual(['one', 'two', 'three'])
      await client.settle('ack', messages[1] as Heard)

      client.unsubscribe('first')
      await client.listen('second', jobs, { ack: 'auto' })
      await client.ask(jobs, 'fence')
      const rest = await client.messages('second', left.length + 1)
      expect(deliveries(rest)).toEqual([...left, 'fence'])
    },
  )

  test('[STOMP J5] of messages that came in one moment, the one that is meant is acknowledged', async () => {
    const scene = await stage.scene()
    const jobs = scene.queue('jobs')
    const client = await scene.enter(kind)
    await client.listen('first', jobs, { ack: 'client-individual' })
    client.begin('t')
    for (const body of ['one', 'two', 'three']) client.send(jobs, body, { transaction: 't' })
    client.commit('t')
    const [, two] = await client.messages('first', 3)
    await client.settle('ack', two as Heard)

    client.unsubscribe('first')
    await client.listen('second', jobs, { ack: 'auto' })
    expect(deliveries(await client.messages('second', 2))).toEqual(['one again', 'three again'])
  })

  test('[STOMP J8] what a consumer had when it left goes to another', async () => {
    const scene = await stage.scene()
    const jobs = scene.queue('jobs')
    const client = await scene.enter(kind)
    await client.listen('c', jobs, { ack: 'client-individual' })
    for (const body of ['one', 'two']) client.send(jobs, body)
    const [one] = await client.messages('c', 2)
    await client.settle('ack', one as Heard)
    const { witness } = scene
    await witness.ask('SUBSCRIBE', { id: 'w', destination: jobs })
    await client.disconnect()
    const { body, headers } = await witness.frames.find(({ command }) => command === 'MESSAGE')
    expect([body, headers.redelivered]).toEqual(['two', 'true'])
  })

  test('[STOMP J9] what was refused by NACK comes again, and is done when it is acknowledged', async () => {
    const scene = await stage.scene()
    const jobs = scene.queue('jobs')
    const client = await scene.enter(kind)
    await client.listen('c', jobs, { ack: 'client-individual' })
    await client.ask(jobs, 'job')
    const [first] = await client.messages('c', 1)
    await client.settle('nack', first as Heard)
    const [, again] = await client.messages('c', 2)
    await client.settle('ack', again as Heard)
    await client.ask(jobs, 'next')
    expect(deliveries(await client.messages('c', 3))).toEqual(['job', 'job again', 'next'])
  })

  test('[STOMP J4] on the log, ack:client is the read marker, told to the room', async () => {
    const scene = await stage.scene()
    const { witness } = scene
    const client = await scene.enter(kind)
    await client.listen('log', scene.log, { ack: 'client' })
    await witness.ask('SUBSCRIBE', { id: 's', destination: scene.signals })
    for (const content of ['one', 'two', 'three']) {
      await witness.ask('SEND', { destination: MESSAGE }, content)
    }
    const messages = await client.messages('log', 3)
    await client.settle('ack', messages[1] as Heard)
    await client.settle('ack', messages[2] as Heard)
    const read = ({ body }: { body: string }) => body.includes('"read"')
    const signals = (await witness.frames.count(2, read)).filter(read)
    const user = { id: scene.person.id, name: '보라', guest: true }
    expect(signals.map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'read', user, seq: 2 },
      { type: 'read', user, seq: 3 },
    ])
  })

  test('[STOMP K1][STOMP K2][STOMP K7][STOMP K8] says at COMMIT all that it said since BEGIN, and after ABORT nothing', async () => {
    const scene = await stage.scene()
    const channel = scene.channel('news')
    const client = await scene.enter(kind)
    await client.listen('log', scene.log)
    await client.listen('news', channel)
    await sendIn(client, 't', channel)
    client.abort('t')
    await sendIn(client, 't', channel)
    // Said outside of it, and before its end.
    expect((await client.ask(MESSAGE, 'first')).headers.seq).toBe('1')
    expect(bodies(client.soFar('news'))).toEqual([])
    client.commit('t')

    const messages = await client.messages('log', 3)
    const contents = messages.map(({ body }) => JSON.parse(body).content)
    expect(contents).toEqual(['first', 'one', 'three'])
    expect(bodies(await client.messages('news', 1))).toEqual(['two'])
    expect((await client.ask(MESSAGE, 'last')).headers.seq).toBe('4')
    expect(client.soFar('news')).toHaveLength(1)
  })

  test('[STOMP J11] an ACK in a transaction counts at COMMIT, and after ABORT can be said again', async () => {
    const scene = await stage.scene()
    const jobs = scene.queue('jobs')
    const client = await scene.enter(kind)
    await client.listen('first', jobs, { ack: 'client-individual' })
    for (const body of ['one', 'two']) client.send(jobs, body)
    const [one, two] = await client.messages('first', 2)
    const transaction = 't'
    client.begin(transaction)
    await client.settle('ack', one as Heard, { transaction })
    await client.settle('ack', two as Heard, { transaction })
    client.abort(transaction)
    client.begin(transaction)
    await client.settle('ack', two as Heard, { transaction })
    client.commit(transaction)

    client.unsubscribe('first')
    await client.listen('second', jobs)
    await client.ask(jobs, 'fence')
    expect(deliveries(await client.messages('second', 2))).toEqual(['one again', 'fence'])
  })
})

test('[STOMP G4b] no heart-beat stands before a frame in one message: stompjs 2 and webstomp would miss the frame', async () => {
  const scene = await stage.scene()
  const jobs = scene.queue('jobs')
  const client = await scene.enter(STOMPJS_7)
  await client.listen('c', jobs, { ack: 'client' })
  client.send(jobs, 'whose MESSAGE is the only answer')
  await client.messages('c', 1)
  const starts = client.wire.messages.items.map((message) => message.split('\n')[0])
  expect(starts).toEqual(['CONNECTED', 'RECEIPT', 'MESSAGE'])
})

/** Begins a transaction and says three things in it. */
async function sendIn(client: Client, transaction: string, channel: string): Promise<void> {
  client.begin(transaction)
  client.send(MESSAGE, 'one', { transaction })
  client.send(channel, 'two', { transaction })
  // In a transaction a RECEIPT says that it was queued, and tells no seq.
  const receipt = await client.ask(MESSAGE, 'three', { transaction })
  expect(receipt.headers).not.toHaveProperty('seq')
}
