// SEND to /pub/auth: a frame whose only purpose is the newer token that it carries. The token was taken
// before the frame was answered; what is left to say is that it was.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'

/**
 * The RECEIPT has `expires-at`, when the session ends now. In a transaction it means nothing: the token is
 * taken at once, and would be missed at COMMIT.
 *
 * @throws Refusal `token-missing`, `header-invalid`.
 */
export function renewSession({ credential, session, frame }: Call<ConnectedSession>): Effect {
  if (frame.headers.has('transaction')) {
    throw new Refusal('header-invalid', 'a renewal is in no transaction')
  }
  if (credential === undefined) throw new Refusal('token-missing')
  const expiresAt = new Date(session.expiresAt).toISOString()
  return { tell() {}, receipt: () => [['expires-at', expiresAt]], repeated: true }
}
