import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../../src/config.ts'
import {
  Arrivals,
  arrivalLimits,
  lateness,
} from '../../../../../src/objects/shared/sockets/arrival.ts'
import type { Socket } from '../../../../../src/objects/shared/sockets/socket.ts'
import { openedSession, type Session } from '../../../../../src/room/connections/session.ts'
import { person } from '../../../../support/fake-room.ts'

const config = readConfig({})
const NOW = 1e12
const MIB = 2 ** 20

/** How many messages are taken before one is not, sent at one pace. */
function taken(message: string | ArrayBuffer, perSecond: number, most: number): number {
  const arrivals = new Arrivals(arrivalLimits(config))
  for (let n = 0; n < most; n++) {
    if (arrivals.refusal(message, NOW + (n / perSecond) * 1000) !== undefined) return n
  }
  return most
}

/** A message of which nothing but its length may be looked at. */
const only = (length: number) => ({ byteLength: length }) as unknown as ArrayBuffer

describe('what arrives', () => {
  it.each([
    ['text', 'x'],
    ['binary', new ArrayBuffer(1)],
  ])('[R4] is counted: 58,000 messages of one byte in 21 s are not taken (%s)', (_, message) => {
    expect(taken(message, 2760, 58_000)).toBeLessThan(5000)
  })

  it('[R4] is measured: no more bytes are taken than a burst and what comes in', () => {
    expect(taken(only(65_536), 1000, 1000) * 65_536).toBeLessThan(2 * MIB)
  })

  it.each([MIB + 1, 31 * MIB])('[R4] [STOMP P5] is refused by its length alone: %i', (length) => {
    const arrivals = new Arrivals(arrivalLimits(config))
    expect(arrivals.refusal(only(length), NOW)).toBe('frame-too-large')
  })

  it.each<[what: string, message: string | ArrayBuffer, perSecond: number]>([
    ['a frame byte by byte, as quickly as somebody types', 'x', 100],
    ['frames of 8 KB at SEND_PER_SECOND', 'x'.repeat(9000), 10],
    ['frames of MAX_FRAME_BYTES', only(65_536), 4],
    ['FRAMES_PER_SECOND', 'x'.repeat(100), 100],
  ])('[R4] goes on being taken: %s', (_, message, perSecond) => {
    expect(taken(message, perSecond, 10_000)).toBe(10_000)
  })

  it('[H1] would be taken as well after an eviction: ten idle seconds fill every bucket', () => {
    const { messages, bytes } = arrivalLimits(config)
    for (const { burst, perSecond } of [messages, bytes]) {
      expect(burst).toBeLessThanOrEqual(10 * perSecond)
    }
  })
})

describe('a deadline', () => {
  const opened = openedSession(person('ann'), { id: 's', version: 1 }, NOW)
  const connected = { ...opened, phase: 'connected', expiresAt: NOW + 5000 } as unknown as Session
  const late = (session: Session, ms: number) =>
    lateness({ session } as unknown as Socket, NOW + ms, config)

  it('[R4] of CONNECT is kept when something arrives', () => {
    expect([late(opened, 9999), late(opened, 10_000)]).toEqual([undefined, 'connect-late'])
  })

  it('[R4] of a frame is kept when more of it arrives', () => {
    const unfinished = { at: NOW, left: 30_000 }
    const session = { ...connected, expiresAt: Number.POSITIVE_INFINITY, partial: true, unfinished }
    expect([late(session, 9999), late(session, 10_000)]).toEqual([undefined, 'frame-late'])
  })

  it('[R4] [A4] of a token is kept when more of a frame arrives', () => {
    const session = { ...connected, partial: true, unfinished: { at: NOW, left: 30_000 } }
    expect([late(session, 4999), late(session, 5000)]).toEqual([undefined, 'token-expired'])
  })

  it('[H1] of a frame is kept where the version before left no note of when it began', () => {
    const session = { ...connected, partial: true, expiresAt: Number.POSITIVE_INFINITY }
    expect([late(session, 9999), late(session, 10_000)]).toEqual([undefined, 'frame-late'])
  })
})
