// Everything that a room may be asked for, and its execution. A SEND, the COMMIT of a transaction
// and a request over HTTP end here.

import { chargeMore, chargeSend, demandSpace } from '../limits/charges.ts'
import { ACK_FRAMES, UNCOUNTED_SEND_FRAMES } from '../limits/limits.ts'
import { writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { type AcknowledgeCommand, acknowledgeHandler } from './acknowledge.ts'
import { type DeleteCommand, deletionHandler } from './deletion.ts'
import {
  type ChannelCommand,
  channelHandler,
  type QueueCommand,
  queueHandler,
} from './destinations.ts'
import { type EditCommand, editHandler } from './edit.ts'
import type { Actor, Check, Handler, Outcome, Written } from './handler.ts'
import { demandKnownKey, earlierEvent } from './idempotency.ts'
import { type MessageCommand, messageHandler } from './message.ts'
import { type PinCommand, pinHandler, type UnpinCommand, unpinHandler } from './pin.ts'
import { type ReactionCommand, reactionHandler } from './reaction.ts'
import { type ReadCommand, readHandler } from './read.ts'
import { type TypingCommand, typingHandler } from './typing.ts'

/**
 * A frame whose only purpose is its newer token. The token was taken before the frame was answered.
 */
interface RenewCommand {
  readonly type: 'renew'
}

/** Everything that a room may be asked for. */
export type RoomCommand =
  | MessageCommand
  | EditCommand
  | DeleteCommand
  | ReactionCommand
  | PinCommand
  | UnpinCommand
  | QueueCommand
  | ChannelCommand
  | TypingCommand
  | ReadCommand
  | AcknowledgeCommand
  | RenewCommand

type Handlers = { readonly [T in RoomCommand['type']]: Handler<Extract<RoomCommand, { type: T }>> }

const NOTHING_NEW: Check = { isNew: false, needsSpace: false }

const renewalHandler: Handler<RenewCommand> = {
  check: () => NOTHING_NEW,
  outcome(_turn, { connection }) {
    const session = connection?.session
    return session?.phase === 'connected' ? { expiresAt: session.expiresAt } : {}
  },
}

const HANDLERS: Handlers = {
  message: messageHandler,
  edit: editHandler,
  delete: deletionHandler,
  reaction: reactionHandler,
  pin: pinHandler,
  unpin: unpinHandler,
  queue: queueHandler,
  channel: channelHandler,
  typing: typingHandler,
  read: readHandler,
  acknowledge: acknowledgeHandler,
  renew: renewalHandler,
}

/**
 * Executes one command: checks it, charges its sender, and writes.
 *
 * @param isCharged it was charged before: see `admitCommand`.
 * @param enter makes its sender a member first, once nothing else refuses the command.
 * @throws Refusal as the handler of the command, `earlierEvent`, `demandKnownKey`, `enter` and the
 * charges: `too-fast`, `room-full`, `too-many-frames`. Then nothing is written.
 */
export function execute(
  turn: Turn,
  actor: Actor,
  command: RoomCommand,
  isCharged = false,
  enter?: () => void,
): Outcome {
  const check = checkCommand(turn, actor, command)
  if (!isCharged) charge(turn, actor, command, check)
  if (enter && check.needsSpace) demandSpace(turn)
  enter?.()
  const [outcome = {}] = write(turn, actor, [command], [check])
  return outcome
}

/**
 * Executes the commands of a transaction, all or none; they were charged when they came.
 *
 * @param alsoWrite written with them.
 * @throws Refusal as `execute`, except for the charges. Then nothing is written.
 */
export function executeAll(
  turn: Turn,
  actor: Actor,
  commands: readonly RoomCommand[],
  alsoWrite: () => void,
): Outcome[] {
  const checks = commands.map((command) => checkCommand(turn, actor, command))
  return write(turn, actor, commands, checks, alsoWrite)
}

/**
 * Checks and charges a command that is to be executed in a later turn. Returns whether it is new:
 * what was done under its key before is not charged.
 *
 * @throws Refusal as `execute`.
 */
export function admitCommand(turn: Turn, actor: Actor, command: RoomCommand): boolean {
  const check = checkCommand(turn, actor, command)
  if (check.earlierSeq !== undefined) return false
  charge(turn, actor, command, check)
  return true
}

/**
 * Checks and charges a command that is kept in a transaction. It is executed with the COMMIT.
 *
 * @param isCharged it was charged before: see `admitCommand`.
 * @throws Refusal as `execute`.
 */
export function admitToTransaction(
  turn: Turn,
  actor: Actor,
  command: RoomCommand,
  isCharged = false,
): void {
  const check = checkCommand(turn, actor, command)
  // R4: a kept frame writes a row, whatever it asks for and whatever comes of its transaction.
  if (!isCharged) chargeSend(turn, actor.principal)
  if (!check.isNew) chargeUncounted(turn, actor, command)
  if (!isFreeing(command)) demandSpace(turn)
}

/**
 * Checks a command. One that was done under the same key before needs no other check.
 *
 * @throws Refusal.
 */
function checkCommand(turn: Turn, actor: Actor, command: RoomCommand): Check {
  const earlierSeq = earlierSeqOf(turn, actor, command)
  if (earlierSeq !== undefined) return { isNew: false, needsSpace: false, earlierSeq }
  if ('idempotencyKey' in command) demandKnownKey(turn, command)
  return handlerOf(command).check(turn, actor, command)
}

function earlierSeqOf(turn: Turn, actor: Actor, command: RoomCommand): number | undefined {
  return 'idempotencyKey' in command ? earlierEvent(turn, actor, command) : undefined
}

function charge(turn: Turn, actor: Actor, command: RoomCommand, { isNew }: Check): void {
  if (isNew) chargeSend(turn, actor.principal)
  else chargeUncounted(turn, actor, command)
}

/**
 * R4: what does not count against the rate of sends counts as more than one frame. Over HTTP every
 * request counts against REQUESTS_PER_MINUTE.
 */
function chargeUncounted(turn: Turn, { connection }: Actor, { type }: RoomCommand): void {
  if (connection)
    chargeMore(turn, connection, type === 'acknowledge' ? ACK_FRAMES : UNCOUNTED_SEND_FRAMES)
}

/** These give space back: they are executed in a full room too. */
const isFreeing = ({ type }: RoomCommand) => type === 'delete' || type === 'acknowledge'

/** Writes everything or nothing, and only then changes sessions and says what came of it. */
function write(
  turn: Turn,
  actor: Actor,
  commands: readonly RoomCommand[],
  checks: readonly Check[],
  alsoWrite?: () => void,
): Outcome[] {
  const { room } = turn
  if (checks.some(({ needsSpace }) => needsSpace)) demandSpace(turn)
  const written: Written[] = []
  const writeAll = () => {
    for (const [index, command] of commands.entries()) {
      const check = checks[index] ?? NOTHING_NEW
      const { earlierSeq } = check
      // Two commands of a transaction may have the same key.
      const seq = earlierSeq ?? (index > 0 ? earlierSeqOf(turn, actor, command) : undefined)
      written.push(seq ?? handlerOf(command).write?.(turn, actor, command, check))
    }
    alsoWrite?.()
  }
  // A message writes more than its row where somebody has hidden the room.
  const isAlone = !alsoWrite && room.ownLists.all().size === 0
  const isOneStatement = isAlone && commands.every((command, n) => isSingle(command, checks[n]))
  writeAtomically(room, writeAll, isOneStatement)
  return commands.map((command, index) =>
    handlerOf(command).outcome(turn, actor, command, written[index]),
  )
}

/** Whether a lone command writes no more than one statement. */
function isSingle(command: RoomCommand, check: Check | undefined): boolean {
  const handler = handlerOf(command)
  if (check?.earlierSeq !== undefined || !handler.write) return true
  return handler.isOneStatement === true && !check?.verdict?.isReported
}

/** The type of a command says which handler takes it, which TypeScript cannot see. */
function handlerOf(command: RoomCommand): Handler<RoomCommand> {
  return HANDLERS[command.type] as Handler<RoomCommand>
}
