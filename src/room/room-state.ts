// A room out of what the outside brings, and its first look around when it wakes.

import { lookOf } from '../look.ts'
import { isBehind } from './connections/session.ts'
import { KeyedLog } from './keys/keyed-log.ts'
import { JOINS_BURST, JOINS_PER_SECOND } from './limits/limits.ts'
import { RateBuckets } from './limits/rate.ts'
import { People } from './people/people.ts'
import { News } from './people/presence-batch.ts'
import type { Behind, Parts } from './turn.ts'

/** What the outside has to bring. */
export type RoomNeeds = Omit<
  Parts,
  | 'keyed'
  | 'sends'
  | 'frames'
  | 'joins'
  | 'stalls'
  | 'rotation'
  | 'people'
  | 'news'
  | 'swept'
  | 'ownerLook'
> & {
  /** What the fingerprints of idempotency-keys begin with: 32 bits, always the same here, and secret. */
  readonly keySeed: number
  readonly ownerName: string
}

export function partsOf(needs: RoomNeeds): Parts {
  const { sendPerSecond, sendBurst, framesPerSecond, framesBurst, socketsPerPrincipal } =
    needs.limits
  return {
    ...needs,
    keyed: new KeyedLog(needs.log, needs.keySeed),
    stalls: new WeakMap(),
    rotation: { next: 0 },
    ownerLook: lookOf(needs.ownerName),
    people: new People(),
    news: new News(),
    swept: { at: 0 },
    sends: new RateBuckets({ perSecond: sendPerSecond, burst: sendBurst }),
    frames: new RateBuckets({ perSecond: framesPerSecond, burst: framesBurst }),
    joins: new RateBuckets({
      perSecond: JOINS_PER_SECOND * socketsPerPrincipal,
      burst: JOINS_BURST * socketsPerPrincipal,
    }),
  }
}

/** After an eviction some subscription may be behind; after a crash sessions are gone for good. */
export function wake({ people, news, transactions, ...parts }: Parts): Behind | undefined {
  const connections = parts.connections()
  people.build(connections)
  news.woke(people)
  const sessions = connections.map(({ session }) => session)
  const ids = sessions.flatMap((session) => (session.phase === 'connected' ? [session.id] : []))
  transactions.keep(new Set(ids))
  return sessions.some(isBehind) || parts.log.isEmptying ? 'moving' : undefined
}
