// Ten sockets of one person that died without a close, and one that comes after them.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

let server: Server

beforeAll(async () => {
  server = await startServer({})
})

afterAll(() => server.close())

test.each([false, true])(
  'the eleventh comes in, and the oldest is told 4409 (evicted: %s)',
  async (evicted) => {
    const ann = await guest(server.url, 'Ann')
    const room = await newRoom(server.url, ann)
    const silent = { 'heart-beat': '0,0' }
    const ten = []
    for (let n = 0; n < 10; n++) {
      ten.push(await connect(server.url, ann, room, silent))
      if (evicted) {
        const worker = server.harness.getWorker()
        await worker.evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
      }
    }
    const eleventh = await connect(server.url, ann, room, silent)
    const [oldest, ...others] = ten
    expect((await oldest?.error())?.headers.code).toBe('replaced')
    expect(await oldest?.closed).toEqual({ code: 4409, reason: 'replaced' })
    // The others are there, and the eleventh hears and is heard.
    for (const socket of [...others, eleventh]) {
      await socket.ask('SEND', { destination: '/pub/send/message' }, 'here')
    }
  },
)
