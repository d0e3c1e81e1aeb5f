// The objects as the rest of the Worker sees them: by room id, each with its few calls.

import { type Admission, enter } from './admission.ts'
import type { DirectoryObject } from './directory-object.ts'
import type { KeyRingObject } from './key-ring-object.ts'
import type { RoomObject } from './room-object.ts'
import type { RoomSettings } from './room-storage.ts'

/** The bindings of wrangler.toml. */
export interface Bindings {
  readonly ROOM: DurableObjectNamespace<RoomObject>
  readonly DIRECTORY: DurableObjectNamespace<DirectoryObject>
  readonly KEY_RING: DurableObjectNamespace<KeyRingObject>
  readonly AUTH_PER_MINUTE: RateLimit
}

export function backend({ ROOM, DIRECTORY, KEY_RING, AUTH_PER_MINUTE }: Bindings) {
  return {
    keys: () => KEY_RING.get(KEY_RING.idFromName('key-ring')).material(),
    directory: () => DIRECTORY.get(DIRECTORY.idFromName('directory')),
    room: (id: string) => {
      const stub = ROOM.get(ROOM.idFromName(id))
      return {
        create: (settings: RoomSettings) => stub.create(settings),
        show: () => stub.show(),
        events: (query: Parameters<RoomObject['events']>[0]) => stub.events(query),
        delete: () => stub.delete(),
        enter: (admission: Admission) => enter(stub, admission),
      }
    },
    mayAuthenticate: async (address: string) =>
      (await AUTH_PER_MINUTE.limit({ key: address })).success,
  }
}
