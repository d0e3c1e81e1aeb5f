import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { type Client, connected, madeRoom, principal } from '../support/room-in-workerd.ts'

/** The first letter of the second is Cyrillic; names are the ids in capitals. */
const [ANN, ANN_TOO] = ['ann', '\u0430nn']

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const evict = (stub: Stub) => evictDurableObject(stub, { webSockets: 'hibernate' })

/** Says something in a room that has just woken. */
async function say(stub: Stub, client: Client): Promise<void> {
  await evict(stub)
  client.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nhello\0')
  for (;;) if ((await client.next()).command === 'RECEIPT') break
}

/** Waits until somebody who listens to the signals is told that another has left. */
async function left(listener: Client, id: string): Promise<void> {
  for (;;) {
    const { body } = await listener.next()
    if (body.includes('"left"') && JSON.parse(body).user.id === id) return
  }
}

interface Event {
  readonly type: string
  readonly sender: { readonly lookalike?: true }
}

/** Which of the messages of the log are marked. */
async function marks(stub: Stub): Promise<boolean[]> {
  const page = await stub.events(principal('owner'), {})
  if (!('value' in page)) throw new Error(page.refused)
  const { events } = page.value as { events: Event[] }
  return events
    .filter(({ type }) => type === 'message')
    .map(({ sender }) => sender.lookalike === true)
}

it('[H1] who looks like somebody here is marked in the log and in snapshots, over evictions', async () => {
  const { id, stub } = await madeRoom()
  const ann = await connected(stub, ANN)
  await evict(stub)
  const other = await connected(stub, ANN_TOO)
  await say(stub, ann)
  await say(stub, other)
  other.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\n\n\0`)
  expect(JSON.parse((await other.next()).body).here).toEqual([
    { id: ANN, name: 'ANN' },
    { id: ANN_TOO, name: ANN_TOO.toUpperCase(), lookalike: true },
  ])
  await evict(stub)
  ann.close()
  await left(other, ANN)
  await say(stub, other)
  expect(await marks(stub)).toEqual([false, true, false])
  // What is told live and replayed is what the log holds.
  const reader = await connected(stub, 'bob')
  reader.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:0\n\n\0`)
  for (const marked of [undefined, true, undefined]) {
    expect(JSON.parse((await reader.next()).body).sender.lookalike).toBe(marked)
  }
})

it('[H1] the names of the owner and of moderators are theirs while they are away', async () => {
  const { id, stub } = await madeRoom()
  const impostor = await connected(stub, '0wner')
  await say(stub, impostor)
  const ann = await connected(stub, ANN)
  const other = await connected(stub, ANN_TOO)
  await stub.setRole(principal('owner'), ANN, 'moderator')
  other.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\n\n\0`)
  expect((await other.next()).command).toBe('MESSAGE')
  ann.close()
  await left(other, ANN)
  await say(stub, other)
  await stub.setRole(principal('owner'), ANN, 'writer')
  await say(stub, other)
  expect(await marks(stub)).toEqual([true, true, false])
})

it('[C1] a mark costs a message no row', async () => {
  const { stub } = await madeRoom()
  await connected(stub, ANN)
  const other = await connected(stub, ANN_TOO)
  const written = async () => {
    const cost = await stub.cost(principal('owner'))
    if (!('value' in cost)) throw new Error(cost.refused)
    return cost.value
  }
  const send = async () => {
    other.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nhello\0')
    expect((await other.next()).command).toBe('RECEIPT')
  }
  await send()
  const before = await written()
  for (let n = 0; n < 5; n++) await send()
  const after = await written()
  expect(after.rowsWritten - before.rowsWritten).toBe(5)
  expect(after.rowsRead - before.rowsRead).toBeLessThanOrEqual(5)
})
