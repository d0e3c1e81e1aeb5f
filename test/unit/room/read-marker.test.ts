import { describe, expect, it } from 'vitest'
import { FakeRoom, type FakeSocket, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

function reading(evicted: boolean) {
  const room = new FakeRoom()
  const [reader, watcher] = [room.connect(ann), room.connect(bob)]
  room.subscribe(watcher, 'who', SIGNALS)
  room.say(watcher, 'before')
  room.subscribe(reader, 'log', LOG, { ack: 'client' })
  for (const content of ['1', '2', '3']) room.say(watcher, content)
  const acks = reader.take().map(({ headers }) => headers.ack ?? '')
  watcher.take()
  if (evicted) room.evict()
  return { room, reader, watcher, acks }
}

const signals = (socket: FakeSocket) => socket.take().map(({ body }) => JSON.parse(body))

describe.each([false, true])('an ack:client subscription to the log (evicted: %s)', (evicted) => {
  it('[STOMP J4] ACK is cumulative, and tells the room how far somebody has read', () => {
    const { room, reader, watcher, acks } = reading(evicted)
    expect(acks).toHaveLength(3)
    room.send(reader, 'ACK', { id: acks[1] ?? '', receipt: 'r' })
    expect(reader.take()).toMatchObject([{ command: 'RECEIPT' }])
    expect(signals(watcher)).toEqual([{ type: 'read', user: { id: 'ann', name: 'ANN' }, seq: 3 }])
    expect(room.log.head()).toBe(4)
  })

  it('never goes back, not in a transaction that says so either', () => {
    const { room, reader, watcher, acks } = reading(evicted)
    const within = { transaction: 't' }
    room.send(reader, 'BEGIN', within)
    room.send(reader, 'ACK', { ...within, id: acks[2] ?? '' })
    room.send(reader, 'ACK', { ...within, id: acks[0] ?? '' })
    room.send(reader, 'COMMIT', within)
    expect(signals(watcher).map(({ seq }) => seq)).toEqual([4])
    room.send(reader, 'ACK', { id: acks[1] ?? '' })
    expect(reader.take()).toMatchObject([{ headers: { code: 'message-unknown' } }])
  })

  it('is told once, however many connections read', () => {
    const { room, reader, watcher, acks } = reading(evicted)
    const other = room.connect(ann)
    room.subscribe(other, 'log', LOG, { ack: 'client', after: '0' })
    const again = other.take().map(({ headers }) => headers.ack ?? '')
    room.send(reader, 'ACK', { id: acks[2] ?? '' })
    room.send(other, 'ACK', { id: again[1] ?? '' })
    expect(signals(watcher)).toHaveLength(1)
  })

  it.each([
    ['what was settled', 0],
    ['what came before', -1],
    ['what has not come', 9],
  ])('[STOMP J6] %s cannot be acknowledged', (_name, beyond) => {
    const { room, reader, acks } = reading(evicted)
    room.send(reader, 'ACK', { id: acks[1] ?? '' })
    room.send(reader, 'ACK', { id: `0-${3 + beyond}` })
    expect(reader.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'message-unknown' } },
    ])
  })

  it('NACK is refused: the log is not redelivered', () => {
    const { room, reader, acks } = reading(evicted)
    room.send(reader, 'NACK', { id: acks[1] ?? '' })
    expect(reader.take()).toMatchObject([{ headers: { code: 'command-unsupported' } }])
  })

  it('[STOMP J7] an auto subscription is not acknowledged', () => {
    const { room, reader } = reading(evicted)
    room.subscribe(reader, 'auto', LOG, { after: '0' })
    const [message] = reader.take()
    expect(message?.headers).not.toHaveProperty('ack')
    room.send(reader, 'ACK', { id: message?.headers['message-id'] ?? '' })
    expect(reader.take()).toMatchObject([{ headers: { code: 'message-unknown' } }])
  })
})
