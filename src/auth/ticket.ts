// Tickets: the short-lived single-use tokens that open one WebSocket. That one was used before
// is known to the room alone; everything else about it is checked here.

import { SignJWT } from 'jose'
import { ALGORITHM, type FindKey, type SigningKey } from './keys.ts'
import type { Principal } from './principal.ts'
import { text, texts, verify, whole } from './verify.ts'

export interface Ticket {
  /** Unique; what the room remembers as used. */
  readonly id: string
  readonly roomId: string
  readonly principal: Principal
  /** Seconds since 1970. */
  readonly expiresAt: number
}

const TYPE = 'ticket+jwt'
const AUDIENCE = 'stompbox:room'

/** A ticket as a text for the URL. */
export async function signTicket(ticket: Ticket, key: SigningKey, issuer: string): Promise<string> {
  const { id, name, roles } = ticket.principal
  return new SignJWT({ name, roles, room: ticket.roomId })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(id)
    .setJti(ticket.id)
    .setExpirationTime(ticket.expiresAt)
    .sign(key.key)
}

/**
 * The ticket, once its signature, type and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError `token-invalid` or `token-expired`.
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
    roomId: text(claims.room),
    principal: { id: text(claims.sub), name: text(claims.name), roles: texts(claims.roles) },
    expiresAt: whole(claims.exp),
  }
}
