// The text of an invitation: the id of its room, then a secret. Only a digest of the secret is
// kept.

import { createHash } from 'node:crypto'
import { base64url } from 'jose'

/** Random bytes of a secret: 128 bits, not to be guessed. */
export const INVITATION_SECRET_BYTES = 16

/** An invitation token with what its text says. */
export interface InvitationToken {
  /** What people pass on: the id of the room and 22 characters. */
  readonly text: string
  readonly roomId: string
  /** SHA-256 of the secret, in base64url: all that the room keeps of it. */
  readonly digest: string
}

const TOKEN = /^([0-9a-z]{20})([\w-]{22})$/

/** Makes a token. `secret` is INVITATION_SECRET_BYTES random bytes. */
export const makeInvitationToken = (roomId: string, secret: Uint8Array): InvitationToken =>
  tokenOf(roomId, base64url.encode(secret))

/** The token that a text is; undefined where it cannot be one. */
export function readInvitationToken(text: string): InvitationToken | undefined {
  const [, roomId, secret] = TOKEN.exec(text) ?? []
  return roomId === undefined || secret === undefined ? undefined : tokenOf(roomId, secret)
}

const tokenOf = (roomId: string, secret: string): InvitationToken => ({
  text: roomId + secret,
  roomId,
  digest: createHash('sha256').update(secret).digest('base64url'),
})
