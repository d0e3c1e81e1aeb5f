// Clients that nobody changed: bodies of any bytes, and long ones in any number of pieces.

import { expect, test } from 'vitest'
import type { Client } from '../support/clients/client.ts'
import { type Scene, setStage, withEveryClient } from '../support/clients/stage.ts'
import { STOMPJS_7 } from '../support/clients/stompjs-5-to-7.ts'

const stage = setStage({ MAX_FRAME_BYTES: 1_048_576 })

/** Ten bytes, four UTF-16 units at a time. */
const HUNDRED_KB = '한글😀'.repeat(10_240)

/** Every byte, then every byte in another order: NULs, line ends, nothing that is UTF-8. */
const BYTES = Uint8Array.from({ length: 512 }, (_, at) => (at < 256 ? at : at * 7))

withEveryClient((kind) => {
  if (kind.bytes) {
    test('[STOMP A6][STOMP C1][STOMP C6] bytes that are not UTF-8 arrive byte for byte', async () => {
      const scene = await stage.scene()
      const destination = scene.channel('files')
      const client = await scene.enter(kind)
      const other = await scene.enter(STOMPJS_7)
      for (const each of [client, other]) await each.listen('c', destination)
      const headers = { 'content-type': 'application/octet-stream', 'x-name': '한글.bin' }
      await client.ask(destination, BYTES, headers)
      await client.ask(destination, '한글 and \0 inside')
      for (const each of [client, other]) {
        const [bytes, text] = await each.messages('c', 2)
        expect(bytes?.headers).toMatchObject({ ...headers, 'content-length': '512' })
        expect(Buffer.from(bytes?.bytes ?? [])).toEqual(Buffer.from(BYTES))
        expect(text?.body).toBe('한글 and \0 inside')
        expect(text?.headers).not.toHaveProperty('content-type')
      }
    })

    test('[STOMP J8] bytes that are not UTF-8 wait in a queue byte for byte', async () => {
      const scene = await stage.scene()
      const client = await scene.enter(kind)
      await client.ask(scene.queue('files'), BYTES)
      await client.listen('c', scene.queue('files'))
      const [message] = await client.messages('c', 1)
      expect(Buffer.from(message?.bytes ?? [])).toEqual(Buffer.from(BYTES))
    })
  }

  if (kind.splits) {
    // The length of a piece is a multiple of four units: of four bodies, each a unit longer than
    // the one before, one has a piece that ends inside an emoji.
    test('[STOMP B5][STOMP C3] of 100 KB in pieces, whole emoji arrive, and a cut one is a clean ERROR', async () => {
      const scene = await stage.scene()
      const { witness } = scene
      const destination = scene.channel('long')
      await witness.ask('SUBSCRIBE', { id: 'w', destination })
      const outcomes = await Promise.all(
        ['', 'x', 'xx', 'xxx'].map((start) => sendLong(scene, kind, start + HUNDRED_KB)),
      )
      expect(outcomes.sort()).toEqual(['frame-malformed 1002', 'whole', 'whole', 'whole'])

      await witness.ask('SEND', { destination }, 'the bystander’s')
      const heard = witness.frames.items.filter(({ command }) => command === 'MESSAGE')
      expect(heard).toHaveLength(4)
      expect(heard.map(({ body }) => body).join('')).not.toContain('\ufffd')
    })
  } else {
    test('[STOMP C6] 100 KB of Korean and emoji arrive whole', async () => {
      const scene = await stage.scene()
      expect(await sendLong(scene, kind, HUNDRED_KB)).toBe('whole')
      expect(await sendLong(scene, kind, `x${HUNDRED_KB}`)).toBe('whole')
    })
  }
})

/** Says a long body where the client listens itself, and tells what came of it. */
async function sendLong(
  scene: Scene,
  kind: Parameters<Scene['enter']>[0],
  body: string,
): Promise<string> {
  const client: Client = await scene.enter(kind)
  const { wire } = client
  const destination = scene.channel('long')
  await client.listen('c', destination)
  client.send(destination, body, { 'content-type': 'text/plain' })
  const told = await client.heard.find(
    ({ command, body: heard }) => command === 'ERROR' || heard.length === body.length,
  )
  if (told.command === 'MESSAGE') return told.body === body ? 'whole' : 'changed'
  return `${told.headers.code} ${(await wire.closed).code}`
}
