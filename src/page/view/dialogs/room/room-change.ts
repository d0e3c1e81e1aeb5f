// One change of the open room at a time, and which fields of it the server refused.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import { api, type Room, type RoomChange } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'

/** What a dialog that changes the room needs. `onChanged`: the room as the server answered it. */
export interface ChangeNeeds {
  readonly identity: Identity
  readonly room: ReadonlySignal<Room | undefined>
  readonly onChanged: (room: Room) => void
}

/** Sends the changes of a dialog. */
export function createChange({ identity, room, onChanged }: ChangeNeeds) {
  const problem = signal<string | undefined>(undefined)
  /** The paths of the fields that were refused, such as `settings.hook.url`. */
  const faults = signal<ReadonlySet<string>>(new Set())
  const busy = signal(false)

  function clear() {
    problem.value = undefined
    faults.value = new Set()
  }

  function refuse(error: unknown) {
    const { code, detail } = error instanceof HttpRefusal ? error : new HttpRefusal(0, 'internal')
    faults.value = new Set(code === 'body-invalid' ? pathsIn(detail) : [])
    problem.value = code
  }

  return {
    problem,
    faults,
    busy,
    clear,

    /** Gives the room as it is then, or nothing if the server refused or the room is another. */
    send: async (change: RoomChange): Promise<Room | undefined> => {
      const { id } = room.peek() ?? {}
      if (id === undefined || busy.peek()) return undefined
      busy.value = true
      clear()
      try {
        const changed = await identity.authorized((token) => api.changeRoom(token, id, change))
        if (room.peek()?.id !== id) return undefined
        onChanged(changed)
        return changed
      } catch (error) {
        refuse(error)
        return undefined
      } finally {
        busy.value = false
      }
    },
  }
}

/** The paths that a detail names: `settings.words.3.pattern: something visible is wanted; …`. */
const pathsIn = (detail = '') =>
  [...detail.matchAll(/(?:^|; )([a-z][\w.]*): /gi)].map(([, path = '']) => path)
