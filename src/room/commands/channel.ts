// A message to a channel: a plain STOMP topic. Nothing of it is stored.

import type { Payload } from '../queues/payload.ts'
import type { Handler } from './handler.ts'

export interface ChannelCommand {
  readonly type: 'channel'
  readonly name: string
  readonly payload: Payload
}

/** Gives a message to every subscriber of the channel. */
export const channelHandler: Handler<ChannelCommand> = {
  check: () => ({ isNew: true, needsSpace: false }),
  outcome: (_turn, _actor, { name, payload }) => ({ signal: { to: 'channel', name, payload } }),
}
