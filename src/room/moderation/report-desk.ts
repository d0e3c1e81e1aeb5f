// Reports: messages that somebody, or a rule of the room, shows to the moderators, who settle them.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { demandPresent, messageOf } from '../commands/readable-message.ts'
import { chargeSend, demandSpace } from '../limits/charges.ts'
import { MAX_OPEN_REPORTS_OF_ONE, MAX_REPORTS } from '../limits/limits.ts'
import { eventJson } from '../log/event-json.ts'
import { readable } from '../log/readable.ts'
import type { Named } from '../membership/member.ts'
import { demandDeed, readableAfter } from '../membership/roles.ts'
import { type RoomState, writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { hasPlace } from './judge.ts'
import { logModeration } from './moderation-log.ts'
import type { Report, ReportRequest, ReportsPage, ReportsQuery, Settlement } from './report.ts'

/** Where people report messages, and moderators settle what was reported. */
export class ReportDesk {
  readonly #room: RoomState

  constructor(room: RoomState) {
    this.#room = room
  }

  /**
   * Reports a message. Whoever reports it again before it is settled gets the same report: then
   * nothing is written.
   *
   * @throws Refusal `event-unknown`, `event-deleted`, `too-many-reports`, `too-fast`, `room-full`,
   * `not-allowed`, and as `demandEntry`.
   */
  add(turn: Turn, by: Principal, { seq, reason }: ReportRequest): Report {
    const { room, now } = turn
    demandDeed(room, by, 'report')
    demandPresent(messageOf(room, by, seq))
    chargeSend(turn, by)
    const { reports } = room
    const open = reports.openOf(by.id)
    const same = open.find((each) => each.seq === seq)
    if (same) return same
    demandSpace(turn)
    if (open.length >= MAX_OPEN_REPORTS_OF_ONE || !hasPlace(room)) {
      throw new Refusal('too-many-reports')
    }
    return reports.add({ seq, at: now, by: nameOf(by), reason }, MAX_REPORTS)
  }

  /**
   * A page of reports, for moderators.
   *
   * @throws Refusal `not-allowed`, and as `demandEntry`.
   */
  page(by: Principal, query: ReportsQuery): ReportsPage {
    demandDeed(this.#room, by, 'readModeration')
    const { reports, log } = this.#room
    const floor = readableAfter(this.#room, by)
    const found = reports.page({ ...query, limit: query.limit + 1 })
    const shown = found.slice(0, query.limit).map((each) => {
      // P1: a moderator may not read all, either.
      const event = each.seq > floor ? log.find(each.seq) : undefined
      return { ...each, message: event ? eventJson(readable(event, floor)) : null }
    })
    return { reports: shown, next: found.length > shown.length ? (shown.at(-1)?.id ?? null) : null }
  }

  /**
   * Settles a report, by a moderator. One that is settled stays as it is. One row, and one in the
   * moderation log.
   *
   * @throws Refusal `report-unknown`, `not-allowed`, and as `demandEntry`.
   */
  settle(turn: Turn, by: Principal, id: number, state: Settlement['state']): Report {
    const { room, now } = turn
    demandDeed(room, by, 'readModeration')
    const found = room.reports.find(id)
    if (!found) throw new Refusal('report-unknown')
    if (found.state !== 'open') return found
    const settlement = { state, settledAt: now, settledBy: nameOf(by) }
    const user = room.log.find(found.seq)?.sender
    writeAtomically(room, () => {
      room.reports.settle(id, settlement)
      logModeration(turn, by, {
        action: 'report',
        user: user && nameOf(user),
        detail: { report: id, state },
      })
    })
    return { ...found, ...settlement }
  }
}

const nameOf = ({ id, name }: Named) => ({ id, name })
