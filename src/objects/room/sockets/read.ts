// The messages of a socket into turns of the room, with the tokens of their frames verified in
// between.

import type { AccessClaims } from '../../../auth/tokens/access-token.ts'
import type { AccessVerifier } from '../../../auth/tokens/access-verifier.ts'
import type { Config } from '../../../config.ts'
import type { ConnectedSession, OpenedSession } from '../../../room/connections/session.ts'
import { lateAt } from '../../../room/connections/unfinished-frame.ts'
import type { Credential } from '../../../room/ports.ts'
import type { Frame } from '../../../stomp/frame.ts'
import type { Accounts } from '../accounts.ts'
import { credentialOf, tokenOf } from '../credentials.ts'
import type { RoomInstance } from '../instance.ts'
import type { Socket } from './socket.ts'

/** What reading needs beside the room. */
export interface ReadNeeds {
  readonly config: Config
  readonly verifier: AccessVerifier
  readonly accounts: Accounts
}

/**
 * Answers every frame that the messages of a socket's inbox complete, in turns that it shares with
 * the other connections. A frame whose token is to be verified waits for that, and the rest for it.
 */
export async function read(
  instance: RoomInstance,
  socket: Socket,
  needs: ReadNeeds,
): Promise<void> {
  const before = socket.decoder.frames
  let left = await instance.receive({ connection: socket })
  while (left) {
    // R4: where there is more, the other connections come first.
    const verified = left === 'more' ? undefined : await verify(instance, socket, left, needs)
    left = await instance.receive({ connection: socket, ...(verified && { verified }) })
  }
  expectRest(instance, socket, socket.decoder.frames > before, needs.config)
}

/** A frame with what its token says. */
async function verify(instance: RoomInstance, socket: Socket, frame: Frame, needs: ReadNeeds) {
  const known = socket.verified
  const credential = await credentialFor(instance, socket, frame, needs)
  return { frame, credential, isNew: socket.verified !== known }
}

async function credentialFor(
  instance: RoomInstance,
  socket: Socket,
  frame: Frame,
  needs: ReadNeeds,
): Promise<Credential> {
  const token = tokenOf(frame) ?? ''
  if (socket.verified?.token === token) return socket.verified.credential
  const credential = await credentialOf(frame, needs.verifier)
  if ('refused' in credential) return credential
  const { session } = socket
  if (session.phase !== 'ended' && mustBeNoted(session, credential.claims)) {
    // A5: the end of this sign-in must reach the socket from now on.
    const { entry: visitId = '' } = session.signIn
    const refused = await needs.accounts.entered(credential.claims, instance.profile.id, visitId)
    if (refused) return { refused }
  }
  socket.verified = { token, credential }
  return credential
}

/** Whether the account of a token's person knows nothing yet of a socket that goes on by it. */
function mustBeNoted(
  session: ConnectedSession | OpenedSession,
  { principal, sessionId, federated, expiresAt }: AccessClaims,
): boolean {
  if (principal.id !== session.principal.id) return false
  if (session.phase === 'opened') return sessionId !== session.signIn.id
  // An older token renews nothing. What is noted of a trusted issuer's sign-in ends with its token.
  if (expiresAt * 1000 < session.expiresAt) return false
  return sessionId !== session.signIn.id || (federated && expiresAt * 1000 > session.expiresAt)
}

/** The rest of a frame of which a part has come has a deadline. */
function expectRest(instance: RoomInstance, socket: Socket, fresh: boolean, config: Config): void {
  const { session } = socket
  if (session.phase !== 'connected') return
  if (!session.partial || fresh) socket.dropDeadline()
  if (!session.partial) return
  const ms = Math.max(0, lateAt(session, config.frameMs) - Date.now())
  instance.expect(socket, 'frame-late', ms)
}
