// Everything that a room may be asked for, as plain data. The file of each type has its schema and its execution.

import type { AcknowledgeCommand } from './acknowledge.ts'
import type { ChannelCommand } from './channel.ts'
import type { DeleteCommand } from './deletion.ts'
import type { EditCommand } from './edit.ts'
import type { MessageCommand } from './message.ts'
import type { QueueCommand } from './queue.ts'
import type { ReactionCommand } from './reaction.ts'
import type { ReadCommand } from './read.ts'
import type { RenewCommand } from './renewal.ts'
import type { TypingCommand } from './typing.ts'

/** The log, a work queue, a channel, the signals and the session of the sender. */
export type Command =
  | MessageCommand
  | EditCommand
  | DeleteCommand
  | ReactionCommand
  | QueueCommand
  | ChannelCommand
  | TypingCommand
  | ReadCommand
  | AcknowledgeCommand
  | RenewCommand
