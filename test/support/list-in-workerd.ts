// Somebody's open lists of rooms: sockets of the real account, inside workerd.

import { nanoid } from 'nanoid'
import { expect } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import { tokenOf } from './in-rooms.ts'
import { bearerOf, objects } from './person-in-workerd.ts'
import { Client, type Heard } from './room-in-workerd.ts'

/** A socket to the account of a grant, or the code of its refusal. `ticket`: its id. */
export async function openedList(
  grant: SessionGrant,
  ticket?: string,
  cost = 0,
): Promise<Client | string> {
  const { principal } = grant
  const answer = await objects.enterAccount(principal.id, {
    ...{ principal, bearer: bearerOf(grant), cost, protocol: 'v12.stomp' },
    ticket:
      ticket === undefined
        ? undefined
        : { id: ticket, expiresAt: Math.floor(Date.now() / 1000) + 30 },
  })
  if (!(answer instanceof Response)) return answer.refused
  if (!answer.webSocket) throw new Error('no WebSocket came')
  return new Client(answer.webSocket)
}

/** A CONNECT by the token of a grant. */
export const connectFrame = async (grant: SessionGrant, headers = ''): Promise<string> =>
  `CONNECT\naccept-version:1.2\n${headers}Authorization:Bearer ${await tokenOf(grant)}\n\n\0`

/** The same socket, through CONNECT. */
export async function connectedList(grant: SessionGrant, headers = ''): Promise<Client> {
  const client = await openedList(grant, nanoid())
  if (typeof client === 'string') throw new Error(client)
  client.send(await connectFrame(grant, headers))
  expect(await client.next()).toMatchObject({ command: 'CONNECTED' })
  return client
}

/** A SUBSCRIBE to the list of rooms. */
export const subscribeFrame = (limit?: number, id = 'list'): string =>
  `SUBSCRIBE\nid:${id}\ndestination:/user/queue/rooms\n${limit ? `limit:${limit}\n` : ''}\n\0`

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies as they come.
export const bodyOf = ({ command, headers, body }: Heard): any => {
  if (command !== 'MESSAGE') throw new Error(headers.code ?? command)
  return JSON.parse(body)
}

/** A list that is open: its client, and its snapshot. */
export async function openList(grant: SessionGrant, limit?: number) {
  const client = await connectedList(grant)
  client.send(subscribeFrame(limit))
  return { client, snapshot: bodyOf(await client.next()) }
}

/** What a list is told next of that type. */
export async function told(client: Client, type: string) {
  for (;;) {
    const body = bodyOf(await client.next())
    if (body.type === type) return body
  }
}
