// What happens to a member.

import type { Principal } from '../../auth/principal.ts'
import type { MemberRow } from './member.ts'

/** What happened to a member. `member` is what the room kept of them after it, or last. */
export interface MembershipChange {
  /** `listed`: their own list of rooms hides the room, or shows it again. */
  readonly type: 'joined' | 'left' | 'kicked' | 'role' | 'listed'
  readonly member: MemberRow
  /** Who did it. */
  readonly by: Principal
}
