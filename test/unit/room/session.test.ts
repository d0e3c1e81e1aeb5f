import { serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attachmentSize } from '../../../src/room/connections/session.ts'
import { MAX_SESSION_BYTES } from '../../../src/room/limits/limits.ts'
import { FakeRoom, person, SIGNALS } from '../../support/fake-room.ts'

describe('[H3] a session fits its attachment', () => {
  const text = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) })
  const plain = fc.oneof(
    text,
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(undefined),
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, plain, tie('list'), tie('record')),
    list: fc.array(tie('any')),
    record: fc.dictionary(text, tie('any')),
  })).any

  it('its size is never thought smaller than it is', () => {
    fc.assert(
      fc.property(value, (each) => attachmentSize(each) >= serialize(each).length),
      { numRuns: 200 },
    )
  })

  it.each(['a', 'é', '구'])('whatever a client fills it with: %s', (letter) => {
    const room = new FakeRoom({ maxSubscriptions: 1e6, transactions: 1e6 })
    const socket = room.connect({ ...person('ann'), name: letter.repeat(160) })
    // One wide letter makes a whole text take two bytes a letter.
    const filler = `${letter}${'x'.repeat(59)}`
    for (let n = 0; !socket.closed && n < 1000; n++) {
      room.subscribe(socket, `${filler}${filler}${n}`, `${SIGNALS}/${filler}${n}`)
      room.send(socket, 'BEGIN', { transaction: `${filler}${n}` })
      room.send(socket, 'SEND', { destination: '/pub/typing' })
      expect(socket.attachmentSize).toBeLessThan(16_384)
    }
    expect(socket.closed).toBeDefined()
    expect(MAX_SESSION_BYTES).toBeLessThan(16_384)
  })
})
