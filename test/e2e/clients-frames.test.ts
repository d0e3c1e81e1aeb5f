// Frames of 1 MiB, in any number of WebSocket messages, text and binary.

import { expect, test } from 'vitest'
import { setStage } from '../support/clients/stage.ts'
import { STOMPJS_7, STOMPJS_7_BINARY } from '../support/clients/stompjs-5-to-7.ts'
import { frameText } from '../support/stomp-socket.ts'

const stage = setStage({ MAX_FRAME_BYTES: 2_097_152 })

const MIB = 1_048_576

/** Korean and emoji, ten bytes at a time. */
const TEXT = '한글😀'.repeat((MIB - 6) / 10).concat('x'.repeat(6))

/** NULs, line ends, and nothing that is UTF-8 for long. */
const BYTES = Uint8Array.from({ length: MIB }, (_, at) => (at * 7 + (at >> 8)) & 255)

test.each([1, 7, 1000])(
  '[STOMP B5][STOMP A6] 1 MiB of text in $0 text messages arrives whole',
  async (pieces) => {
    const scene = await stage.scene()
    const { witness } = scene
    const destination = scene.channel('files')
    const client = await scene.enter(STOMPJS_7)
    await client.listen('c', destination)
    await witness.ask('SUBSCRIBE', { id: 'w', destination })
    const frame = frameText('SEND', { destination, receipt: 'sent' }, TEXT)
    // A text message holds whole characters.
    for (const piece of cut([...frame], pieces)) witness.raw(piece.join(''))

    const own = await witness.frames.find(({ command }) => command === 'MESSAGE')
    const [theirs] = await client.messages('c', 1)
    for (const message of [own, theirs]) {
      expect(message?.headers['content-length']).toBe(String(MIB))
      // A plain comparison would print a difference of a mebibyte.
      expect(message?.body === TEXT).toBe(true)
    }
    expect([...witness.kinds]).toEqual(['text'])
    await witness.frames.find(({ headers }) => headers['receipt-id'] === 'sent')
  },
)

test.each([1, 7, 1000])(
  '[STOMP B5][STOMP C1] 1 MiB of bytes in $0 binary messages arrives byte for byte',
  async (pieces) => {
    const scene = await stage.scene()
    const { witness } = scene
    const destination = scene.channel('files')
    const clients = [await scene.enter(STOMPJS_7), await scene.enter(STOMPJS_7_BINARY)]
    for (const client of clients) await client.listen('c', destination)
    const headers = { destination, receipt: 'sent', 'content-length': MIB, 'x-name': '한글' }
    const head = Buffer.from(frameText('SEND', headers).slice(0, -1))
    const frame = Buffer.concat([head, BYTES, Buffer.of(0)])
    for (const piece of cut(frame, pieces)) witness.raw(piece)

    await witness.frames.find(({ headers }) => headers['receipt-id'] === 'sent')
    for (const client of clients) {
      const [message] = await client.messages('c', 1)
      expect(message?.headers).toMatchObject({ 'content-length': String(MIB), 'x-name': '한글' })
      expect(Buffer.compare(message?.bytes ?? Buffer.of(), BYTES)).toBe(0)
    }
  },
)

test('[STOMP P5] a frame over the limit is a clean ERROR, however it is cut', async () => {
  const scene = await stage.scene()
  const destination = scene.channel('files')
  const frame = frameText('SEND', { destination }, 'x'.repeat(2 * MIB))
  for (const pieces of [1, 7]) {
    const socket = await scene.another()
    for (const piece of cut(Buffer.from(frame), pieces)) socket.raw(piece)
    expect((await socket.error()).headers.code).toBe('frame-too-large')
    expect(await socket.closed).toEqual({ code: 1009, reason: 'frame-too-large' })
  }
  await scene.witness.ask('SEND', { destination }, 'still here')
})

interface Sliceable<Whole> {
  readonly length: number
  slice(from: number, to: number): Whole
}

/** A whole in so many pieces of about the same length. */
function cut<Whole extends Sliceable<Whole>>(whole: Whole, pieces: number): Whole[] {
  return Array.from({ length: pieces }, (_, index) =>
    whole.slice(
      Math.floor((whole.length * index) / pieces),
      Math.floor((whole.length * (index + 1)) / pieces),
    ),
  )
}
