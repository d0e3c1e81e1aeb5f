// Every change of who is a member passes here, once its row is written.

import { tellSignal } from '../delivery/signals.ts'
import type { Turn } from '../turn.ts'
import type { MembershipChange } from './membership-change.ts'

/** Notes a change: the shell finds all of a turn in its end, and a role is told to those here. */
export function noteMembership(turn: Turn, change: MembershipChange): void {
  turn.membership.push(change)
  if (change.type !== 'role') return
  const { id, role } = change.member
  // `standing` is the name that a role had: older clients read it.
  tellSignal(turn, { type: 'standing', user: { id }, role, standing: role })
}
