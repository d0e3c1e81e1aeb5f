// What an object holds of its room: its storage, its sockets, its neighbours, and the room itself,
// which is built when it is needed.

import { type Answer, asAnswer } from '../../answer.ts'
import type { Principal } from '../../auth/principal.ts'
import { type Config, readConfig } from '../../config.ts'
import type { RoomGlance } from '../../contract.ts'
import { tellUntold } from '../../room/membership/own-lists.ts'
import type { Socket } from '../shared/sockets/socket.ts'
import { Sockets } from '../shared/sockets/sockets.ts'
import { Alarm } from './alarm.ts'
import { RoomInstance } from './instance.ts'
import { type Neighbours, neighbours, type RoomEnv } from './neighbours.ts'
import { hasInvitation, isHiddenFrom } from './storage/first-look.ts'
import { guarded, type RoomStorage, startAnew } from './storage/guarded-storage.ts'
import { openRoom } from './storage/room-storage.ts'
import { Meter } from './usage/meter.ts'

/** What lives as long as the object: `open` builds the room in it. */
export class RoomHolder {
  readonly config: Config
  readonly needs: Neighbours
  readonly storage: RoomStorage
  readonly sockets: Sockets
  readonly meter = new Meter((quiet) => {
    this.#instance?.onIdle(quiet)
    this.alarm.onIdle(this.#instance)
    this.needs.membership.onIdle(this.#instance)
    this.needs.glances.onIdle(this.#instance)
  })
  readonly alarm: Alarm
  readonly #name: string | undefined
  #instance: RoomInstance | undefined

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    this.#name = ctx.id.name
    this.config = readConfig(env)
    this.sockets = new Sockets(ctx, this.config)
    this.alarm = new Alarm(ctx.storage, this.meter)
    this.storage = guarded(ctx.storage, this.meter, () => startAnew(ctx))
    this.needs = neighbours(env, this.config, this.meter)
  }

  /** The room, where it was built since the object woke. */
  get instance(): RoomInstance | undefined {
    return this.#instance
  }

  /** Answers a question with the room, and tells the directory what is new. */
  ask<Value>(by: Principal, question: (instance: RoomInstance) => Value): Answer<Value> {
    return this.meter.request(() => {
      const instance = this.open(by)
      if (!instance) return { refused: 'room-unknown' }
      const answer = asAnswer(() => question(instance))
      void this.needs.listing.tell(instance)
      const hasUntold = 'value' in answer && instance.ownLists.all().size > 0
      if (hasUntold && !instance.turns.closed) instance.turns.run((turn) => tellUntold(turn, by))
      return answer
    })
  }

  /** M2: an unknown room and an unknown secret are refused alike, before the room is built. */
  invited<Value>(digest: string, question: (instance: RoomInstance) => Value): Answer<Value> {
    return this.meter.request(() => {
      const instance = hasInvitation(this.storage, digest) ? this.open() : undefined
      return instance ? asAnswer(() => question(instance)) : { refused: 'invitation-unknown' }
    })
  }

  /** A list of a member watches the room, or watches it no more. */
  watch(personId: string, isWatching: boolean): Answer<RoomGlance> {
    return this.meter.request(() => {
      const room = this.open()?.room
      const glance = room?.glanceOf(personId)
      if (isWatching && glance) room?.watchers.add(personId)
      else room?.watchers.remove(personId)
      return glance ? { value: glance } : { refused: 'room-unknown' }
    })
  }

  /** The room; M2: none where it does not exist for `by`. `leaving`: a socket listed no more. */
  open(by?: Principal, leaving?: Socket): RoomInstance | undefined {
    if (this.#instance) return this.#instance
    const profile = openRoom(this.storage)
    if (!profile) this.needs.listing.forget(this.#name)
    if (!profile || (by && isHiddenFrom(this.storage, profile, by))) return undefined
    const connections = () => this.sockets.all()
    const [storage, { room }] = [this.storage, this.config]
    this.#instance = new RoomInstance(profile, storage, room, connections, this.meter, leaving)
    console.log(JSON.stringify({ event: 'room-woke', room: profile.id }))
    return this.#instance
  }

  /** The room was deleted: nothing of it is left in memory. */
  forget(): void {
    this.#instance = undefined
  }
}
