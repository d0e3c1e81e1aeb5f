// Clients that nobody changed: who types, and how far they have read.

import { expect, test } from 'vitest'
import type { Client } from '../support/clients/client.ts'
import { MESSAGE, type Scene, setStage, withEveryClient } from '../support/clients/stage.ts'

const stage = setStage()

/** What a client says, with a body that says that it is JSON, and the RECEIPT. */
const signal = (client: Client, destination: string, body: object) =>
  client.ask(destination, JSON.stringify(body), { 'content-type': 'application/json' })

/** The signals of one type that the witness has heard, as soon as there are so many. */
async function signals({ witness }: Scene, type: string, least: number) {
  const found = await witness.frames.count(least, ({ body }) => body.includes(`"type":"${type}"`))
  return found.map(({ body }) => JSON.parse(body)).filter((each) => each.type === type)
}

withEveryClient((kind) => {
  test('who types is told to the others, and to whoever says it in a RECEIPT alone', async () => {
    const scene = await stage.scene()
    const { witness, person } = scene
    await witness.ask('SUBSCRIBE', { id: 's', destination: scene.signals })
    const client = await scene.enter(kind)
    await client.listen('s', scene.signals)
    await client.ask('/pub/typing', '')
    await signal(client, '/app/typing', { typing: false })
    await signal(client, '/pub/typing', { typing: false })
    await signal(client, '/app/typing', { typing: true })
    // What the room said before is heard before.
    await client.ask(MESSAGE, 'done')
    await signal(client, '/pub/typing', { typing: true })
    const user = { id: person.id, name: '보라', guest: true }
    expect(await signals(scene, 'typing', 4)).toEqual([
      { type: 'typing', user, typing: true },
      { type: 'typing', user, typing: false },
      { type: 'typing', user, typing: true },
      { type: 'typing', user, typing: true },
    ])
    expect(client.soFar('s').filter(({ body }) => body.includes('typing'))).toEqual([])
  })

  test('how far somebody has read is told without an ACK too', async () => {
    const scene = await stage.scene()
    const { witness, person } = scene
    await witness.ask('SUBSCRIBE', { id: 's', destination: scene.signals })
    for (const content of ['one', 'two'])
      await witness.ask('SEND', { destination: MESSAGE }, content)
    const client = await scene.enter(kind)
    for (const seq of [1, 1, 2]) await signal(client, '/pub/read', { seq })
    const user = { id: person.id, name: '보라', guest: true }
    expect(await signals(scene, 'read', 2)).toEqual([
      { type: 'read', user, seq: 1 },
      { type: 'read', user, seq: 2 },
    ])
  })
})
