// What an object holds of its account: the account itself, its alarm, its visits and its sockets.

import { nanoid } from 'nanoid'
import { Account } from '../../account/account.ts'
import type { GoneBecause } from '../../account/list/snapshot.ts'
import type { Randomness } from '../../account/ports.ts'
import type { MemberRoom } from '../../account/views.ts'
import { audit } from '../../audit.ts'
import { FAMILY_KEY_LENGTH, SECRET_LENGTH } from '../../auth/tokens/refresh-token.ts'
import { readConfig } from '../../config.ts'
import type { KeyRingObject } from '../key-ring/object.ts'
import { accessVerifier } from '../shared/sockets/credentials.ts'
import { AccountAlarm } from './alarm.ts'
import { AccountLists } from './lists.ts'
import type { WatchedRooms } from './room-glances.ts'
import { accountStorage } from './sql-account.ts'
import { type EnteredRooms, Visits } from './visits.ts'

/** The bindings that an account uses. */
export interface AccountEnv {
  readonly ROOM: AccountRooms
  readonly KEY_RING: DurableObjectNamespace<KeyRingObject>
}

/** The rooms, by what an account asks of each. */
interface AccountRooms extends EnteredRooms {
  get(id: DurableObjectId): ReturnType<EnteredRooms['get']> & ReturnType<WatchedRooms['get']>
}

const RANDOM: Randomness = {
  id: () => nanoid(),
  familyKey: () => nanoid(FAMILY_KEY_LENGTH),
  secret: () => crypto.getRandomValues(new Uint8Array(SECRET_LENGTH)),
}

/** What lives as long as the object. */
export class AccountHolder {
  readonly account: Account
  readonly alarm: AccountAlarm
  readonly visits: Visits
  readonly lists: AccountLists
  readonly #ctx: DurableObjectState

  constructor(ctx: DurableObjectState, env: AccountEnv) {
    this.#ctx = ctx
    const config = readConfig(env)
    this.account = new Account({
      personId: () => nameOf(ctx.id),
      storage: accountStorage(ctx.storage),
      rules: config,
      random: RANDOM,
      audit,
      // A microtask later everything is written of which the sockets are told.
      revoked: (revocation, due) => queueMicrotask(() => this.lists.revoke(revocation, due)),
    })
    this.alarm = new AccountAlarm(this.account, ctx.storage, env.ROOM)
    this.visits = new Visits(this.account, env.ROOM, (id, room) => this.heard(id, room))
    const keyRing = () => env.KEY_RING.get(env.KEY_RING.idFromName('key-ring'))
    const verifier = accessVerifier(config, keyRing)
    this.lists = new AccountLists({ ctx, config, account: this.account, rooms: env.ROOM, verifier })
  }

  /** The index of rooms follows what a room has told: so do the open lists. Never throws. */
  heard(roomId: string, room: MemberRoom | undefined, why: GoneBecause = 'left'): void {
    if (room) this.#ctx.waitUntil(this.lists.kept(room))
    else this.lists.gone(roomId, why)
  }
}

/** An account's object is named by the id of its person. */
function nameOf({ name }: DurableObjectId): string {
  if (name === undefined) throw new Error('an account has no name')
  return name
}
