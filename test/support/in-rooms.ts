// A person's sign-ins in rooms of the real objects: sockets, and what the account keeps of them.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { expect, vi } from 'vitest'
import type { SessionGrant } from '../../src/account/views.ts'
import type { Revocation } from '../../src/auth/bearer.ts'
import { signAccessToken } from '../../src/auth/tokens/access-token.ts'
import { importSigningKey } from '../../src/auth/tokens/keys.ts'
import { readConfig } from '../../src/config.ts'
import { RoomObject } from '../../src/objects/room/object.ts'
import { bearerOf, granted, objects, type Person } from './person-in-workerd.ts'
import { Client } from './room-in-workerd.ts'

type Stub = Pick<Person, 'stub'>

/** What a table of the account holds. */
export const rowsIn = (
  { stub }: Stub,
  table: 'revocations' | 'entered_rooms' | 'rooms' | 'sessions',
) =>
  runInDurableObject(stub, (_object, { storage }) =>
    storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
  )

/** Notes that a sign-in is in so many rooms, since so long ago. */
export const noted = ({ stub }: Stub, { sessionId }: SessionGrant, count: number) =>
  runInDurableObject(stub, (_object, { storage }) => {
    for (let n = 0; n < count; n++) {
      storage.sql.exec(
        `INSERT INTO entered_rooms (session_id, room_id, entries, seen_at) VALUES (?, ?, '["e"]', ?)`,
        sessionId,
        `room${n}`,
        n,
      )
    }
  })

/** Rooms that only note what they hear; `answers` says whether sockets remain, or throws. */
export function listening(
  answers: (revocation: Revocation) => Promise<boolean> = async () => false,
): Revocation[] {
  const heard: Revocation[] = []
  vi.spyOn(RoomObject.prototype, 'revoke').mockImplementation((revocation) => {
    heard.push(revocation)
    return answers(revocation)
  })
  return heard
}

/** The access token of a grant, as the gateway makes it. */
export async function tokenOf({ principal, sessionId, version, signedInAt }: SessionGrant) {
  const key = await importSigningKey((await objects.keyRing().material()).signing)
  const claims = { principal, sessionId, version, signedInAt, tokenId: nanoid() }
  return signAccessToken(claims, key, readConfig(env).access, Date.now())
}

/** A socket of this grant in a room, not through CONNECT yet. */
export async function opened(grant: SessionGrant, roomId: string, visitId = nanoid()) {
  const { principal, sessionId, version } = grant
  granted(await objects.account(principal.id).enter(bearerOf(grant), roomId, visitId))
  const who = { principal, sessionId, version, visitId }
  const admission = { ...who, protocol: 'v12.stomp', ticket: undefined }
  const answer = await objects.enterRoom(roomId, admission)
  if (!(answer instanceof Response) || !answer.webSocket) throw new Error('no WebSocket came')
  return new Client(answer.webSocket)
}

/** A socket of this grant in a room, through CONNECT, by the token of that grant or of another. */
export async function connected(
  grant: SessionGrant,
  roomId: string,
  by: SessionGrant = grant,
): Promise<Client> {
  const client = await opened(grant, roomId)
  client.send(`CONNECT\naccept-version:1.2\nAuthorization:Bearer ${await tokenOf(by)}\n\n\0`)
  expect((await client.next()).command).toBe('CONNECTED')
  return client
}

/** Shows a socket the token of a grant. */
export async function renewBy(client: Client, grant: SessionGrant) {
  const token = await tokenOf(grant)
  client.send(`SEND\ndestination:/pub/auth\nAuthorization:Bearer ${token}\nreceipt:r\n\n\0`)
  return client.next()
}
