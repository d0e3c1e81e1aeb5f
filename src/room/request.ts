// The path of a command that comes over HTTP, without a connection: request -> authorize -> command
// -> append -> deliver. The rules, the refusals and `execute` are those of a SEND.

import * as v from 'valibot'
import type { Principal } from '../auth/principal.ts'
import { DeletionBody } from './commands/deletion.ts'
import { EditBody } from './commands/edit.ts'
import { execute, type RoomCommand } from './commands/execute.ts'
import type { Outcome } from './commands/handler.ts'
import { keyOf } from './commands/idempotency.ts'
import { MessageBody } from './commands/message.ts'
import { PinBody } from './commands/pin.ts'
import { ReactionBody } from './commands/reaction.ts'
import { ReadBody } from './commands/read.ts'
import { validated } from './commands/schemas.ts'
import { tellOutcome } from './delivery/deliver.ts'
import { enter } from './membership/join.ts'
import { demandEntry, requesterOf } from './membership/roles.ts'
import { type HookQuestion, hookQuestion, isHooked } from './moderation/hook.ts'
import type { HookVerdict } from './ports.ts'
import { authorize } from './rules.ts'
import type { Turn } from './turn.ts'

/** The headers Idempotency-Key and Idempotency-Since, as they came. */
const Key = {
  idempotencyKey: v.exactOptional(v.string()),
  idempotencySince: v.exactOptional(v.string()),
}

const RequestBody = v.variant('type', [
  v.object({ type: v.literal('message'), ...MessageBody.entries, ...Key }),
  v.object({ type: v.literal('edit'), ...EditBody.entries, ...Key }),
  v.object({ type: v.literal('delete'), ...DeletionBody.entries, ...Key }),
  v.object({ type: v.literal('reaction'), ...ReactionBody.entries, ...Key }),
  v.object({ type: v.literal('pin'), ...PinBody.entries, ...Key }),
  v.object({ type: v.literal('unpin'), ...PinBody.entries, ...Key }),
  v.object({ type: v.literal('read'), ...ReadBody.entries, ...Key }),
])

/** What somebody asks a room for without a connection: plain data. */
export type RoomRequest = v.InferInput<typeof RequestBody>

/** What came of it: the `seq` of an event, if it is about one. */
export type RequestOutcome = Pick<Outcome, 'seq'>

/** M1: the rule of a request is that of a SEND to its destination. */
const DESTINATIONS: Readonly<Record<RoomRequest['type'], string>> = {
  message: '/pub/send/message',
  edit: '/pub/edit/message',
  delete: '/pub/delete/message',
  reaction: '/pub/react/message',
  pin: '/pub/pin/message',
  unpin: '/pub/unpin/message',
  read: '/pub/read',
}

/**
 * Executes a request.
 *
 * @throws Refusal as `demandEntry`, `authorize` and `execute`, `body-invalid` and `header-invalid`
 * for a malformed request, or that of the hook. Then nothing is written.
 */
export function executeRequest(
  turn: Turn,
  by: Principal,
  request: RoomRequest,
  hook?: HookVerdict,
): RequestOutcome {
  demandEntry(turn.room, by)
  if (hook?.refusal) throw hook.refusal
  authorize('SEND', DESTINATIONS[request.type], requesterOf(turn.room, by))
  // R5: whoever is refused does not become a member by it.
  const join = request.type === 'read' ? undefined : () => enter(turn, by)
  const outcome = execute(turn, { principal: by }, commandOf(request), hook?.isCharged, join)
  // The event is delivered with the end of the turn.
  tellOutcome(turn, outcome)
  return outcome.seq === undefined ? {} : { seq: outcome.seq }
}

/**
 * What is to be asked about a request, or the verdict; undefined: nobody is asked about it. Never
 * throws.
 */
export function requestQuestion(
  turn: Turn,
  by: Principal,
  request: RoomRequest,
): HookQuestion | HookVerdict | undefined {
  if (!isHooked(turn.room, request.type)) return undefined
  return hookQuestion(turn, () => {
    demandEntry(turn.room, by)
    authorize('SEND', DESTINATIONS[request.type], requesterOf(turn.room, by))
    return [{ principal: by }, commandOf(request)]
  })
}

function commandOf(request: RoomRequest): RoomCommand {
  const { idempotencyKey, idempotencySince, ...command } = validated(request, RequestBody)
  return { ...command, ...keyOf(idempotencyKey, idempotencySince) }
}
