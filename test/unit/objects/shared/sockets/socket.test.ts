import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../../src/config.ts'
import { arrivalLimits } from '../../../../../src/objects/shared/sockets/arrival.ts'
import { Socket } from '../../../../../src/objects/shared/sockets/socket.ts'

const SHARE = 262_144

/** A WebSocket whose peer takes nothing, with a Socket that has just woken. */
function stalled() {
  const ws = {
    bufferedAmount: 0,
    closed: undefined as number | undefined,
    send(text: string) {
      this.bufferedAmount += text.length
    },
    close(code: number) {
      this.closed = code
    },
  }
  const config = readConfig({})
  const limits = { decoder: config.decoder, arrivals: arrivalLimits(config), frameMs: 10_000 }
  const ctx = {} as DurableObjectState
  const socket = new Socket(ws as unknown as WebSocket, ctx, limits, { share: SHARE })
  return { ws, socket }
}

describe('a peer that takes nothing', () => {
  it.each([
    ['short messages, which take more memory than bytes', 300, 100, 135],
    ['long messages', 20_000, 10, 14],
    ['heart-beats', 1, 110, 160],
  ])('[R4] is slow by the memory of %s', (_name, length, notYet, by) => {
    const { socket } = stalled()
    const send = (count: number) => {
      for (let n = 0; n < count; n++) socket.send('x'.repeat(length))
    }
    send(notYet)
    expect(socket.congested).toBe(false)
    send(by - notYet)
    expect(socket.congested).toBe(true)
  })

  it('[R2] [R4] is closed before two thousand short messages wait for it', () => {
    const { ws, socket } = stalled()
    let sent = 0
    while (ws.closed === undefined && sent < 2000) {
      socket.send('x'.repeat(100))
      sent++
    }
    expect(ws.closed).toBe(4000)
  })

  it('[R2] is not slow any more once it has taken what waited', () => {
    const { ws, socket } = stalled()
    for (let n = 0; n < 200; n++) socket.send('x'.repeat(300))
    expect(socket.congested).toBe(true)
    ws.bufferedAmount = 0
    expect(socket.congested).toBe(false)
  })
})
