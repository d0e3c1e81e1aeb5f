// Tickets: the short-lived single-use tokens that open one WebSocket. Only the room knows whether
// one was used before. Everything else is checked here.

import type { Bearer } from '../bearer.ts'
import { forRoom, type Principal, principalClaims } from '../principal.ts'
import type { FindKey, SigningKey } from './keys.ts'
import { sign } from './sign.ts'
import { principalIn, text, verify, whole } from './verify.ts'

/** `expiresAt` is the ticket's own; the rest of the Bearer is that of the access token. */
export interface Ticket extends Bearer {
  /** Unique; what the room remembers as used. */
  readonly id: string
  /** Undefined: it opens a socket to the account of its person. */
  readonly roomId: string | undefined
  readonly principal: Principal
  /**
   * When the account said that the sign-in holds, and noted the room, if any, by this ticket's id;
   * milliseconds since 1970. Undefined in tickets of older versions.
   */
  readonly askedAt: number | undefined
}

const TYPE = 'ticket+jwt'
const AUDIENCE = 'stompbox:room'

/** A ticket as a text for the URL. */
export async function signTicket(
  { id, roomId, principal, sessionId, version, federated, askedAt, expiresAt }: Ticket,
  key: SigningKey,
  issuer: string,
): Promise<string> {
  const rooms = roomId === undefined ? undefined : forRoom(principal, roomId).rooms
  const who = { ...principalClaims(principal), sid: sessionId, ver: version, foreign: federated }
  const claims = {
    ...who,
    ...(rooms && roomId !== undefined && { role: rooms[roomId] }),
    ...(roomId !== undefined && { room: roomId }),
    ...(askedAt !== undefined && { asked: askedAt }),
  }
  const ours = { issuer, audience: AUDIENCE, typ: TYPE, subject: principal.id, id, expiresAt }
  return sign(claims, ours, key)
}

/**
 * The ticket, once its signature, type and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError as `verify`.
 */
export async function verifyTicket(
  token: string,
  findKey: FindKey,
  issuer: string,
  now: number,
): Promise<Ticket> {
  const claims = await verify(token, findKey, { issuer, audience: AUDIENCE, typ: TYPE, now })
  return {
    id: text(claims.jti),
    roomId: claims.room === undefined ? undefined : text(claims.room),
    principal: {
      ...principalIn(claims),
      ...(claims.role !== undefined && { rooms: { [text(claims.room)]: text(claims.role) } }),
    },
    sessionId: text(claims.sid),
    version: whole(claims.ver),
    federated: claims.foreign === true,
    askedAt: claims.asked === undefined ? undefined : whole(claims.asked),
    expiresAt: whole(claims.exp),
  }
}
