// A WebSocket message into the frames that it completes, and those into turns of the room.

import type { AccessVerifier } from '../auth/access-verifier.ts'
import type { Config } from '../config.ts'
import { Refusal } from '../refusals.ts'
import type { Room } from '../room/room.ts'
import type { Credential, Turn } from '../room/turn.ts'
import type { Frame } from '../stomp/frame.ts'
import { carriesToken, credentialOf, tokenOf } from './credentials.ts'
import type { HostedRoom } from './hosted-room.ts'
import type { Socket } from './socket.ts'

/** What reading needs beside the room. */
export interface ReadNeeds {
  readonly config: Config
  readonly verifier: AccessVerifier
}

const utf8 = new TextEncoder()

/**
 * Answers every frame that a message completes. Those that need no await are one turn, so that what
 * they say leaves as one message for each connection.
 */
export async function read(
  hosted: HostedRoom,
  socket: Socket,
  data: string | ArrayBuffer,
  needs: ReadNeeds,
): Promise<void> {
  if (socket.session.phase === 'ended') return
  if (socket.session.partial && !socket.decoder.partial) {
    // Because an eviction dropped the start: the rest must not be taken for a frame (H1).
    hosted.turn((turn, room) => room.fail(turn, socket, new Refusal('frame-lost')))
    return
  }
  take(socket, data)
  const before = socket.decoder.frames
  let waiting = hosted.turn((turn, room) => answer(turn, room, socket, before))
  while (waiting) {
    const frame: Frame = waiting
    const credential = await verified(socket, frame, needs)
    waiting = hosted.turn((turn, room) => {
      room.receive(turn, socket, frame, credential)
      return answer(turn, room, socket, before)
    })
  }
  expectRest(hosted, socket, socket.decoder.frames > before, needs.config)
}

function take(socket: Socket, data: string | ArrayBuffer): void {
  const binary = typeof data !== 'string'
  if (binary !== socket.session.binary) socket.session = { ...socket.session, binary }
  socket.decoder.write(binary ? new Uint8Array(data) : utf8.encode(data))
}

/**
 * Answers frames until there is none, or one whose token is to be verified first: it is given.
 *
 * @param before how many frames there were before this message.
 */
function answer(turn: Turn, room: Room, socket: Socket, before: number): Frame | undefined {
  try {
    for (;;) {
      const { session } = socket
      if (session.phase === 'ended') return undefined
      const frame = socket.decoder.next(session.phase === 'connected' ? session.version : undefined)
      if (!frame) break
      if (carriesToken(frame)) return frame
      room.receive(turn, socket, frame, undefined)
    }
    const { frames, partial } = socket.decoder
    room.heard(turn, socket, frames === before && !partial)
  } catch (error) {
    room.fail(turn, socket, error)
  }
  return undefined
}

async function verified(socket: Socket, frame: Frame, needs: ReadNeeds): Promise<Credential> {
  const token = tokenOf(frame) ?? ''
  if (socket.verified?.token === token) return socket.verified.credential
  const credential = await credentialOf(frame, needs.verifier)
  if ('claims' in credential) socket.verified = { token, credential }
  return credential
}

/** A frame of which a part has come: that is remembered, and the rest has a deadline. */
function expectRest(hosted: HostedRoom, socket: Socket, fresh: boolean, config: Config): void {
  const { session } = socket
  if (session.phase === 'ended') return
  const { partial } = socket.decoder
  if (partial !== session.partial) socket.session = { ...session, partial }
  if (session.phase === 'opened') return
  if (!partial || fresh) socket.dropDeadline()
  if (partial) hosted.expect(socket, 'frame-late', config.frameMs)
}
