// A WebSocket message into the frames that it completes, and those into turns of the room.

import type { AccessClaims } from '../../../auth/tokens/access-token.ts'
import type { AccessVerifier } from '../../../auth/tokens/access-verifier.ts'
import type { Config } from '../../../config.ts'
import { Refusal } from '../../../refusals.ts'
import type { ConnectedSession, OpenedSession } from '../../../room/connections/session.ts'
import { lateAt, withPartial } from '../../../room/connections/unfinished-frame.ts'
import { isSpentFor } from '../../../room/limits/budget.ts'
import type { Room } from '../../../room/room.ts'
import type { Credential, Turn } from '../../../room/turn.ts'
import type { Frame } from '../../../stomp/frame.ts'
import type { Accounts } from '../accounts.ts'
import { carriesToken, credentialOf, tokenOf } from '../credentials.ts'
import type { HostedRoom } from '../instance.ts'
import type { Socket } from './socket.ts'

/** What reading needs beside the room. */
export interface ReadNeeds {
  readonly config: Config
  readonly verifier: AccessVerifier
  readonly accounts: Accounts
}

const utf8 = new TextEncoder()

/**
 * Answers every frame that the messages of a socket's inbox complete, in turns that it shares with the other
 * connections: a frame whose token is to be verified waits for that, and the rest for it.
 */
export async function read(hosted: HostedRoom, socket: Socket, needs: ReadNeeds): Promise<void> {
  const before = socket.decoder.frames
  const on = (turn: Turn, room: Room) => answer(turn, room, socket, needs.config.frameMs)
  let waiting = await hosted.soon(on)
  while (waiting) {
    if (waiting === 'more') {
      // R4: the others come first.
      waiting = await hosted.soon(on)
      continue
    }
    const frame: Frame = waiting
    const known = socket.verified
    const credential = await verified(hosted, socket, frame, needs)
    const isNew = socket.verified !== known
    waiting = await hosted.soon((turn, room) => {
      if (isNew) room.verified(turn, socket)
      room.receive(turn, socket, frame, credential)
      return on(turn, room)
    })
  }
  expectRest(hosted, socket, socket.decoder.frames > before, needs.config)
}

/**
 * Answers the messages of the inbox, frame by frame, until there is none, or the turn has done enough, or a frame
 * comes whose token is to be verified first: it is given.
 */
function answer(
  turn: Turn,
  room: Room,
  socket: Socket,
  frameMs: number,
): Frame | 'more' | undefined {
  const { decoder, inbox } = socket
  let read = 0
  try {
    while (socket.session.phase !== 'ended') {
      if (read > 0 && isSpentFor(turn, socket, read)) return 'more'
      read++
      const { session } = socket
      const frame = decoder.next(session.phase === 'connected' ? session.version : undefined)
      if (frame) {
        if (carriesToken(frame)) return frame
        room.receive(turn, socket, frame, undefined)
        continue
      }
      readToItsEnd(turn, room, socket, frameMs)
      const message = inbox.shift()
      if (message === undefined) return undefined
      take(socket, message)
    }
  } catch (error) {
    room.fail(turn, socket, error)
  }
  // Nothing more is heard of a session that has ended.
  inbox.length = 0
  return undefined
}

/** A message was read: it is a sign of life, and what it began is remembered. */
function readToItsEnd(turn: Turn, room: Room, socket: Socket, most: number): void {
  const { decoder, begun } = socket
  if (begun === undefined) return
  socket.begun = undefined
  room.heard(turn, socket, decoder.frames === begun && !decoder.partial)
  const { session } = socket
  const { partial, frames } = decoder
  const next = withPartial(session, { partial, fresh: frames > begun, now: turn.now, most })
  if (next !== session) socket.session = next
}

function take(socket: Socket, message: string | ArrayBuffer): void {
  const { decoder, session } = socket
  // An eviction dropped the start: the rest must not be taken for a frame (H1).
  if (session.partial && !decoder.partial) throw new Refusal('frame-lost')
  socket.begun = decoder.frames
  const binary = typeof message !== 'string'
  if (binary !== session.binary) socket.session = { ...session, binary }
  decoder.write(binary ? new Uint8Array(message) : utf8.encode(message))
}

async function verified(
  hosted: HostedRoom,
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
    const { entry = '' } = session.signIn
    const refused = await needs.accounts.entered(credential.claims, hosted.settings.id, entry)
    if (refused) return { refused }
  }
  socket.verified = { token, credential }
  return credential
}

/** Whether the account of a token's person knows nothing yet of a socket that goes on by it. */
function mustBeNoted(
  session: ConnectedSession | OpenedSession,
  { principal, sessionId, foreign, expiresAt }: AccessClaims,
): boolean {
  if (principal.id !== session.principal.id) return false
  if (session.phase === 'opened') return sessionId !== session.signIn.id
  // An older token renews nothing. What is noted of a trusted issuer's sign-in ends with its token.
  if (expiresAt * 1000 < session.expiresAt) return false
  return sessionId !== session.signIn.id || (foreign && expiresAt * 1000 > session.expiresAt)
}

/** The rest of a frame of which a part has come has a deadline. */
function expectRest(hosted: HostedRoom, socket: Socket, fresh: boolean, config: Config): void {
  const { session } = socket
  if (session.phase !== 'connected') return
  if (!session.partial || fresh) socket.dropDeadline()
  if (!session.partial) return
  const ms = Math.max(0, lateAt(session, config.frameMs) - Date.now())
  hosted.expect(socket, 'frame-late', ms)
}
