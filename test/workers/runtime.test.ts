import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { objects } from '../support/person-in-workerd.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

const known = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'bufferedAmount')

afterEach(() => {
  vi.restoreAllMocks()
  if (known) Object.defineProperty(WebSocket.prototype, 'bufferedAmount', known)
})

const health = async () =>
  (await createGateway(readConfig(env), objects).request('https://chat.example/api/health')).json()

it('[R2] a runtime that does not tell what waits in a socket is reported at each start of a room, and by health', async () => {
  const { stub } = await madeRoom()
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  await evictDurableObject(stub)
  await stub.show(principal('ann'))
  expect(errors.mock.calls).toEqual([])
  expect(await health()).toEqual({ status: 'ok' })

  Reflect.deleteProperty(WebSocket.prototype, 'bufferedAmount')
  await evictDurableObject(stub)
  for (let n = 0; n < 3; n++) await stub.show(principal('ann'))
  const missing = 'websocket-buffered-amount'
  expect(errors.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
    { event: 'runtime-degraded', missing, lost: 'R2' },
  ])
  expect(await health()).toEqual({ status: 'degraded', missing: [missing] })
})
