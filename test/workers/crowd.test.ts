import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { CROWD_PEOPLE } from '../../src/room/limits/limits.ts'
import { type Client, connected, madeRoom } from '../support/room-in-workerd.ts'

const told = async (client: Client) => {
  const { body } = await client.next()
  const { type, count, joined = [], left = [] } = JSON.parse(body)
  const ids = (people: { id: string }[]) => people.map(({ id }) => id)
  return { type, count, joined: ids(joined), left: ids(left) }
}

it('[R6] a crowd is told together who comes and goes, also after an eviction (H1)', async () => {
  const { id, stub } = await madeRoom()
  const signals = `SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\n\n\0`
  for (let n = 0; n < CROWD_PEOPLE; n++) await connected(stub, `p${n}`)
  const listener = await connected(stub, 'zoe')
  listener.send(signals)
  // Whoever of them was not told yet may be told now, beside the snapshot.
  let heard = await told(listener)
  expect(heard).toMatchObject({ type: 'presence', count: CROWD_PEOPLE + 1 })

  const cyd = await connected(stub, 'cyd')
  const until = async (word: 'joined' | 'left', who: string) => {
    while (!heard[word].includes(who)) heard = await told(listener)
    return heard
  }
  expect(await until('joined', 'cyd')).toMatchObject({ type: 'presence', count: CROWD_PEOPLE + 2 })

  await evictDurableObject(stub)
  cyd.close()
  expect(await until('left', 'cyd')).toEqual({
    ...{ type: 'presence', count: CROWD_PEOPLE + 1 },
    ...{ joined: [], left: ['cyd'] },
  })

  await evictDurableObject(stub)
  const late = await connected(stub, 'late')
  late.send(signals)
  expect(await told(late)).toMatchObject({ count: CROWD_PEOPLE + 2 })
  expect(await until('joined', 'late')).toMatchObject({ count: CROWD_PEOPLE + 2 })
}, 60_000)
