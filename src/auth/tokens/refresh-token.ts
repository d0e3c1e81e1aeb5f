// Refresh tokens: opaque to clients; for us they name a session, say when they end, and carry a MAC
// by the session's own key, so that one that was really issued is told from one that was made up.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { base64url } from 'jose'

/** A refresh token with what its text says. */
export interface RefreshToken {
  /** What the client keeps: `<person>.<session>.<secret and expiry>.<mac>`. */
  readonly text: string
  readonly personId: string
  readonly sessionId: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** Random bytes of a token: 208 bits, not to be guessed (RFC 6749, section 10.10). */
export const SECRET_LENGTH = 26

/**
 * Characters of 6 random bits each, of the key of a session's MACs: as many bits as the MAC has.
 */
export const FAMILY_KEY_LENGTH = 43

/** Bytes of seconds since 1970, until 2106. With the secret a multiple of three: no padding. */
const EXPIRY_LENGTH = 4

const TOKEN = /^(([\w-]{1,64})\.([\w-]{1,64})\.([\w-]{40}))\.([\w-]{43})$/

/** Makes a token. `secret` is SECRET_LENGTH random bytes. */
export function makeRefreshToken(
  { personId, sessionId, expiresAt }: Omit<RefreshToken, 'text'>,
  familyKey: string,
  secret: Uint8Array,
): RefreshToken {
  const body = new Uint8Array(SECRET_LENGTH + EXPIRY_LENGTH)
  body.set(secret)
  expiryOf(body).setUint32(0, expiresAt)
  const claims = `${personId}.${sessionId}.${base64url.encode(body)}`
  return { text: `${claims}.${mac(claims, familyKey)}`, personId, sessionId, expiresAt }
}

/** The fields of a text that looks like a token. Nothing of it is trusted until `wasIssued`. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, , personId, sessionId, body] = TOKEN.exec(text) ?? []
  if (personId === undefined || sessionId === undefined || body === undefined) return undefined
  const expiresAt = expiryOf(base64url.decode(body)).getUint32(0)
  return { text, personId, sessionId, expiresAt }
}

/** Whether a token was made here, for the session whose key this is. In constant time. */
export function wasIssued({ text }: RefreshToken, familyKey: string): boolean {
  const end = text.lastIndexOf('.')
  // Compared as texts: two texts may decode to the same bytes, and a token has one spelling.
  return timingSafeEqual(utf8(text.slice(end + 1)), utf8(mac(text.slice(0, end), familyKey)))
}

/**
 * The random bytes of a token's successor. They are the same each time, so two tabs that show one
 * token at once get one successor. They follow from the token's text, which is stored nowhere, and
 * from the key, which no client has.
 */
export function successorSecret({ text }: RefreshToken, familyKey: string): Uint8Array {
  const digest = createHmac('sha256', familyKey).update(`successor\n${text}`).digest()
  return new Uint8Array(digest.subarray(0, SECRET_LENGTH))
}

/** What is kept of a token: SHA-256, in base64url. */
export function tokenHash({ text }: RefreshToken): string {
  return base64url.encode(createHash('sha256').update(text).digest())
}

/** HMAC-SHA256 (RFC 2104), in base64url. */
const mac = (claims: string, familyKey: string) =>
  base64url.encode(createHmac('sha256', familyKey).update(claims).digest())

const expiryOf = (body: Uint8Array) =>
  new DataView(body.buffer, body.byteOffset + SECRET_LENGTH, EXPIRY_LENGTH)

const utf8 = (text: string) => new TextEncoder().encode(text)
