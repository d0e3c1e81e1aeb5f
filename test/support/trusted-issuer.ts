// An issuer that Stompbox trusts, and its people: tokens as an application of one's own makes them.

import { SignJWT } from 'jose'
import type { Person } from './people.ts'

const ISSUER = 'https://corp.example'
const SECRET = 'a shared secret of more than thirty-two bytes'

/** Variables of a server that trusts the issuer. */
export const TRUSTING = {
  TRUSTED_ISSUERS: JSON.stringify([
    { name: 'corp', issuer: ISSUER, audience: 'chat', secret: 'CORP_SECRET', roles: 'groups' },
  ]),
  CORP_SECRET: SECRET,
}

export interface Employed {
  /** Authorities. */
  readonly groups?: readonly string[]
  /** The id of the session. */
  readonly session?: string
  /** Roles in rooms, by the ids of the rooms. */
  readonly rooms?: Readonly<Record<string, unknown>>
  /** Seconds that the token lives. */
  readonly lives?: number
}

/** Somebody of the trusted issuer, by default in a session of their own. */
export async function employee(id: string, more: Employed = {}): Promise<Person> {
  const { groups = ['GENERAL'], session = `${id}-1`, rooms, lives = 600 } = more
  const accessToken = await new SignJWT({ name: id.toUpperCase(), groups, sid: session, rooms })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience('chat')
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime(`${lives}s`)
    .sign(new TextEncoder().encode(SECRET))
  return { id: `corp:${id}`, name: id.toUpperCase(), accessToken }
}
