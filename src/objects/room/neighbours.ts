// The objects that a room asks and tells: the key ring, the accounts and the directory.

import type { Config } from '../../config.ts'
import type { KeyRingObject } from '../key-ring/object.ts'
import { accessVerifier } from '../shared/sockets/credentials.ts'
import { Accounts, type EnteredAccounts, type TokenNeeds } from './accounts.ts'
import { GlanceNotices, type WatchingAccounts } from './glance-notices.ts'
import { type Directories, Listing } from './listing.ts'
import { type MemberAccounts, MembershipNotices } from './membership-notices.ts'
import type { Meter } from './usage/meter.ts'

/** The bindings that a room uses. */
export interface RoomEnv {
  readonly KEY_RING: DurableObjectNamespace<KeyRingObject>
  readonly ACCOUNT: RoomAccounts
  readonly DIRECTORY: Directories
}

/** The accounts, by what a room asks of each. */
interface RoomAccounts extends MemberAccounts {
  get(
    id: DurableObjectId,
  ): ReturnType<EnteredAccounts['get']> &
    ReturnType<MemberAccounts['get']> &
    ReturnType<WatchingAccounts['get']>
}

/** What a room asks and tells the other objects by. */
export interface Neighbours extends TokenNeeds {
  readonly membership: MembershipNotices
  readonly glances: GlanceNotices
  readonly listing: Listing
}

/** Reaches them by the bindings. No object is woken by that. */
export function neighbours(env: RoomEnv, config: Config, meter: Meter): Neighbours {
  const keyRing = () => env.KEY_RING.get(env.KEY_RING.idFromName('key-ring'))
  return {
    verifier: accessVerifier(config, keyRing),
    accounts: new Accounts(env.ACCOUNT),
    membership: new MembershipNotices(env.ACCOUNT, meter),
    glances: new GlanceNotices(env.ACCOUNT, meter),
    listing: new Listing(env.DIRECTORY, meter),
  }
}
