// What people are in the open room, as far as it was told: their roles, and who is muted.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Role, Room } from '../../api/api.ts'
import type { Member } from '../../api/members.ts'
import { usualRole } from '../../room/rights.ts'

type Known = Pick<Member, 'id' | 'role' | 'mutedUntil'>

/** Knows nobody but the owner at first. */
export function createKnownMembers(room: ReadonlySignal<Room | undefined>) {
  const known = signal<ReadonlyMap<string, Known>>(new Map())
  const isOwner = (userId: string) => userId === room.value?.owner?.id

  const note = (members: readonly Known[]) => {
    known.value = new Map([...known.peek(), ...members.map((one) => [one.id, one] as const)])
  }

  return {
    note,

    /** Whether it was told what somebody is. */
    has: (userId: string): boolean => isOwner(userId) || known.value.has(userId),

    roleOf: (userId: string): Role =>
      isOwner(userId) ? 'owner' : (known.value.get(userId)?.role ?? usualRole(room.value)),

    isMuted: (userId: string): boolean => isAhead(known.value.get(userId)?.mutedUntil),

    /** Somebody was given a role. A mute ends when they become the owner. */
    change: (id: string, role: Role) => {
      const { mutedUntil } = known.peek().get(id) ?? {}
      note([{ id, role, ...(role !== 'owner' && mutedUntil !== undefined && { mutedUntil }) }])
    },

    /** Another room. */
    forget: () => {
      known.value = new Map()
    },
  }
}

/** Whether a moment is still to come. */
const isAhead = (iso: string | undefined) => iso !== undefined && Date.parse(iso) > Date.now()
