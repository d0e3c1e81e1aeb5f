// Frames that wait until the hook of the room was asked about them.

import type { Frame } from '../../stomp/frame.ts'
import { type HookQuestion, hookQuestion, isHooked } from '../moderation/hook.ts'
import type { Connection, HookVerdict } from '../ports.ts'
import { authorizeFrame, canonicalDestination } from '../rules.ts'
import type { IncomingFrame, Turn } from '../turn.ts'
import { actorOf, changeAsked, commandOf } from './command-of.ts'
import { transactionFor } from './transactions.ts'

/** The destinations of messages and edits, with the command that each asks for. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['/pub/send/message', 'message'],
  ['/pub/edit/message', 'edit'],
])

/** Whether the hook is asked about a frame before it is answered. */
export function isFrameHooked(
  { room }: Turn,
  { session }: Pick<Connection, 'session'>,
  { command, headers }: Frame,
): boolean {
  if (command !== 'SEND' || session.phase !== 'connected') return false
  const destination = canonicalDestination(headers.get('destination') ?? '')
  return isHooked(room, COMMANDS.get(destination) ?? '')
}

/**
 * What is to be asked about a frame, or the verdict; undefined: nobody is asked about it. Never
 * throws.
 */
export function frameQuestion(
  turn: Turn,
  incoming: IncomingFrame,
): HookQuestion | HookVerdict | undefined {
  if (!isFrameHooked(turn, incoming.connection, incoming.frame)) return undefined
  return hookQuestion(turn, () => {
    const asked = changeAsked(turn, incoming)
    if (asked?.frame.headers.has('transaction')) transactionFor(turn, asked)
    return asked && [actorOf(asked), commandOf(asked, authorizeFrame(turn, asked))]
  })
}
