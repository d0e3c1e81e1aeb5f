// What moderators may ask for: each act by its type, and what they may read.

import type { Principal } from '../../auth/principal.ts'
import { memberOf } from '../membership/member.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import type { ModerationAct, ModerationOutcome, ModerationPage, ModerationQuery } from './act.ts'
import { ban, banOf, bansPage, unban } from './ban.ts'
import { clearMessages } from './clear.ts'
import { moderationLogPage } from './moderation-log.ts'
import { mute } from './mute.ts'

/** Where moderators act on people, and read what was done. */
export class ModerationDesk {
  readonly #room: RoomState

  constructor(room: RoomState) {
    this.#room = room
  }

  /**
   * Does what a moderator asks for.
   *
   * @throws Refusal as `ban`, `unban`, `mute` and `clearMessages`. Then nothing is written.
   */
  act(turn: Turn, by: Principal, act: ModerationAct): ModerationOutcome {
    switch (act.type) {
      case 'clear':
        clearMessages(turn, by, act)
        return {}
      case 'mute':
        return { member: memberOf(mute(turn, by, act)) }
      case 'ban':
        return { ban: banOf(ban(turn, by, act)) }
      case 'unban':
        unban(turn, by, act.personId, act.reason)
        return {}
    }
  }

  /**
   * A page of the bans or of the moderation log, for moderators.
   *
   * @throws Refusal `query-invalid`, `not-allowed`, and as `demandEntry`.
   */
  page(by: Principal, query: ModerationQuery): ModerationPage {
    return query.list === 'bans'
      ? bansPage(this.#room, by, query)
      : moderationLogPage(this.#room, by, query)
  }
}
