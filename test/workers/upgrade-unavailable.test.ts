// A browser never sees the status of a refused upgrade: that an object cannot be reached is told
// over the socket.

import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Backend } from '../../src/contract.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { objects, wait, withCalls } from '../support/person-in-workerd.ts'

const HERE = 'https://chat.example'

beforeEach(() => {
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => {})
  }
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const lost = () => Promise.reject(Object.assign(new Error('of the platform'), { overloaded: true }))

const FAULTS: [what: string, fault: Partial<Backend>][] = [
  ['the room', { enterRoom: lost }],
  ['the account', { account: (id) => withCalls(objects.account(id), { checkVisit: lost }) }],
  ['the key ring', { keyRing: () => withCalls(objects.keyRing(), { publicKeys: lost }) }],
]

it.each(FAULTS)('[R3] %s cannot be reached: an ERROR says so, and the close', async (_, fault) => {
  const config = readConfig(env)
  const well = createGateway(config, objects)
  const post = async (path: string, body: object, token = '') => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await well.request(HERE + path, init)).json<Record<string, string>>()
  }
  const { accessToken } = await post('/api/auth/guest', { name: nanoid() })
  const { id } = await post('/api/rooms', { name: 'a room' }, accessToken)
  const { ticket } = await post(`/api/rooms/${id}/tickets`, {}, accessToken)
  // The account is asked again by then.
  wait(1500)
  const ill = createGateway(config, { ...objects, ...fault })
  const answer = await ill.request(`${HERE}/chat?token=${ticket}`, {
    headers: { Upgrade: 'websocket', Origin: HERE, 'Sec-WebSocket-Protocol': 'v12.stomp' },
  })
  expect(answer.status).toBe(101)
  const socket = answer.webSocket
  if (!socket) throw new Error('no socket came')
  const heard = new Promise<string>((resolve) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)))
  })
  const closed = new Promise<object>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }))
  })
  socket.accept()
  expect(await heard).toContain('\ncode:unavailable\n')
  expect(await closed).toEqual({ code: 1013, reason: 'unavailable' })
})
