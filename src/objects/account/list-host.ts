// What the sockets of an account work with: its limits, and the questions that it counts.

import { nanoid } from 'nanoid'
import type { Account } from '../../account/account.ts'
import type { ListHost } from '../../account/list/list-turn.ts'
import type { Config } from '../../config.ts'
import { RateBuckets } from '../../room/limits/rate.ts'
import type { Socket } from '../shared/sockets/socket.ts'
import { MOST_ASKED } from './room-glances.ts'

/** Rooms whose question counts as one request of REQUESTS_PER_MINUTE (R5). */
const ROOMS_OF_A_REQUEST = 10

/** The host of an account's turns. All its sockets are one person's. */
export function listHost(
  account: Account,
  { room: { framesPerSecond: perSecond, framesBurst: burst, ...limits } }: Config,
  sockets: () => readonly Socket[],
): ListHost {
  return {
    limits,
    frames: new RateBuckets({ perSecond, burst }),
    newId: nanoid,
    connections: sockets,
    people: { connectionsOf: () => sockets().filter(({ gone }) => !gone) },
    voidBecause: (bearer, now) => account.voidBecause(bearer, now),
    chargeQuestion: (now) => {
      const rooms = Math.min(account.stored?.memberRooms.count() ?? 0, MOST_ASKED)
      const refused = account.charge(1 + Math.ceil(rooms / ROOMS_OF_A_REQUEST), now)
      return refused?.retryAfter ?? 0
    },
  }
}
