import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { type Client, connected, type Heard, madeRoom } from '../support/room-in-workerd.ts'

/** Two pauses in a row: the object is away already. */
function unlessAway(error: Error): void {
  if (!error.message.includes('not currently running')) throw error
}

/**
 * A scene of channels, who types, work queues, read markers and transactions; gives what each
 * client heard.
 */
async function play(evicting: boolean) {
  const { id, stub } = await madeRoom()
  const heard: Record<string, Heard[]> = { ann: [], bob: [] }
  const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
  const clients: Record<string, Client> = { ann, bob }
  const [log, channel] = [`/topic/chat/room/${id}`, `/topic/rooms/${id}/cursors`]
  const [queue, signals] = [`/queue/rooms/${id}/jobs`, `/topic/rooms/${id}`]

  /** Hears so many frames; then the room is evicted. */
  async function hears(who: 'ann' | 'bob', count: number): Promise<Heard> {
    for (let n = 0; n < count; n++) heard[who]?.push((await clients[who]?.next()) as Heard)
    if (evicting) await evictDurableObject(stub).catch(unlessAway)
    return heard[who]?.at(-1) as Heard
  }
  const says = (
    who: 'ann' | 'bob',
    command: string,
    headers: Record<string, string>,
    body = '',
  ) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
    clients[who]?.send(`${command}\n${lines.join('')}\n${body}\0`)
  }

  says('ann', 'SUBSCRIBE', { id: 'who', destination: signals })
  await hears('ann', 1)
  says('ann', 'SUBSCRIBE', { id: 'channel', destination: channel, receipt: '1' })
  await hears('ann', 1)
  says('bob', 'SEND', { destination: channel, 'x-own': 'a', receipt: '2' }, 'moved')
  await hears('bob', 1)
  await hears('ann', 1)

  // Who types: what was told, and that it was, outlasts an eviction.
  says('bob', 'SEND', { destination: '/pub/typing' })
  await hears('ann', 1)
  says('bob', 'SEND', { destination: '/app/typing', receipt: '11' }, '{"typing":false}')
  await hears('bob', 1)
  await hears('ann', 1)
  says('bob', 'SEND', { destination: '/pub/typing', receipt: '12' }, '{"typing":false}')
  await hears('bob', 1)

  // A queue: two consumers, prefetch, redelivery.
  for (const body of ['a', 'b', 'c', 'd']) {
    says('bob', 'SEND', { destination: queue, receipt: body }, body)
    await hears('bob', 1)
  }
  const work = { destination: queue, ack: 'client-individual', 'prefetch-count': '2' }
  says('ann', 'SUBSCRIBE', { id: 'work', ...work })
  await hears('ann', 2)
  says('bob', 'SUBSCRIBE', { id: 'work', ...work })
  const last = await hears('bob', 2)
  says('bob', 'NACK', { id: last.headers.ack ?? '' })
  await hears('bob', 1)
  says('bob', 'ACK', { id: heard.bob?.at(-1)?.headers.ack ?? '', receipt: '3' })
  await hears('bob', 1)
  says('ann', 'UNSUBSCRIBE', { id: 'work', receipt: '4' })
  await hears('ann', 1)
  await hears('bob', 1)

  // The log, read up to a seq, and a transaction over everything.
  says('bob', 'SEND', { destination: '/pub/send/message', receipt: '13' }, 'not subscribed yet')
  await hears('bob', 1)
  for (const receipt of ['14', '15']) {
    says('bob', 'SEND', { destination: '/pub/read', receipt }, '{"seq":1}')
    await hears('bob', 1)
  }
  await hears('ann', 1)
  says('bob', 'SUBSCRIBE', { id: 'log', destination: log, ack: 'client' })
  says('ann', 'SEND', { destination: '/pub/send/message' }, 'read this')
  const read = await hears('bob', 1)
  says('bob', 'BEGIN', { transaction: 't' })
  says('bob', 'SEND', { destination: '/pub/send/message', transaction: 't', receipt: '5' }, 'later')
  await hears('bob', 1)
  says('bob', 'ACK', { id: read.headers.ack ?? '', transaction: 't', receipt: '6' })
  await hears('bob', 1)
  says('bob', 'SEND', { destination: channel, transaction: 't', receipt: '7' }, 'at last')
  await hears('bob', 1)
  says('bob', 'COMMIT', { transaction: 't', receipt: '8' })
  await hears('bob', 2)
  await hears('ann', 2)

  // Whoever goes gives back what it had.
  says('ann', 'SUBSCRIBE', { id: 'work', ...work, receipt: '9' })
  await hears('ann', 1)
  says('bob', 'DISCONNECT', { receipt: '10' })
  await hears('bob', 1)
  await hears('ann', 3)
  const text = JSON.stringify(heard)
    .replaceAll(id, '{room}')
    .replace(/"(ack|message-id)":"(\d+)-[\w-]+"/g, '"$1":"$2-{id}"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{at}')
  return JSON.parse(text) as typeof heard
}

it('[H1] channels, typing, queues, read markers and transactions are the same over evictions', async () => {
  const plain = await play(false)
  expect(await play(true)).toEqual(plain)
  // And the scene is the one that it is meant to be.
  const summary = (frames: Heard[] = []) =>
    frames.map(({ command, headers, body }) =>
      command === 'MESSAGE' ? (headers.seq ?? body.replace(/.*"type":"(\w+)".*/, '$1')) : command,
    )
  expect(summary(plain.ann).join(' ')).toBe(
    'presence RECEIPT moved typing typing a b RECEIPT read read at last RECEIPT b left a',
  )
  expect(plain.bob?.map(({ headers }) => headers.redelivered).filter(Boolean)).toHaveLength(2)
}, 60_000)
